"""Each picture's traits, sorted into the character's own and what stays in the caption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .decide import SlotDecision
from .facts import Facts
from .lexicon import lexicon
from .rules import ABSORBED, DROPPED
from .traits import Trait, caption_ranks

UNSAID, TARGET, KEPT = 0, 1, 2


class Words(NamedTuple):
    """One picture's traits in caption order: the character's own, and what stays in the caption, with its
    confidence (any unit)."""

    target: tuple[Trait, ...]
    kept: tuple[Trait, ...]
    sure: tuple[int, ...]

    def surest(self, room: int) -> tuple[Trait, ...]:
        """At most `room` of the kept ones, the least sure left out, still in caption order."""
        if len(self.kept) <= room:
            return self.kept
        chosen = sorted(range(len(self.kept)), key=lambda i: -self.sure[i])[: max(0, room)]
        return tuple(self.kept[i] for i in sorted(chosen))


def words_of_each(facts: Facts, traits: list[Trait], sides: np.ndarray) -> Iterator[Words]:
    """One for each picture, in order: what is stated of it. `sides`: of each fact, as `side_of` says."""
    chosen = np.flatnonzero(facts.stated)
    chosen = chosen[np.lexsort((caption_ranks(traits)[facts.trait[chosen]], facts.picture[chosen]))]
    side, number, weight = (column[chosen].tolist() for column in (sides, facts.trait, facts.weight))
    edges = np.searchsorted(facts.picture[chosen], np.arange(len(facts.described) + 1)).tolist()
    for start, end in zip(edges, edges[1:], strict=False):
        target = tuple(traits[number[i]] for i in range(start, end) if side[i] == TARGET)
        kept = [i for i in range(start, end) if side[i] == KEPT]
        yield Words(target, tuple(traits[number[i]] for i in kept), tuple(weight[i] for i in kept))


def side_of(trait: Trait, decision: SlotDecision, measured_words: bool) -> int:
    """UNSAID, TARGET or KEPT."""
    if decision.decision == DROPPED:
        return UNSAID
    if decision.decision in ABSORBED:
        return TARGET
    if trait.kind == "measured" and decision.decided_by != "you":
        usual = trait.value in lexicon()["harmless"].get(trait.slot, ())
        return KEPT if measured_words and not usual else UNSAID
    return KEPT
