"""Redrawn pictures beside their sources: every feature that differs, and how often each does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from .changes import Changes, changes
from .counts import Counts, counted
from .facts import Facts, gather
from .secondlook import as_seen
from .traits import NOTHING, Trait, TraitBook
from .visibility import view_numbers


class Pairs(NamedTuple):
    """Redrawn pictures that were looked at again, and what differs between each and its source. `names`: id and
    character of each; `style[p]`: the number of its first sub-style among `styles`. `both`, `found`: see `changes`;
    `new`, `old`: what machines saw in them and in their sources."""

    names: Sequence[tuple[str, str]]
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


def none_paired(pairs: int, unseen: int, views: int) -> Redrawn:
    """Where nobody has looked at redrawn pictures again: most sets have none."""
    nothing = np.zeros(0, np.int64)
    once, twice = (Counts(nothing, nothing, np.zeros((0, kinds), np.int64)) for kinds in (1, 2))
    return Redrawn(pairs, unseen, (), np.zeros((0, views), np.int64), once, once, twice)


def pair_up(twins: Sequence[Sample], slots: Collection[str], visible: np.ndarray, book: TraitBook) -> Pairs:
    """`slots`: those that the second look speaks of, in the whole set. `visible`: of the twins, by what all say."""
    drawn = [s.style.first.id if s.style else "" for s in twins]
    styles = tuple(sorted(set(drawn)))
    number = {name: i for i, name in enumerate(styles)}
    new, old = _both_sides(twins, slots, visible, book)
    both, found = changes(new, old, book.traits)
    names = [(s.id, s.character) for s in twins]
    return Pairs(names, styles, np.array([number[n] for n in drawn], np.int64), both, found, new, old)


def count_twins(pairs: Pairs, unseen: int, character: np.ndarray, traits: list[Trait]) -> Redrawn:
    """Linear in the number of pictures. `character[p]`: number of pair p's character."""
    of = [pairs.both[:, pairs.style == style].sum(1) for style in range(len(pairs.styles))]
    of = np.array(of, np.int64).reshape(-1, len(pairs.both))
    came, went = (_times(pairs, to) for to in (pairs.found.now, pairs.gone))
    return Redrawn(len(pairs.names), unseen, pairs.styles, of, came, went, _kept(pairs, character, traits))


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
