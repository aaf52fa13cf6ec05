"""A picture has one value in an exclusive slot, and any value once: the first that is said counts."""

from __future__ import annotations

from collections.abc import Iterable

from ..vocabulary import vocabulary
from .sample import Feature


def first_of_each(features: Iterable[Feature]) -> tuple[Feature, ...]:
    """`features` in their order, without second values in exclusive slots (`from side, from behind`)."""
    kept: dict[tuple[str, str], Feature] = {}
    for feature in features:
        exclusive = vocabulary().slot(feature.slot).exclusive
        kept.setdefault((feature.slot, "" if exclusive else feature.value), feature)
    return tuple(kept.values())


def most_trusted(levels: Iterable[Iterable[Feature]]) -> tuple[Feature, ...]:
    """In each slot what the first of `levels` says that speaks of it; in the vocabulary's order of slots."""
    found: dict[str, list[Feature]] = {}
    for level in levels:
        heard: dict[str, list[Feature]] = {}
        for feature in first_of_each(level):
            heard.setdefault(feature.slot, []).append(feature)
        found = {**heard, **found}
    return tuple(f for slot in vocabulary().slots for f in found.get(slot.id, ()))
