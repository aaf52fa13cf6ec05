"""Which column of the review table means what: verdict, picture, caption, features of the picture, or notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..samples.said import CAPTION_KEYS, slot_named
from ..vocabulary import normal

# What a person corrects most often, and what the coverage counts.
SLOTS = ("angle", "action", "shot", "expression")
KEEP, PICTURE, CAPTION = "keep", "picture", "caption"
HEADINGS = (KEEP, PICTURE, CAPTION, *SLOTS)
NAMES = {"保留": KEEP, "图片": PICTURE, "描述": CAPTION, **dict.fromkeys(CAPTION_KEYS, CAPTION)}


class Columns(NamedTuple):
    """`meanings`: for each heading `keep`, `picture`, `caption` or a slot; "" for a column that is not read."""

    headings: tuple[str, ...]
    meanings: tuple[str, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(m for m in self.meanings if m and m not in (KEEP, PICTURE, CAPTION))

    @property
    def unread(self) -> tuple[str, ...]:
        return tuple(h for h, m in zip(self.headings, self.meanings, strict=True) if h and not m)

    def place(self, meaning: str) -> int:
        """The number of the column, -1 for none."""
        return self.meanings.index(meaning) if meaning in self.meanings else -1


FRESH = Columns(HEADINGS, HEADINGS)


def columns_of(headings: Sequence[str]) -> Columns:
    """A heading may be a slot's id or its name in English or Chinese."""
    return Columns(tuple(headings), tuple(map(_meaning, headings)))


def _meaning(heading: str) -> str:
    name = normal(heading)
    return NAMES.get(name) or (name if name in (KEEP, PICTURE, CAPTION) else slot_named(heading))
