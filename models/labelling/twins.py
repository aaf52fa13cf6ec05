"""What a restyle did to the features: kept, changed everywhere alike (the style), or changed in a few (drift)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from ..vocabulary import vocabulary
from .changes import Changes, changes
from .facts import Facts, gather
from .secondlook import as_seen, is_twin, is_witness, seen_anew
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
    `kept[character, trait]`: (kept, pairs that had it)."""

    pairs: int
    unseen: int
    style: dict[int, tuple[int, int]]
    lost: dict[int, tuple[int, int]]
    kept: dict[tuple[str, int], tuple[int, int]]
    drifts: tuple[Drift, ...]


def compare(samples: Sequence[Sample], facts: Facts, book: TraitBook, threshold: float) -> Twins:
    """Linear in the number of pictures. Each first sub-style is judged by its own pictures."""
    having = [i for i, s in enumerate(samples) if is_twin(s)]
    chosen = [i for i in having if is_witness(samples[i])]
    pictures, unseen = [samples[i] for i in chosen], len(having) - len(chosen)
    slots = seen_anew(pictures)
    if not slots:
        return Twins(len(chosen), unseen, {}, {}, {}, ())
    new, old = _both_sides(pictures, slots, facts.visible[:, chosen], book)
    both, found = changes(new, old, book.traits)
    names = [s.style.first.id if s.style else "" for s in pictures]
    judged = _Judged(found, both, names, threshold, book.traits)
    brought, style = judged.everywhere(found.now)
    # What was replaced is told by what came; lost is what went and left nothing.
    removed, lost = judged.everywhere(np.where(found.now == NOTHING, found.was, NOTHING))
    # Measured values flip at the borders of their classes; a picture is not worse for it.
    stray = ~(brought | removed) & np.array([s.kind != "measured" for s in vocabulary().slots])[found.slot]
    lost = {trait: times for trait, times in lost.items() if book.traits[trait].kind != "measured"}
    kept = _kept(new, old, both, [s.character for s in pictures], book.traits)
    drifts = _drifts(pictures, found, stray, book)
    return Twins(len(chosen), unseen, style, lost, kept, drifts)


def _both_sides(
    twins: Sequence[Sample], slots: Collection[str], visible: np.ndarray, book: TraitBook
) -> tuple[Facts, Facts]:
    """What machines saw in the twins and in their sources. What can be seen at all is told by everybody: a file name
    says that it is a back view."""
    sources = [s.source for s in twins]
    new, old = (gather([as_seen(s, slots) for s in side], book) for side in (twins, sources))
    return new._replace(visible=visible), old._replace(visible=gather(sources, book).visible)


def _kept(
    new: Facts, old: Facts, both: np.ndarray, characters: Sequence[str], traits: list[Trait]
) -> dict[tuple[str, int], tuple[int, int]]:
    """For each character and trait, in how many of the pairs that had it before it is still there."""
    had = old.where(both[view_numbers(traits)[old.trait], old.picture])
    before, now = (f.picture.astype(np.int64) * len(traits) + f.trait for f in (had, new))
    there = np.isin(before, now)
    kept: dict[tuple[str, int], tuple[int, int]] = {}
    for pair, trait, still in zip(had.picture.tolist(), had.trait.tolist(), there.tolist(), strict=True):
        times, total = kept.get((characters[pair], trait), (0, 0))
        kept[characters[pair], trait] = (times + still, total + 1)
    return kept


def _drifts(pictures: Sequence[Sample], found: Changes, stray: np.ndarray, book: TraitBook) -> tuple[Drift, ...]:
    slots = vocabulary().slots
    rows = zip(*(column[stray].tolist() for column in found), strict=True)
    drifts = (
        Drift(pictures[p].id, pictures[p].character, slots[s].id, _value(book, was), _value(book, now))
        for p, s, was, now in rows
    )
    return tuple(sorted(drifts))


class _Judged:
    """Tells the changes that a style makes everywhere from the rest."""

    def __init__(
        self, found: Changes, both: np.ndarray, styles: list[str], threshold: float, traits: list[Trait]
    ) -> None:
        names = {name: i for i, name in enumerate(sorted(set(styles)))}
        self._style = np.array([names[s] for s in styles])
        self._pairs = np.stack([both[:, self._style == i].sum(1) for i in range(len(names))])
        self._found, self._threshold, self._view = found, threshold, view_numbers(traits)

    def everywhere(self, to: np.ndarray) -> tuple[np.ndarray, dict[int, tuple[int, int]]]:
        """Which changes to (or of) the traits `to` their style makes in nearly all its pictures, and how often."""
        at = np.flatnonzero(to != NOTHING)
        style = self._style[self._found.pair[at]]
        cell, index, times = np.unique(style * len(self._view) + to[at], return_inverse=True, return_counts=True)
        style, trait = cell // len(self._view), cell % len(self._view)
        of = self._pairs[style, self._view[trait]]
        everywhere = (times >= self._threshold * of) & (times >= FEWEST_PAIRS)
        flags = np.zeros(len(to), bool)
        flags[at] = everywhere[index]
        tally: dict[int, tuple[int, int]] = {}
        for number, n, total in zip(*(x[everywhere].tolist() for x in (trait, times, of)), strict=True):
            before = tally.get(number, (0, 0))
            tally[number] = (before[0] + n, before[1] + total)
        return flags, tally


def _value(book: TraitBook, trait: int) -> str:
    return book.traits[trait].value if trait != NOTHING else ""
