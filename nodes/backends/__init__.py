"""Loader nodes of captioners and stylizers, and those back ends that need the host."""
