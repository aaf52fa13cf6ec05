"""Adjusting a set to a preset: what is kept, cropped or dropped, and why."""
