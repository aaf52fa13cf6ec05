"""Describing: sentence, keywords and image features of every sample, by whichever captioner is on the wire."""
