"""Which backgrounds a picture is staged on: all used equally often, and earlier choices untouched by later pictures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...samples.sample import Sample
from .backdrops import Backdrop


class Pair(NamedTuple):
    sample: Sample
    backdrop: Backdrop


def pairs(samples: Sequence[Sample], found: Sequence[Backdrop], per_sample: int, seed: int) -> Iterator[Pair]:
    """For each sample `per_sample` different backgrounds (all of them where there are fewer).

    Each takes those that its character has been given least often, then those that are least used at all, so that no
    background becomes a character's own; among equals `seed` and the names decide.
    """
    used: Counter[tuple[str, str]] = Counter()
    for sample in samples:

        def turn(drop: Backdrop, sample: Sample = sample) -> tuple[int, int, bytes]:
            draw = hashlib.sha256(f"{seed}/{sample.id}/{drop.name}".encode()).digest()
            return used[sample.character, drop.name], used["", drop.name], draw

        for drop in sorted(found, key=turn)[:per_sample]:
            used[sample.character, drop.name] += 1
            used["", drop.name] += 1
            yield Pair(sample, drop)
