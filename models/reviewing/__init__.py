"""A person looks at a set, and what they say of it is kept in a table beside the store."""
