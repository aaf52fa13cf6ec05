"""What a restyle did to the features: kept, changed everywhere alike (the style), or changed in a few (drift)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from ..vocabulary import vocabulary
from .changes import Changes, changes
from .counts import Counts, counted
from .facts import Facts, gather
from .secondlook import as_seen
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


class Pairs(NamedTuple):
    """Redrawn pictures that were looked at again, and what differs between each and its source. `pictures`: them;
    `style[p]`: the number of its first sub-style among `styles`. `both`, `found`: see `changes`; `new`, `old`: what
    machines saw in them and in their sources."""

    pictures: Sequence[Sample]
    styles: tuple[str, ...]
    style: np.ndarray
    both: np.ndarray
    found: Changes
    new: Facts
    old: Facts

    @property
    def gone(self) -> np.ndarray:
        """For each change the trait that left nothing in its place; what was replaced is told by what came."""
        return np.where(self.found.now == NOTHING, self.found.was, NOTHING)


class Redrawn(NamedTuple):
    """What is counted, in numbers that add up over the parts of a set. `pairs`, `unseen`: redrawn pictures that were
    looked at again, and that were not. `of[s, v]`: pairs of style s that can show view v. `came`, `went`: of each style
    and trait. `kept`: of each character and trait, pairs that still have it, and that had it."""

    pairs: int
    unseen: int
    styles: tuple[str, ...]
    of: np.ndarray
    came: Counts
    went: Counts
    kept: Counts


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


def pair_up(twins: Sequence[Sample], slots: Collection[str], visible: np.ndarray, book: TraitBook) -> Pairs:
    """`slots`: those that the second look speaks of, in the whole set. `visible`: of the twins, by what all say."""
    names = [s.style.first.id if s.style else "" for s in twins]
    styles = tuple(sorted(set(names)))
    number = {name: i for i, name in enumerate(styles)}
    new, old = _both_sides(twins, slots, visible, book)
    both, found = changes(new, old, book.traits)
    return Pairs(twins, styles, np.array([number[n] for n in names], np.int64), both, found, new, old)


def count_twins(pairs: Pairs, unseen: int, character: np.ndarray, traits: list[Trait]) -> Redrawn:
    """Linear in the number of pictures. `character[p]`: number of pair p's character."""
    of = [pairs.both[:, pairs.style == style].sum(1) for style in range(len(pairs.styles))]
    of = np.array(of, np.int64).reshape(-1, len(pairs.both))
    came, went = (_times(pairs, to) for to in (pairs.found.now, pairs.gone))
    return Redrawn(len(pairs.pictures), unseen, pairs.styles, of, came, went, _kept(pairs, character, traits))


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
    by_style = (_looked_up(came, style, found.now)) | (_looked_up(went, style, pairs.gone))
    stray = ~by_style & np.array([s.kind != "measured" for s in slots])[found.slot]
    rows = zip(*(column[stray].tolist() for column in found), strict=True)
    return [
        Drift(pairs.pictures[p].id, pairs.pictures[p].character, slots[s].id, _value(book, was), _value(book, now))
        for p, s, was, now in rows
    ]


def _both_sides(
    twins: Sequence[Sample], slots: Collection[str], visible: np.ndarray, book: TraitBook
) -> tuple[Facts, Facts]:
    """What machines saw in the twins and in their sources. What can be seen at all is told by everybody: a file name
    says that it is a back view."""
    sources = [s.source for s in twins]
    new, old = (gather([as_seen(s, slots) for s in side], book) for side in (twins, sources))
    return new._replace(visible=visible), old._replace(visible=gather(sources, book).visible)


def _kept(pairs: Pairs, character: np.ndarray, traits: list[Trait]) -> Counts:
    """Of each character and trait, in how many of the pairs that had it before it is still there."""
    had = pairs.old.where(pairs.both[view_numbers(traits)[pairs.old.trait], pairs.old.picture])
    before, now = (f.picture.astype(np.int64) * len(traits) + f.trait for f in (had, pairs.new))
    still = np.isin(before, now)
    return counted(character[had.picture], had.trait, np.stack([still, np.ones_like(still)], axis=1))


def _times(pairs: Pairs, to: np.ndarray) -> Counts:
    """How often each style makes a change to (or of) each trait of `to`."""
    at = np.flatnonzero(to != NOTHING)
    return counted(pairs.style[pairs.found.pair[at]], to[at], np.ones((len(at), 1), np.int64))


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
