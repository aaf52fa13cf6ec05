"""Given a background and a cut-out: where it belongs, and the picture in which it stands there."""
