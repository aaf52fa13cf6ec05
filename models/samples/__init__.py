"""Sample sets: the values that travel, reading them from disk, and the store of made pictures."""
