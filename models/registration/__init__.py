"""Registration: is a redrawn picture still the same picture, and if it slid, put back where it was."""
