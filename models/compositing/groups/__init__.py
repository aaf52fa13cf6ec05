"""Groups of foreground, background, composite and position: read, made and audited."""
