"""Which shots, angles, actions and expressions were there and are no more, and what stood in their way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ..samples.sample import Sample
from .rules import Fault
from .selection import SLOTS
from .sorting import cell_of


def losses(samples: Iterable[Sample], counts: Counter, faults: Mapping[str, Fault]) -> list[str]:
    """["walk (3 were there; total = 24 left no room)"]. counts: (slot, value) -> pictures that stay."""
    lost: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for sample in samples:
        for key in zip(SLOTS, cell_of(sample), strict=True):
            if key[1] and not counts[key]:
                lost[key][faults[sample.id].why] += 1
    in_order = sorted(lost.items(), key=lambda item: (SLOTS.index(item[0][0]), item[0][1]))
    return [f"{value} ({_told(whys)})" for (_, value), whys in in_order]


def tally(whys: Counter) -> str:
    """Such as "2 too small for minimum_side = 768, 1 blurred for sharpness_minimum = 0.35"; the commonest first."""
    return ", ".join(f"{n} {why}" for why, n in sorted(whys.items(), key=lambda item: (-item[1], item[0])))


def _told(whys: Counter) -> str:
    total = sum(whys.values())
    there = f"{total} {'was' if total == 1 else 'were'} there"
    return f"{there}; {next(iter(whys)) if len(whys) == 1 else tally(whys)}"
