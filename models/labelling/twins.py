"""What a restyle did to the features: kept, changed everywhere alike (the style), or changed in a few (drift)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from ..vocabulary import vocabulary
from .changes import Changes, changes, some
from .facts import Facts, gather
from .traits import NOTHING, TraitBook

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
    """`pairs`: restyled pictures that were described again. `copied`: those that were not, and so say nothing.
    `style[trait]`: (changed, pairs) for what a style brings; `lost[trait]`: for what a style takes away.
    `kept[slot]`: (kept, pairs)."""

    pairs: int
    copied: int
    style: dict[int, tuple[int, int]]
    lost: dict[int, tuple[int, int]]
    kept: dict[str, tuple[int, int]]
    drifts: tuple[Drift, ...]


def compare(samples: Sequence[Sample], facts: Facts, book: TraitBook, threshold: float) -> Twins:
    """Linear in the number of pictures. Each first sub-style is judged by its own pictures."""
    having = [i for i, s in enumerate(samples) if s.source is not None]
    # A twin with its source's very features was not looked at after the restyle: it would agree with itself.
    chosen = [i for i in having if samples[i].features != samples[i].source.features]
    if not chosen:
        return Twins(0, len(having), {}, {}, {}, ())
    pictures = [samples[i] for i in chosen]
    sources = gather([s.source for s in pictures], book)
    both, found = changes(some(facts, np.array(chosen)), sources, book.traits)
    names = [s.style.first.id if s.style else "" for s in pictures]
    judged = _Judged(found, both, names, threshold, len(book.traits))
    brought, style = judged.everywhere(found.now)
    # What was replaced is told by what came; lost is what went and left nothing.
    removed, lost = judged.everywhere(np.where(found.now == NOTHING, found.was, NOTHING))
    slots = vocabulary().slots
    # Measured values flip at the borders of their classes; a picture is not worse for it.
    stray = ~(brought | removed) & np.array([s.kind != "measured" for s in slots])[found.slot]
    drifts = sorted(
        Drift(pictures[p].id, pictures[p].character, slots[s].id, _value(book, was), _value(book, now))
        for p, s, was, now in zip(*(column[stray].tolist() for column in found), strict=True)
    )
    changed = np.bincount(np.unique(found.slot * len(chosen) + found.pair) // len(chosen), minlength=len(slots))
    kept = {s.id: (int(n - c), int(n)) for s, n, c in zip(slots, both.sum(1), changed, strict=True) if n}
    return Twins(len(chosen), len(having) - len(chosen), style, lost, kept, tuple(drifts))


class _Judged:
    """Tells the changes that a style makes everywhere from the rest."""

    def __init__(self, found: Changes, both: np.ndarray, styles: list[str], threshold: float, traits: int) -> None:
        names = {name: i for i, name in enumerate(sorted(set(styles)))}
        self._style = np.array([names[s] for s in styles])
        self._pairs = np.stack([both[:, self._style == i].sum(1) for i in range(len(names))])
        self._found, self._threshold, self._traits = found, threshold, traits

    def everywhere(self, to: np.ndarray) -> tuple[np.ndarray, dict[int, tuple[int, int]]]:
        """Which changes to (or of) the traits `to` their style makes in nearly all its pictures, and how often."""
        at = np.flatnonzero(to != NOTHING)
        style = self._style[self._found.pair[at]]
        cell, index, times = np.unique(style * self._traits + to[at], return_inverse=True, return_counts=True)
        of = np.zeros(len(cell), np.int64)
        of[index] = self._pairs[style, self._found.slot[at]]
        everywhere = (times >= self._threshold * of) & (times >= FEWEST_PAIRS)
        flags = np.zeros(len(to), bool)
        flags[at] = everywhere[index]
        tally: dict[int, tuple[int, int]] = {}
        for trait, n, total in zip(
            (cell % self._traits)[everywhere].tolist(), times[everywhere].tolist(), of[everywhere].tolist(), strict=True
        ):
            before = tally.get(trait, (0, 0))
            tally[trait] = (before[0] + n, before[1] + total)
        return flags, tally


def _value(book: TraitBook, trait: int) -> str:
    return book.traits[trait].value if trait != NOTHING else ""
