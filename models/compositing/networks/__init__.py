"""The two networks: where, and what changes."""
