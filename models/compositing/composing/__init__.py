"""Given a box and the networks: the composite at the background's own resolution."""
