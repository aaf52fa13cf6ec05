"""The other Pythons that the pack promises to run on."""
