"""A seed for every picture, from the run's seed and the picture's id alone."""

from __future__ import annotations

import hashlib


def sample_seed(run_seed: int, sample_id: str, attempt: int = 0) -> int:
    """63 bits: adding, dropping or reordering pictures changes no other picture's seed."""
    text = f"{run_seed}/{sample_id}/{attempt}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 1
