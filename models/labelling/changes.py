"""Every feature that differs between two sets of facts about the same pictures."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..vocabulary import vocabulary
from .facts import Facts
from .traits import NOTHING, Trait
from .visibility import slot_numbers, slots_of_views, view_numbers


class Changes(NamedTuple):
    """Row i: in picture `pair[i]` the trait `was[i]` became `now[i]`; -1 = absent. `slot`: number of its slot."""

    pair: np.ndarray
    slot: np.ndarray
    was: np.ndarray
    now: np.ndarray


def changes(new: Facts, old: Facts, traits: list[Trait]) -> tuple[np.ndarray, Changes]:
    """`both[view, pair]`: both pictures of the pair can show the view, and of both something is known in its slot;
    and every change where that is so. Silence about a whole slot is no change.

    Tags that are not in the vocabulary are left out: taggers come and go with them.
    """
    view, found = view_numbers(traits), []
    seen = new.visible & old.visible
    new, old = (facts.where(seen[view[facts.trait], facts.picture]) for facts in (new, old))
    both = seen & (_known(new, traits) & _known(old, traits))[slots_of_views()]
    for index, slot in enumerate(vocabulary().slots):
        if slot.exclusive:
            was, now = _answers(old, traits, slot.id), _answers(new, traits, slot.id)
            answered = (was != NOTHING) & (now != NOTHING)
            pair = np.flatnonzero(answered & (_general(was, traits) != _general(now, traits)))
            found.append((pair, np.full_like(pair, index), was[pair], now[pair]))
            continue
        for facts, other, gone in ((old, new, True), (new, old, False)):
            pair, trait = _surplus(facts, other, traits, slot.id)
            told = both[view[trait], pair]
            pair, trait = pair[told], trait[told]
            nothing = np.full_like(trait, NOTHING)
            found.append((pair, np.full_like(pair, index), *((trait, nothing) if gone else (nothing, trait))))
    return both, Changes(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _known(facts: Facts, traits: list[Trait]) -> np.ndarray:
    """(slots + 1, pictures) of bool: whether there is an answer in the slot."""
    known = np.zeros((len(vocabulary().slots) + 1, len(facts.described)), bool)
    known[slot_numbers(traits)[facts.trait], facts.picture] = True
    return known


def _in_slot(facts: Facts, traits: list[Trait], slot: str) -> np.ndarray:
    return np.array([t.slot == slot for t in traits], bool)[facts.trait]


def _answers(facts: Facts, traits: list[Trait], slot: str) -> np.ndarray:
    """Each picture's trait in an exclusive slot, the most exact one; -1 where it has none."""
    answers = np.full(len(facts.described), NOTHING)
    mine = _in_slot(facts, traits, slot)
    for chosen in (mine & ~facts.stated, mine & facts.stated):
        answers[facts.picture[chosen]] = facts.trait[chosen]
    return answers


def _general(answers: np.ndarray, traits: list[Trait]) -> np.ndarray:
    """Long and very long hair are one answer, told more or less exactly."""
    same = [t.implies >= 0 and traits[t.implies].slot == t.slot for t in traits]
    general = np.array([t.implies if s else n for n, (t, s) in enumerate(zip(traits, same, strict=True))])
    return np.where(answers == NOTHING, NOTHING, general[answers])


def _surplus(facts: Facts, other: Facts, traits: list[Trait], slot: str) -> tuple[np.ndarray, np.ndarray]:
    """(picture, trait) pairs of `slot` that `facts` has and `other` has not."""
    mine, theirs = _in_slot(facts, traits, slot), _in_slot(other, traits, slot)
    key = facts.picture[mine].astype(np.int64) * len(traits) + facts.trait[mine]
    there = other.picture[theirs].astype(np.int64) * len(traits) + other.trait[theirs]
    only = np.setdiff1d(key, there)
    return only // len(traits), only % len(traits)
