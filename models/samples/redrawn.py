"""A picture drawn anew keeps the facts that still hold for it and forgets those that held for its source alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..vocabulary import vocabulary
from .sample import Description, Sample


def still_true(sample: Sample, repainted: Collection[str] = ()) -> Sample:
    """`sample` without what was measured of the old pixels and without facts in the slots `repainted`.

    A machine's sentence goes, because it may tell of what is gone; captions are written from the facts that are
    left. A person's words stay to the letter.
    """
    gone = {slot.id for slot in vocabulary().slots if slot.kind == "measured"} | set(repainted)
    features = tuple(f for f in sample.features if f.slot not in gone)
    return replace(sample, features=features, description=_holding(sample.description, gone))


def _holding(told: Description, gone: Collection[str]) -> Description:
    keywords = told.own_keywords or tuple(k for k in told.keywords if _slot_of(k) not in gone)
    filled = "" if told.filled == "sentence" else told.filled
    return Description(told.own_sentence, keywords, told.origin, filled)


def _slot_of(keyword: str) -> str:
    word = vocabulary().find(keyword)
    return word.slot if word else ""
