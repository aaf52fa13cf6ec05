"""A captioner that asks a model which looks and writes, and makes the best of what it answers."""
