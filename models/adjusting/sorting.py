"""Which of one character's pictures are good, alike and their own: everything but how many of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from ..samples.store import Store
from . import identity
from .consistency.fact import consistency_of
from .measuring import Measures
from .nearduplicates import near_duplicates
from .pairs import unwatched
from .rules import Fault, fault_of
from .selection import SLOTS
from .wishes import Preset

Known = Mapping[str, Measures]  # by sample id


class Sorted(NamedTuple):
    """good: the best first. faults: by sample id, for all others."""

    good: tuple[Sample, ...]
    faults: dict[str, Fault]


def sort_out(
    samples: tuple[Sample, ...],
    known: Known,
    preset: Preset,
    store: Store,
    judged: str,
    watch: Callable[[], None] = unwatched,
) -> Sorted:
    """Apply every limit of `preset` to one character's pictures; `watch` as in `near_duplicates`.

    judged: settings; whoever has them in the history passed the test of likeness with them in the company of the whole
    set, and is not asked again in a smaller one.
    """
    faults = {s.id: fault for s in samples if (fault := fault_of(s, known[s.id], preset))}
    left = [s for s in samples if s.id not in faults]
    faults |= _strangers(left, known, preset, judged)
    crowd = Counter(map(cell_of, samples))
    merits = {s.id: _merits(s, known[s.id], crowd) for s in left if s.id not in faults}
    left = sorted((s for s in left if s.id in merits), key=lambda s: (*merits[s.id].values(), s.id))
    faults |= _copies(left, known, merits, preset, store, watch)
    return Sorted(tuple(s for s in left if s.id not in faults), faults)


def cell_of(sample: Sample) -> tuple[str, ...]:
    """The values of shot, angle, action and expression, "" where nothing is known."""
    return tuple(map(sample.value, SLOTS))


def was_judged(sample: Sample, judged: str) -> bool:
    return any(step.stage == "adjust" and step.settings == judged for step in sample.history)


def _strangers(samples: list[Sample], known: Known, preset: Preset, judged: str) -> dict[str, Fault]:
    if preset.identity_minimum is None or not samples:
        return {}
    samples = sorted(samples, key=lambda s: s.id)  # so that of two equally typical ones the same is always taken
    vectors = np.stack([np.frombuffer(known[s.id].appearance, np.uint8) for s in samples])
    typical = identity.most_typical(vectors)
    similarity = identity.similarities(vectors, typical)
    far = identity.outliers(similarity, preset.identity_minimum)
    reason = "unlike the character: colour/texture similarity {:.2f} to the set's most typical picture ({}), limit {}"
    why = f"too unlike the others for identity_minimum = {preset.identity_minimum:g}"
    return {
        s.id: Fault("unlike the character", reason.format(value, samples[typical].id, preset.identity_minimum), why)
        for s, value, out in zip(samples, similarity, far, strict=True)
        if out and not was_judged(s, judged)
    }


def _merits(sample: Sample, measures: Measures, crowd: Counter) -> dict[str, float]:
    """Lower is better, the weightiest first; the keys finish the sentence "the ... one was kept"."""
    cell, found = cell_of(sample), consistency_of(sample)
    return {
        "better described": cell.count(""),
        "rarer": crowd[cell],
        "truer to the character": found is not None and found.outlier,
        "sharper": -round(measures.sharpness, 2),
        "larger": -sample.image.size.area,
    }


def _copies(
    left: list[Sample], known: Known, merits: dict, preset: Preset, store: Store, watch: Callable[[], None]
) -> dict[str, Fault]:
    limit = preset.near_duplicate_distance
    if limit is None:
        return {}
    faults = {}
    why = f"the same as others by near_duplicate_distance = {limit}"
    for twin in near_duplicates(left, [known[s.id] for s in left], limit, store, watch=watch):
        dropped, kept = left[twin.dropped].id, left[twin.kept].id
        better = (name for name, worth in merits[kept].items() if worth < merits[dropped][name])
        found = f"near-duplicate of {kept} (distance {twin.distance} of 64, limit {limit})"
        faults[dropped] = Fault("near-duplicate", f"{found}; the {next(better, 'first')} one was kept", why)
    return faults
