"""Drawing with a diffusers pipeline that lies on this machine: files, loading, and the stylizer itself."""
