"""Faults, loads and hostile input in great number, and the figures that came out."""
