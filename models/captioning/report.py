"""What Describe found, as a table: how much of the set each slot covers, who said so, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..samples.sample import Feature, SampleSet
from ..texttable import table
from ..vocabulary import vocabulary
from .describe import note_of
from .kinds import kind_of
from .spoken import SURE

HEADINGS = ("slot", "kind", "pictures", "said by", "sure", "values")
MOST_VALUES = 4


def describe_report(sample_set: SampleSet) -> str:
    """One line a slot that any picture has a value for, in the vocabulary's order, then the texts and the rejected.

    `sure` is the mean confidence; values below 0.5 are counted as doubtful, they are not spoken of in sentences.
    """
    total = len(sample_set)
    rows = [HEADINGS, *(_row(slot, features, total) for slot, features in _by_slot(sample_set).items())]
    lost = (f"left out: {r.id}: {r.reason}" for r in sample_set.rejected)
    return "\n".join([table(rows), "", *_texts(sample_set), *_notes(sample_set), *lost])


def _by_slot(sample_set: SampleSet) -> dict[str, list[tuple[str, Feature]]]:
    """Slot -> (sample id, feature) pairs; slots that the vocabulary lacks come last."""
    found: dict[str, list[tuple[str, Feature]]] = {slot.id: [] for slot in vocabulary().slots}
    for sample in sample_set.samples:
        for feature in sample.features:
            found.setdefault(feature.slot, []).append((sample.id, feature))
    return {slot: pairs for slot, pairs in found.items() if pairs}


def _row(slot: str, pairs: Sequence[tuple[str, Feature]], total: int) -> tuple[str, ...]:
    features = [feature for _, feature in pairs]
    pictures = len({id for id, _ in pairs})
    doubtful = sum(f.confidence < SURE for f in features)
    sure = sum(f.confidence for f in features) / len(features)
    return (
        slot,
        kind_of(slot),
        f"{pictures}/{total}",
        _counted(Counter(f.origin for f in features)),
        f"{sure:.2f}" + (f" ({doubtful} doubtful)" if doubtful else ""),
        _counted(Counter(f.value for f in features)),
    )


def _counted(counts: Counter) -> str:
    """`front 12, side 9, 3 more`; equal counts in the order of the alphabet."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{value} {count}" for value, count in ranked[:MOST_VALUES]]
    rest = len(ranked) - MOST_VALUES
    return ", ".join([*shown, *([f"{rest} more"] if rest > 0 else [])])


def _texts(sample_set: SampleSet) -> list[str]:
    texts = [s.description for s in sample_set.samples]
    origins = _counted(Counter(d.origin for d in texts if d.sentence or d.keywords))
    sentences, keywords = sum(bool(d.sentence) for d in texts), sum(bool(d.keywords) for d in texts)
    return [f"sentences: {sentences}/{len(texts)}, keywords: {keywords}/{len(texts)} ({origins})"]


def _notes(sample_set: SampleSet) -> list[str]:
    """What the captioner could not answer when it last looked."""
    notes = ((s.id, note_of(s)) for s in sample_set.samples)
    return [f"unanswered: {id}: {note}" for id, note in notes if note]
