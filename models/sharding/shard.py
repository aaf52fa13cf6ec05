"""One part of a set: the how-manieth of how many, and which samples these are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import TroupeError
from .seal import Run

NAME = re.compile(r"(\d{5})-of-(\d{5})")
MOST = 99_999


@dataclass(frozen=True)
class Shard:
    """`index` counts from 0."""

    index: int
    count: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.count <= MOST:
            raise TroupeError(
                "There is no such shard",
                item=f"{self.index} of {self.count}",
                remedy=f"Count shards from 0 to one less than how many there are, which is {MOST} at most.",
            )

    @property
    def name(self) -> str:
        return f"{self.index:05}-of-{self.count:05}"

    def places(self, total: int) -> range:
        """Neighbouring places of `total`; the parts differ in size by one at most, and together are all. The first
        part alone begins at 0: where there is less than one place for each, the later ones are empty."""
        return range(-(-self.index * total // self.count), -(-(self.index + 1) * total // self.count))

    def places_by_character(self, runs: Sequence[Run]) -> range:
        """The same of the samples in `runs`, cut only where no character has some on both sides; so a part may be
        empty, or all."""
        seams = _seams(runs)
        even = self.places(seams[-1])
        return range(_next(seams, even.start), _next(seams, even.stop))


def _seams(runs: Sequence[Run]) -> list[int]:
    """The places, in order, before which everything of each character lies, or nothing."""
    last = {character: number for number, (character, _) in enumerate(runs)}
    seams, place, open_until = [0], 0, 0
    for number, (character, count) in enumerate(runs):
        place += count
        open_until = max(open_until, last[character])
        if open_until == number:
            seams.append(place)
    return seams


def _next(seams: Sequence[int], place: int) -> int:
    return seams[bisect_left(seams, place)]


def all_shards(count: int) -> tuple[Shard, ...]:
    return tuple(Shard(index, count) for index in range(count))


def read_name(name: str) -> Shard | None:
    """The shard that a name like `00003-of-00016` says, or None."""
    said = NAME.fullmatch(name)
    return Shard(int(said[1]), int(said[2])) if said and int(said[1]) < int(said[2]) else None
