"""The whole chain from a folder of pictures to a data set, in shards that many machines work on."""
