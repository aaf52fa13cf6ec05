"""What is known about every picture of a set as parallel arrays, each contradiction settled and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from ..vocabulary import vocabulary
from .own import own_words
from .traits import NOTHING, TraitBook, caption_ranks

# Who is believed first when two answers exclude each other; below them, a tag without a score.
RANKS = {"person": 0, "sidecar": 1, "path": 1, "captioner": 2, "measured": 2}
# Who looked at a picture: a file name and a measurement do not say what else is in it.
LOOKED = {"person": True, "sidecar": True, "path": False, "captioner": True, "measured": False}
UNSCORED = 3
IMPLIED = 4
# Confidence in thousandths: sums of integers are exact in any order, so the order of pictures changes nothing.
UNIT = 1000


class Conflict(NamedTuple):
    """Two traits of an exclusive slot in one picture; numbers of the picture and of the traits."""

    picture: int
    kept: int
    lost: int


class Facts(NamedTuple):
    """Row i says: `picture[i]` shows `trait[i]`, with confidence `weight[i] / UNIT`. Sorted by picture, each
    trait once a picture. `stated`: False where it only follows from a more exact trait.
    `described[p]`: somebody looked at picture p, so that what is not named there is absent.
    `visible[s, p]`: slot s of the vocabulary can be seen in picture p; one row more, all True, for any other."""

    picture: np.ndarray
    trait: np.ndarray
    weight: np.ndarray
    stated: np.ndarray
    described: np.ndarray
    visible: np.ndarray
    conflicts: tuple[Conflict, ...]


class _Rows(NamedTuple):
    picture: np.ndarray
    trait: np.ndarray
    otherwise: np.ndarray
    weight: np.ndarray
    rank: np.ndarray
    looked: np.ndarray

    def where(self, mask: np.ndarray) -> _Rows:
        return _Rows(*(column[mask] for column in self))


def gather(samples: Sequence[Sample], book: TraitBook) -> Facts:
    """Linear in the number of facts but for sorting. New traits are added to `book`."""
    rows = _joined(_from_features(samples, book), _from_keywords(samples, book))
    rows = rows.where(rows.trait != NOTHING)
    described = _described(rows, len(samples), book)
    implies = np.array([t.implies for t in book.traits] or [NOTHING])
    implied = rows._replace(trait=implies[rows.trait], rank=np.full_like(rows.rank, IMPLIED))
    implied = implied.where(implied.trait != NOTHING)
    rows, general = _once(_joined(rows, implied))
    lost, conflicts = _settled(rows, book)
    # A lost synonym stays as the tag that it was; nobody is contradicted by that.
    again = rows.where(lost & (rows.otherwise != NOTHING))
    stated = np.concatenate([~general[~lost], np.ones(len(again.trait), bool)])
    rows = _joined(rows.where(~lost), again._replace(trait=again.otherwise))
    order = np.argsort(rows.picture.astype(np.int64) * len(book.traits) + rows.trait, kind="stable")
    rows, stated = rows.where(order), stated[order]
    visible = _visible(rows, len(samples), book)
    return Facts(rows.picture, rows.trait, rows.weight, stated, described, visible, conflicts)


def _from_features(samples: Sequence[Sample], book: TraitBook) -> _Rows:
    number = book.feature
    trait = np.array([number[f.slot, f.value] for s in samples for f in s.features], np.int32)
    sure = np.array([f.confidence for s in samples for f in s.features], np.float64)
    rank = np.array([RANKS[f.origin] for s in samples for f in s.features], np.int8)
    picture = np.repeat(np.arange(len(samples), dtype=np.int32), [len(s.features) for s in samples])
    looked = np.array([LOOKED[f.origin] for s in samples for f in s.features], bool)
    sure[rank == RANKS["person"]] = 1.0
    return _Rows(picture, trait, np.full_like(trait, NOTHING), _weight(sure), rank, looked)


def _from_keywords(samples: Sequence[Sample], book: TraitBook) -> _Rows:
    told = [tuple(t for k in s.description.keywords for t in book.keyword[k]) for s in samples]
    flat = [t for several in told for t in several]
    columns = np.array(flat, np.float64).reshape(-1, 3)
    counts = [len(several) for several in told]
    rank = np.repeat(np.array([_keyword_rank(s) for s in samples], np.int8), counts)
    rank[(rank >= RANKS["captioner"]) & (columns[:, 2] >= 1)] = UNSCORED
    picture = np.repeat(np.arange(len(samples), dtype=np.int32), counts)
    trait, otherwise = columns[:, :2].T.astype(np.int32)
    return _Rows(picture, trait, otherwise, _weight(columns[:, 2]), rank, np.ones(len(rank), bool))


def _keyword_rank(sample: Sample) -> int:
    origin = sample.description.origin
    return RANKS["captioner" if origin == "person" and not own_words(sample).keywords else origin]


def _weight(confidence: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(np.nan_to_num(confidence), 0, 1) * UNIT).astype(np.int32)


def _joined(a: _Rows, b: _Rows) -> _Rows:
    return _Rows(*(np.concatenate(columns) for columns in zip(a, b, strict=True)))


def _once(rows: _Rows) -> tuple[_Rows, np.ndarray]:
    """Each trait once a picture, as the most trusted source has it; and whether a more exact one implies it."""
    key = rows.picture.astype(np.int64) * (int(rows.trait.max(initial=0)) + 1) + rows.trait
    order = np.argsort(key * 8192 + rows.rank.astype(np.int64) * 1024 + (UNIT - rows.weight), kind="stable")
    rows, key = rows.where(order), key[order]
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    group = np.cumsum(first) - 1
    general = np.bincount(group, rows.rank == IMPLIED, minlength=int(first.sum())) > 0
    return rows.where(first), general


def _settled(rows: _Rows, book: TraitBook) -> tuple[np.ndarray, tuple[Conflict, ...]]:
    """Which rows lose in their exclusive slot: the most trusted source wins, then the most confident answer,
    then the word that the vocabulary names first. What the winner implies is no contradiction."""
    lost = np.zeros(len(rows.trait), bool)
    slots, places = _exclusive_slots(book), caption_ranks(book.traits)
    at = np.flatnonzero(slots[rows.trait] >= 0)
    part = rows.where(at)
    implies = np.array([t.implies for t in book.traits] or [NOTHING])
    # A trait that another one implies is the general one: "long hair" may not win over "very long hair".
    exact = part.where(implies[part.trait] != NOTHING)
    implied = np.isin(_pair(part.picture, part.trait, book), _pair(exact.picture, implies[exact.trait], book))
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
    conflicts = zip(part.picture[told].tolist(), champion[told].tolist(), part.trait[told].tolist(), strict=True)
    return lost, tuple(Conflict(*c) for c in conflicts)


def _pair(picture: np.ndarray, trait: np.ndarray, book: TraitBook) -> np.ndarray:
    return picture.astype(np.int64) * len(book.traits) + trait


def _exclusive_slots(book: TraitBook) -> np.ndarray:
    """For each trait the number of its exclusive slot, -1 where a picture may have several."""
    position = {s.id: i for i, s in enumerate(vocabulary().slots)}
    return np.array([position[t.slot] if t.exclusive else -1 for t in book.traits] or [-1])


def _described(rows: _Rows, pictures: int, book: TraitBook) -> np.ndarray:
    """Pictures of which somebody told more than file name and measurements, so that silence means absence."""
    pair = _pair(rows.picture, rows.trait, book)
    told = rows.looked & ~np.isin(pair, pair[~rows.looked])  # Describe repeats what was measured as keywords
    return np.bincount(rows.picture[told], minlength=pictures) > 0


def _visible(rows: _Rows, pictures: int, book: TraitBook) -> np.ndarray:
    slots = vocabulary().slots
    visible = np.ones((len(slots) + 1, pictures), bool)
    numbers = {(t.slot, t.value): n for n, t in enumerate(book.traits)}
    for slot, row in zip(slots, visible, strict=False):
        for fact in slot.hidden_when:
            if fact in numbers:
                row[rows.picture[rows.trait == numbers[fact]]] = False
    return visible
