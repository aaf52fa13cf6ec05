"""The same inputs, settings and seed give the same data set, bit for bit, whatever else is otherwise.

From pictures to the data set nothing may differ: every file has the same hash, the manifest included (with the same
`now`). On another number of torch threads captions, masks and lists are still the same, and a redrawn picture may
differ by MOST_STEPS of 8 bits in a MOST_SHARE of its numbers: torch gives each thread a piece of a picture, and rounds
the rest of a piece, what fills no vector, otherwise than its middle. The bounds of networks are in
`repeating/networks.py`. Nothing of that is chance: the same number of threads gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .figure import Figure
from .repeating.chain import DATASET, differences, made
from .repeating.elsewhere import elsewhere
from .repeating.nearness import apart
from .repeating.networks import network_figures
from .repeating.pictures import small_set
from .repeating.ways import ways, with_threads

PART = "determinism"
MOST_STEPS, MOST_SHARE = 2, 0.001
KINDS = (("train/", ".png"), ("train/", ".txt"), ("masks/", ".png"))


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    samples = small_set(scratch / "samples", 12 if long else 4)
    first = made(samples, scratch / "first")
    yield Figure(PART, "what is compared", len(first), "files", "a whole data set", _is_whole(first))
    for number, way in enumerate(ways(long)):
        yield _same(way.name, first, way.make(samples, scratch / f"way {number}"))
    for environment, found in elsewhere(samples, scratch, 4 if long else 2):
        yield _same(environment, first, found)
    yield from _threads(samples, scratch)
    yield from network_figures(PART, long)


def _is_whole(files: dict[str, str]) -> bool:
    """Pictures, captions and masks, and the manifest: otherwise equality says little."""
    counts = [sum(name.startswith(start) and name.endswith(end) for name in files) for start, end in KINDS]
    return min(counts) >= 6 and "manifest.json" in files


def _same(name: str, first: dict[str, str], found: dict[str, str]) -> Figure:
    other = differences(first, found)
    return Figure(PART, name, len(other), "files differ", "none may", not other, ", ".join(other[:5]))


def _threads(samples: Path, scratch: Path) -> Iterator[Figure]:
    one, two = (scratch / f"{count} threads" for count in (1, 2))
    for count, work in ((1, one), (2, two)):
        with_threads(count)(samples, work)
    found = apart(one / DATASET, two / DATASET)
    other = ", ".join(found.other[:5])
    yield Figure(
        PART, "all but pixels, 1 and 2 threads", len(found.other), "files differ", "none may", not other, other
    )
    promise = f"at most {MOST_STEPS} of 255, in at most {MOST_SHARE:.1%} of a picture's numbers"
    note = f"in {found.share:.4%}" if found.steps else ""
    kept = found.steps <= MOST_STEPS and found.share <= MOST_SHARE
    yield Figure(PART, "redrawn pictures, 1 and 2 threads", found.steps, "of 255", promise, kept, note)
