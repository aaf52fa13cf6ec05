"""The shells of the compositing half."""
