"""Sample sets on disk under a name, whole or in shards that several servers work on."""
