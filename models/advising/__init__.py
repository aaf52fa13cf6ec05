"""Advise on Training Data: what a set lacks, has too much of, and would teach by mistake; as text and as a sheet."""
