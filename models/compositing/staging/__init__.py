"""A character's pictures staged on backgrounds: more samples of the same set, placed and composited by the model."""
