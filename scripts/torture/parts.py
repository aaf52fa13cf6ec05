"""What there is to torture: each part is a file beside this one, with `figures(long, scratch)`."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .figure import Figure

# In the order in which they run. `figures(long: bool, scratch: Path) -> Iterator[Figure]` works below `scratch` alone;
# the short form takes a minute at most.
PARTS: tuple[str, ...] = ("kills", "disks", "memory", "cancels", "load", "determinism", "portability")


def run_part(name: str, long: bool, scratch: Path) -> Iterator[Figure]:
    """Its figures as they come; a part that breaks gives one that says so, and the others still run."""
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        part = importlib.import_module(f".{name}", __package__)
        yield from part.figures(long, scratch)
    except Exception as error:  # whatever it is, it is what this part found
        yield Figure(name, "broke off", 1, "", "runs to its end", False, f"{type(error).__name__}: {error}")


def run_parts(names: Sequence[str], long: bool, scratch: Path) -> Iterator[tuple[Figure, float]]:
    """Every figure with the seconds since the one before."""
    for name in names:
        before = time.monotonic()
        for figure in run_part(name, long, scratch / name):
            now = time.monotonic()
            yield figure, now - before
            before = now
