"""How many samples of a set have which value, counted one by one: that decides about second sub-styles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..samples.sample import Feature, Sample
from .assignment import UNKNOWN

WELL_KNOWN = 0.5  # confidence from which a value counts when an axis is chosen


class Values:
    """Of `size` samples in some slots: `features`, by slot what `feature_of` says of them, in order of appearance, and
    `well_known`, values to choose an axis by. `used`: every slot that any sample has something in."""

    def __init__(self, slots: Iterable[str]) -> None:
        slots = tuple(slots)
        self.size = 0
        self.features: dict[str, Counter[str]] = {slot: Counter() for slot in slots}
        self.well_known: dict[str, Counter[str]] = {slot: Counter() for slot in slots}
        self.used: set[str] = set()

    def count(self, sample: Sample) -> None:
        self.size += 1
        self.used.update(feature.slot for feature in sample.features)
        for slot in self.features:
            found = sample.feature(slot)
            self.features[slot][_named(found)] += 1
            if found and found.confidence >= WELL_KNOWN:
                self.well_known[slot][found.value] += 1


def feature_of(sample: Sample, axis: str) -> str:
    return _named(sample.feature(axis))


def _named(found: Feature | None) -> str:
    return (found.value if found else "") or UNKNOWN
