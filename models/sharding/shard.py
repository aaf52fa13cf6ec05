"""One part of a set: the how-manieth of how many, and which samples these are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import TroupeError

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
        """Neighbouring places of `total`; the parts differ in size by one at most, and together are all."""
        return range(self.index * total // self.count, (self.index + 1) * total // self.count)


def all_shards(count: int) -> tuple[Shard, ...]:
    return tuple(Shard(index, count) for index in range(count))


def read_name(name: str) -> Shard | None:
    """The shard that a name like `00003-of-00016` says, or None."""
    said = NAME.fullmatch(name)
    return Shard(int(said[1]), int(said[2])) if said and int(said[1]) < int(said[2]) else None
