"""Every feature that differs between two sets of facts about the same pictures."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..vocabulary import vocabulary
from .facts import Facts
from .traits import NOTHING, Trait


class Changes(NamedTuple):
    """Row i: in picture `pair[i]` the trait `was[i]` became `now[i]`; -1 = absent. `slot`: number of its slot."""

    pair: np.ndarray
    slot: np.ndarray
    was: np.ndarray
    now: np.ndarray


def changes(new: Facts, old: Facts, traits: list[Trait]) -> tuple[np.ndarray, Changes]:
    """`both[slot, pair]`: the slot is known in both pictures of the pair; and every change in such a slot.

    Tags that are not in the vocabulary are left out: taggers come and go with them.
    """
    slots = vocabulary().slots
    seen = new.visible[:-1] & old.visible[:-1]
    both = seen & (new.described & old.described)
    found = []
    for index, slot in enumerate(slots):
        if slot.exclusive:
            was, now = _answers(old, traits, slot.id), _answers(new, traits, slot.id)
            both[index] = seen[index] & (was != NOTHING) & (now != NOTHING)
            pair = np.flatnonzero(both[index] & (_general(was, traits) != _general(now, traits)))
            found.append((pair, np.full_like(pair, index), was[pair], now[pair]))
            continue
        for facts, other, gone in ((old, new, True), (new, old, False)):
            pair, trait = _surplus(facts, other, traits, slot.id)
            pair, trait = pair[both[index][pair]], trait[both[index][pair]]
            nothing = np.full_like(trait, NOTHING)
            found.append((pair, np.full_like(pair, index), *((trait, nothing) if gone else (nothing, trait))))
    return both, Changes(*(np.concatenate(column) for column in zip(*found, strict=True)))


def some(facts: Facts, pictures: np.ndarray) -> Facts:
    """The facts of some pictures, numbered anew in the given order."""
    number = np.full(len(facts.described), NOTHING)
    number[pictures] = np.arange(len(pictures))
    mine = number[facts.picture] != NOTHING
    columns = (number[facts.picture][mine], facts.trait[mine], facts.weight[mine], facts.stated[mine])
    return Facts(*columns, facts.described[pictures], facts.visible[:, pictures], ())


def _in_slot(facts: Facts, traits: list[Trait], slot: str) -> np.ndarray:
    return np.array([t.slot == slot for t in traits])[facts.trait]


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
