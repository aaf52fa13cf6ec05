"""Everything Troupe does that does not need ComfyUI."""
