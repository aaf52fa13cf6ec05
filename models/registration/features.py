"""The semantic gate: does a redrawn picture still show the same view, shot, action and expression as its source?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ..progress import Progress
from ..samples.sample import Feature, Sample
from ..vocabulary import vocabulary

# Who knows better than whoever looks at the pictures.
KNOWS = ("person", "sidecar", "path")


@dataclass(frozen=True)
class FeatureGate:
    """`sure`: how confident, in [0, 1], both readings of a slot must be before it can refuse a picture."""

    sure: float = 0.7


class Sight(NamedTuple):
    """What an onlooker saw in a picture. `note`: why it cannot say all this time; the next run asks it again."""

    features: tuple[Feature, ...] = ()
    note: str = ""


class Onlooker(Protocol):
    """Whoever says what a picture shows; a captioner is one (`models/captioning/onlooker.py`)."""

    @property
    def identity(self) -> str:
        """Part of the store's key."""

    def look(self, samples: Sequence[Sample], progress: Progress) -> Sequence[Sight]:
        """What it sees in each sample's picture, in order, whatever is known of the sample. Ids differ."""


class Change(NamedTuple):
    """One slot that shows something else than before."""

    before: Feature
    after: Feature

    @property
    def text(self) -> str:
        """`view angle was 'from behind', now 'from front' (0.82)`; the number is that of the less sure reading."""
        label = vocabulary().slot(self.before.slot).label
        sure = min(self.before.confidence, self.after.confidence)
        return f"{label} was '{said(self.before)}', now '{said(self.after)}' ({sure:.2f})"


class Comparison(NamedTuple):
    """`same`: slots that both pictures show, with equal values. `note`: what the onlooker could not say of either."""

    same: tuple[Feature, ...]
    changes: tuple[Change, ...]
    note: str = ""

    @property
    def passed(self) -> bool:
        return not self.changes

    @property
    def reason(self) -> str:
        if self.changes:
            return "; ".join(change.text for change in self.changes)
        if not self.same:
            return f"nothing to compare ({self.note})" if self.note else "nothing to compare"
        return f"still {', '.join(map(said, self.same))}"


def compare_features(source: Sample, before: Sight, after: Sight, gate: FeatureGate) -> Comparison:
    """`before` and `after`: what one onlooker saw in the picture of `source` and in the redrawn one.

    A slot counts where both readings are sure of it. Where somebody who knows says otherwise than `before`, this
    onlooker cannot read the slot in this character, so it has no say there.
    """
    old, new = _shown(before.features, gate), _shown(after.features, gate)
    pairs = [(old[slot], new[slot]) for slot in old if slot in new and not _contradicted(source, old[slot])]
    same = tuple(a for a, b in pairs if a.value == b.value)
    changes = tuple(Change(a, b) for a, b in pairs if a.value != b.value)
    return Comparison(same, changes, before.note or after.note)


def dynamic_slots() -> tuple[str, ...]:
    """What one value answers and what may change between pictures, but not between a picture and its twin."""
    return tuple(s.id for s in vocabulary().slots if s.kind == "dynamic" and s.exclusive)


def said(feature: Feature) -> str:
    word = vocabulary().word(feature.slot, feature.value)
    return word.tag if word else feature.value


def known_features(sample: Sample) -> Iterator[Feature]:
    """What somebody who knows says of the slots that are compared."""
    for slot in dynamic_slots():
        yield from (f for f in sample.all_of(slot) if f.origin in KNOWS)


def _shown(features: Sequence[Feature], gate: FeatureGate) -> dict[str, Feature]:
    """Slot -> the surest feature, for what is dynamic, sure and visible in that picture."""
    best: dict[str, Feature] = {}
    for feature in sorted(features, key=lambda f: f.confidence):
        best[feature.slot] = feature
    sure = {slot: f for slot, f in best.items() if f.confidence >= gate.sure}
    facts = {slot: f.value for slot, f in sure.items()}
    return {
        slot: sure[slot]
        for slot in dynamic_slots()
        if slot in sure and vocabulary().visible(slot, facts, sure[slot].value)
    }


def _contradicted(source: Sample, seen: Feature) -> bool:
    known = {f.value for f in known_features(source) if f.slot == seen.slot}
    return bool(known) and seen.value not in known
