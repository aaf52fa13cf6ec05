"""Given a set whose pictures were drawn elsewhere, the same set without those that show something else than before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from ..errors import TroupeError
from ..progress import Progress, silent
from ..registration.features import Comparison, FeatureGate, Onlooker, compare_features
from ..samples.sample import Rejection, Sample, SampleSet
from ..texttable import table
from .redrawing import TOGETHER

STAGE = "check features"
HEADINGS = ("picture", "compared", "verdict")


class FeaturesChecked(NamedTuple):
    """`verdicts`: for every sample that has a source, by id."""

    sample_set: SampleSet
    verdicts: Mapping[str, Comparison]


def check_features(
    sample_set: SampleSet, onlooker: Onlooker, gate: FeatureGate, progress: Progress = silent
) -> FeaturesChecked:
    """Every sample that has a `source` is compared with it. Raises `TroupeError` when none has one."""
    sample_set.require_any("Check Features")
    drawn = [s for s in sample_set.samples if s.source]
    if not drawn:
        raise TroupeError(
            "No picture of this set was drawn from another one",
            remedy="Put the new pictures in with Set Images, so that each remembers its source.",
        )
    verdicts: dict[str, Comparison] = {}
    for start in range(0, len(drawn), TOGETHER):
        verdicts |= _verdicts(drawn[start : start + TOGETHER], onlooker, gate, partial(_moved, progress, start, drawn))
    lost = [_rejection(s, verdicts[s.id]) for s in drawn if not verdicts[s.id].passed]
    kept = sample_set.without(lost)
    return FeaturesChecked(kept.mapped(lambda s: _noted(s, verdicts.get(s.id))), verdicts)


def features_report(checked: FeaturesChecked, unchecked: int) -> str:
    """Counts, and one line for each picture. `unchecked`: how many had no source."""
    verdicts = checked.verdicts
    lost = sum(not v.passed for v in verdicts.values())
    blank = sum(v.passed and not v.same for v in verdicts.values())
    told = [f"{len(verdicts) - lost - blank} pictures show the same as before, {lost} something else (dropped)"]
    told += [f"{blank} could not be compared"] * bool(blank) + [f"{unchecked} have no source"] * bool(unchecked)
    rows = [(id, str(len(v.same) + len(v.changes)), _told(v)) for id, v in verdicts.items()]
    return "\n".join([", ".join(told) + ".", "", table([HEADINGS, *rows])])


def _told(verdict: Comparison) -> str:
    return verdict.reason if verdict.passed else f"refused: {verdict.reason}"


def _verdicts(
    samples: list[Sample], onlooker: Onlooker, gate: FeatureGate, progress: Progress
) -> dict[str, Comparison]:
    before = onlooker.look([s.source for s in samples], progress)
    after = onlooker.look(samples, progress)
    seen = zip(samples, before, after, strict=True)
    return {s.id: compare_features(s.source, old, new, gate) for s, old, new in seen}


def _moved(progress: Progress, start: int, drawn: list[Sample], done: int, total: int, name: str) -> None:
    progress(start + done, len(drawn), name)


def _rejection(sample: Sample, verdict: Comparison) -> Rejection:
    reason = f"the redrawn picture shows something else: {verdict.reason}"
    return Rejection(sample.id, STAGE, reason, sample.image.path, sample)


def _noted(sample: Sample, verdict: Comparison | None) -> Sample:
    return sample if verdict is None else sample.after(STAGE, json.dumps({"found": verdict.reason}))
