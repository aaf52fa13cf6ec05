"""A sample set cut into shards that many machines work on, and joined again to what one machine would have made."""
