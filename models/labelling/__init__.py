"""Tag Features: from the whole set, what the character is and what only varies."""
