"""Sub-styles as data, the first chosen by a sample's text, the second one to one by its image feature."""
