"""How alike the pictures of a set are as one character, and which of them are not."""
