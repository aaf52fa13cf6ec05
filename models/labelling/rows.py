"""Observations as parallel arrays: each trait once a picture, contradictions settled by trust."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..vocabulary import vocabulary
from .traits import NOTHING, TraitBook, caption_ranks

# Who is believed first when two answers exclude each other; below them, a tag without a score.
RANKS = {"person": 0, "sidecar": 1, "path": 1, "captioner": 2, "measured": 2}
UNSCORED = 3
IMPLIED = 4
# Confidence in thousandths: sums of integers are exact in any order, so the order of pictures changes nothing.
UNIT = 1000


class Conflict(NamedTuple):
    """Two traits of an exclusive slot in one picture; numbers of the picture and of the traits."""

    picture: int
    kept: int
    lost: int


class Rows(NamedTuple):
    """Row i: somebody says that `picture[i]` shows `trait[i]`, with confidence `weight[i] / UNIT`. `otherwise`:
    the trait that it is should its slot be taken, -1 for none. `rank`: how much the source is trusted, 0 first.
    `looked`: whether the source saw the picture, not only its name or its pixels' statistics."""

    picture: np.ndarray
    trait: np.ndarray
    otherwise: np.ndarray
    weight: np.ndarray
    rank: np.ndarray
    looked: np.ndarray

    def where(self, mask: np.ndarray) -> Rows:
        return Rows(*(column[mask] for column in self))


def joined(a: Rows, b: Rows) -> Rows:
    return Rows(*(np.concatenate(columns) for columns in zip(a, b, strict=True)))


def once(rows: Rows) -> tuple[Rows, np.ndarray]:
    """Each trait once a picture, as the most trusted source has it; and whether a more exact one implies it."""
    key = rows.picture.astype(np.int64) * (int(rows.trait.max(initial=0)) + 1) + rows.trait
    order = np.argsort(key * 8192 + rows.rank.astype(np.int64) * 1024 + (UNIT - rows.weight), kind="stable")
    rows, key = rows.where(order), key[order]
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    group = np.cumsum(first) - 1
    general = np.bincount(group, rows.rank == IMPLIED, minlength=int(first.sum())) > 0
    return rows.where(first), general


def settled(rows: Rows, book: TraitBook) -> tuple[np.ndarray, tuple[Conflict, ...]]:
    """Which rows lose in their exclusive slot: the most trusted source wins, then the most confident answer,
    then the word that the vocabulary names first. What the winner implies is no contradiction."""
    lost = np.zeros(len(rows.trait), bool)
    slots, places = _exclusive_slots(book), caption_ranks(book.traits)
    at = np.flatnonzero(slots[rows.trait] >= 0)
    part = rows.where(at)
    implies = np.array([t.implies for t in book.traits] or [NOTHING])
    # A trait that another one implies is the general one: "long hair" may not win over "very long hair".
    exact = part.where(implies[part.trait] != NOTHING)
    implied = np.isin(pairs(part.picture, part.trait, book), pairs(exact.picture, implies[exact.trait], book))
    slot = part.picture.astype(np.int64) * (int(slots.max()) + 2) + slots[part.trait]
    trust = ((part.rank + 8 * implied.astype(np.int64)) * 1024 + UNIT - part.weight) * len(places) + places[part.trait]
    order = np.argsort(slot * (16 * 1024 * len(places)) + trust, kind="stable")
    first = np.ones(len(order), bool)
    first[1:] = slot[order][1:] != slot[order][:-1]
    champion = np.empty_like(part.trait)
    champion[order] = part.trait[order][first][np.cumsum(first) - 1]
    beaten = (champion != part.trait) & (implies[champion] != part.trait)
    lost[at[beaten]] = True
    # Two stated answers are worth a word; a lost synonym lives on as a tag, an implied one was nobody's answer.
    told = beaten & (part.otherwise == NOTHING) & (part.rank < IMPLIED) & ~implied
    told = np.flatnonzero(told)
    told = told[np.lexsort((places[part.trait[told]], part.picture[told]))]
    conflicts = zip(part.picture[told].tolist(), champion[told].tolist(), part.trait[told].tolist(), strict=True)
    return lost, tuple(Conflict(*c) for c in conflicts)


def pairs(picture: np.ndarray, trait: np.ndarray, book: TraitBook) -> np.ndarray:
    return picture.astype(np.int64) * len(book.traits) + trait


def _exclusive_slots(book: TraitBook) -> np.ndarray:
    """For each trait the number of its exclusive slot, -1 where a picture may have several."""
    position = {s.id: i for i, s in enumerate(vocabulary().slots)}
    return np.array([position[t.slot] if t.exclusive else -1 for t in book.traits] or [-1])
