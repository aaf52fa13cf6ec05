"""Restyling: every sample of a set redrawn in its sub-styles, by whichever stylizer is on the wire."""
