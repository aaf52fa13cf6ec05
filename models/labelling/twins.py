"""What a restyle did to the features: kept, changed everywhere alike (the style), or changed in a few (drift)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..vocabulary import vocabulary
from .counts import Counts
from .pairing import Pairs, Redrawn
from .traits import NOTHING, Trait, TraitBook
from .visibility import view_numbers

# One or two pairs cannot tell a style from a slip.
FEWEST_PAIRS = 3


class Drift(NamedTuple):
    """In picture `sample` the restyle changed `slot` from `was` to `now`, and not so in the others; "" = absent."""

    sample: str
    character: str
    slot: str
    was: str
    now: str


class Twins(NamedTuple):
    """`pairs`: redrawn pictures that were looked at again; `unseen`: those that were not, and so say nothing.
    `style[trait]`: (changed, pairs) for what a style brings; `lost[trait]`: for what a style takes away.
    `kept[character, trait]`: (kept, pairs that had it). `came`, `went`: (style, trait) that the style changes in nearly
    all its pictures. Characters, styles and traits by number."""

    pairs: int
    unseen: int
    style: dict[int, tuple[int, int]]
    lost: dict[int, tuple[int, int]]
    kept: dict[tuple[int, int], tuple[int, int]]
    came: frozenset[tuple[int, int]]
    went: frozenset[tuple[int, int]]


def judge_twins(counts: Redrawn, traits: list[Trait], threshold: float) -> Twins:
    """Each first sub-style is judged by its own pictures."""
    style, came = _everywhere(counts, counts.came, traits, threshold)
    lost, went = _everywhere(counts, counts.went, traits, threshold)
    # Measured values flip at the borders of their classes; a picture is not worse for it.
    lost = {trait: times for trait, times in lost.items() if traits[trait].kind != "measured"}
    who, what, number = (column.tolist() for column in counts.kept)
    kept = {(c, t): tuple(times) for c, t, times in zip(who, what, number, strict=True)}
    return Twins(counts.pairs, counts.unseen, style, lost, kept, came, went)


def drifts(pairs: Pairs, came: np.ndarray, went: np.ndarray, book: TraitBook) -> list[Drift]:
    """The changes that are no style's. `came[s, t]`, `went[s, t]`: style s brings trait t everywhere, or takes it."""
    found, slots = pairs.found, vocabulary().slots
    style = pairs.style[found.pair]
    by_style = _looked_up(came, style, found.now) | _looked_up(went, style, pairs.gone)
    stray = ~by_style & np.array([s.kind != "measured" for s in slots])[found.slot]
    rows = zip(*(column[stray].tolist() for column in found), strict=True)
    return [Drift(*pairs.names[p], slots[s].id, _value(book, was), _value(book, now)) for p, s, was, now in rows]


def _everywhere(
    counts: Redrawn, times: Counts, traits: list[Trait], threshold: float
) -> tuple[dict[int, tuple[int, int]], frozenset[tuple[int, int]]]:
    """Which of the changes their style makes in nearly all its pictures: how often, over all styles, and the (style,
    trait) pairs."""
    n, of = times.number[:, 0], counts.of[times.row, view_numbers(traits)[times.column]]
    chosen = (n >= threshold * of) & (n >= FEWEST_PAIRS)
    tally: dict[int, tuple[int, int]] = {}
    found = [column[chosen].tolist() for column in (times.row, times.column, n, of)]
    for _, trait, changed, total in zip(*found, strict=True):
        before = tally.get(trait, (0, 0))
        tally[trait] = (before[0] + changed, before[1] + total)
    return tally, frozenset(zip(found[0], found[1], strict=True))


def _looked_up(table: np.ndarray, style: np.ndarray, trait: np.ndarray) -> np.ndarray:
    return table[style, trait] & (trait != NOTHING)


def _value(book: TraitBook, trait: int) -> str:
    return book.traits[trait].value if trait != NOTHING else ""
