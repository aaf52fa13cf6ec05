"""The pictures of a data set, which may be more than fit into memory, and what its lists say of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..rereading import Reread
from .captions import SEPARATOR
from .entry import Entry


class Kind(NamedTuple):
    """What pictures of one subset have in common; they differ in `repeats` where some were added later."""

    subset: str
    character: str
    trigger: str
    original: bool
    repeats: int


class Folder(NamedTuple):
    """One folder of written pictures. `repeats`: what was asked for last, where pictures were added. `masks`: the
    folder of their masks, "" unless every picture has one, because trainers that take masks stop at one too few;
    `controls`: the same of their originals."""

    path: str
    label: str
    repeats: int
    masks: str
    controls: str

    @property
    def masked(self) -> bool:
        return bool(self.masks)

    def joined(self, entry: Entry) -> Folder:
        """With one picture more."""
        masks, controls = self.masks if entry.mask else "", self.controls if entry.control else ""
        return self._replace(repeats=entry.repeats, masks=masks, controls=controls)


class Summary(NamedTuple):
    """`folders`, `kinds`: in the order of their first pictures. `headed`: some captions have a head that a trainer must
    keep in front."""

    folders: tuple[Folder, ...]
    kinds: Counter[Kind]
    masks: int
    captions: int
    headed: bool


@dataclass(frozen=True)
class Entries(Reread[Entry]):
    """In the order of the data set. `each` is gone through anew for every list, and once for what is said of all."""

    each: Collection[Entry]

    def __len__(self) -> int:
        return len(self.each)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.each)

    @cached_property
    def summary(self) -> Summary:
        folders: dict[str, Folder] = {}
        kinds: Counter[Kind] = Counter()
        masks, captions, headed = 0, 0, False
        for entry in self:
            place = above(entry.file)
            folder = folders.get(place) or Folder(place, entry.subset, 0, above(entry.mask), above(entry.control))
            folders[place] = folder.joined(entry)
            kinds[Kind(entry.subset, entry.character, entry.trigger, entry.original, entry.repeats)] += 1
            masks += bool(entry.mask)
            captions += bool(entry.caption)
            headed = headed or SEPARATOR in entry.caption
        return Summary(tuple(folders.values()), kinds, masks, captions, headed)


def above(file: str) -> str:
    """The folder that it lies in."""
    return file.rpartition("/")[0]
