"""The features of a sample that are sure, visible and worth a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..samples.sample import Feature, Sample
from ..vocabulary import Word, vocabulary
from .kinds import kind_of

SURE = 0.5
# Measurements are said when they are extreme; "normal contrast" is no news.
NEWS: Mapping[str, tuple[str, ...]] = {
    "brightness": ("dark", "bright"),
    "saturation": ("monochrome",),
    "sharpness": ("blurred",),
    "look": ("line art", "flat", "painted", "photographic"),
}


@dataclass(frozen=True)
class Spoken:
    """`features` in the vocabulary's order of slots, unknown slots last."""

    features: tuple[Feature, ...]

    @classmethod
    def of(cls, sample: Sample) -> Spoken:
        facts = {f.slot: f.value for f in sample.features if f.confidence >= SURE}
        said = [f for f in sample.features if f.confidence >= SURE and _is_news(f)]
        seen = [f for f in said if vocabulary().visible(f.slot, facts, f.value)]
        exclusive = {s.id for s in vocabulary().slots if s.exclusive}
        best = [f for f in seen if f.slot not in exclusive or f is sample.feature(f.slot)]
        return cls(tuple(sorted(best, key=lambda f: _slot_order(f.slot))))

    def all_of(self, slot: str) -> list[Feature]:
        return [f for f in self.features if f.slot == slot]

    def word(self, feature: Feature) -> Word | None:
        return vocabulary().word(feature.slot, feature.value)

    def phrase(self, feature: Feature) -> str:
        """A value that the vocabulary lacks speaks for itself."""
        word = self.word(feature)
        return word.phrase if word else feature.value


def _is_news(feature: Feature) -> bool:
    if kind_of(feature.slot) != "measured" or feature.slot == "palette":
        return True
    return feature.value in NEWS.get(feature.slot, ())


def _slot_order(slot: str) -> int:
    order = [s.id for s in vocabulary().slots]
    return order.index(slot) if slot in order else len(order)
