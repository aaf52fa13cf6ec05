"""What is known about every picture of a set as parallel arrays, each contradiction settled and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from .own import own_words
from .rows import IMPLIED, RANKS, UNIT, UNSCORED, Conflict, Rows, joined, once, pairs, settled
from .traits import NOTHING, TraitBook
from .visibility import visible

# Who looked at a picture: a file name and a measurement do not say what else is in it.
LOOKED = {"person": True, "sidecar": True, "path": False, "captioner": True, "measured": False}


class Facts(NamedTuple):
    """Row i says: `picture[i]` shows `trait[i]`, with confidence `weight[i] / UNIT`. Sorted by picture, each
    trait once a picture. `stated`: False where it only follows from a more exact trait.
    `described[p]`: somebody looked at picture p, so that what is not named there is absent.
    `visible[v, p]`: what belongs to view v can be seen in picture p (rows: see `visibility.visible`)."""

    picture: np.ndarray
    trait: np.ndarray
    weight: np.ndarray
    stated: np.ndarray
    described: np.ndarray
    visible: np.ndarray
    conflicts: tuple[Conflict, ...]

    def where(self, mask: np.ndarray) -> Facts:
        """Only some rows, about the same pictures."""
        columns = (column[mask] for column in (self.picture, self.trait, self.weight, self.stated))
        return Facts(*columns, self.described, self.visible, self.conflicts)


def gather(samples: Sequence[Sample], book: TraitBook) -> Facts:
    """Linear in the number of facts but for sorting. New traits are added to `book`."""
    rows = joined(_from_features(samples, book), _from_keywords(samples, book))
    rows = rows.where(rows.trait != NOTHING)
    described = _described(rows, len(samples), book)
    implies = np.array([t.implies for t in book.traits] or [NOTHING])
    implied = rows._replace(trait=implies[rows.trait], rank=np.full_like(rows.rank, IMPLIED))
    implied = implied.where(implied.trait != NOTHING)
    rows, general = once(joined(rows, implied))
    lost, conflicts = settled(rows, book)
    # A lost synonym stays as the tag that it was; nobody is contradicted by that.
    again = rows.where(lost & (rows.otherwise != NOTHING))
    stated = np.concatenate([~general[~lost], np.ones(len(again.trait), bool)])
    rows = joined(rows.where(~lost), again._replace(trait=again.otherwise))
    order = np.argsort(rows.picture.astype(np.int64) * len(book.traits) + rows.trait, kind="stable")
    rows, stated = rows.where(order), stated[order]
    shown = visible(rows, len(samples), book)
    return Facts(rows.picture, rows.trait, rows.weight, stated, described, shown, conflicts)


def _from_features(samples: Sequence[Sample], book: TraitBook) -> Rows:
    number = book.feature
    trait = np.array([number[f.slot, f.value] for s in samples for f in s.features], np.int32)
    sure = np.array([f.confidence for s in samples for f in s.features], np.float64)
    rank = np.array([RANKS[f.origin] for s in samples for f in s.features], np.int8)
    picture = np.repeat(np.arange(len(samples), dtype=np.int32), np.array([len(s.features) for s in samples], np.int64))
    looked = np.array([LOOKED[f.origin] for s in samples for f in s.features], bool)
    sure[rank == RANKS["person"]] = 1.0
    return Rows(picture, trait, np.full_like(trait, NOTHING), _weight(sure), rank, looked)


def _from_keywords(samples: Sequence[Sample], book: TraitBook) -> Rows:
    told = [tuple(t for k in s.description.keywords for t in book.keyword[k]) for s in samples]
    flat = [t for several in told for t in several]
    columns = np.array(flat, np.float64).reshape(-1, 3)
    counts = np.array([len(several) for several in told], np.int64)
    rank = np.repeat(np.array([_keyword_rank(s) for s in samples], np.int8), counts)
    rank[(rank >= RANKS["captioner"]) & (columns[:, 2] >= 1)] = UNSCORED
    picture = np.repeat(np.arange(len(samples), dtype=np.int32), counts)
    trait, otherwise = columns[:, :2].T.astype(np.int32)
    return Rows(picture, trait, otherwise, _weight(columns[:, 2]), rank, np.ones(len(rank), bool))


def _keyword_rank(sample: Sample) -> int:
    origin = sample.description.origin
    return RANKS["captioner" if origin == "person" and not own_words(sample).keywords else origin]


def _weight(confidence: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(np.nan_to_num(confidence), 0, 1) * UNIT).astype(np.int32)


def _described(rows: Rows, pictures: int, book: TraitBook) -> np.ndarray:
    """Pictures of which somebody told more than file name and measurements, so that silence means absence."""
    pair = pairs(rows.picture, rows.trait, book)
    told = rows.looked & ~np.isin(pair, pair[~rows.looked])  # Describe repeats what was measured as keywords
    return np.bincount(rows.picture[told], minlength=pictures) > 0
