"""The same inputs, settings and seed give the same data set, bit for bit, whatever else is otherwise.

From pictures to the data set nothing may differ: every file has the same hash, the manifest included (with the same
`now`). Where numbers are added up in another order (networks on another count of threads or in another batch), floating
point allows a last bit; the bounds are beside what they bound (`repeating/networks.py`) and measured here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .figure import Figure
from .repeating.chain import differences, made
from .repeating.elsewhere import elsewhere
from .repeating.networks import network_figures
from .repeating.pictures import small_set
from .repeating.ways import ways

PART = "determinism"


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    samples = small_set(scratch / "samples", 12 if long else 6)
    first = made(samples, scratch / "first")
    yield Figure(PART, "what is compared", len(first), "files", "a data set with pictures", _is_whole(first))
    for number, way in enumerate(ways(long)):
        yield _same(way.name, first, way.make(samples, scratch / f"way {number}"))
    for environment, found in elsewhere(samples, scratch, 4 if long else 2):
        yield _same(environment, first, found)
    yield from network_figures(PART, long, scratch)


def _is_whole(files: dict[str, str]) -> bool:
    """Pictures, captions and masks of both characters, and the manifest: otherwise equality says little."""
    kinds = [sum(name.startswith(start) and name.endswith(end) for name in files) for start, end in _KINDS]
    return min(kinds) >= 8 and "manifest.json" in files


_KINDS = (("train/", ".png"), ("train/", ".txt"), ("masks/", ".png"))


def _same(name: str, first: dict[str, str], found: dict[str, str]) -> Figure:
    other = differences(first, found)
    return Figure(PART, name, len(other), "files differ", "0: the same data set", not other, ", ".join(other[:5]))
