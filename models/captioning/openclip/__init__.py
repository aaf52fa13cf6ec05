"""A captioner that compares pictures with sentences: any open_clip model, asked what the vocabulary wants to know."""
