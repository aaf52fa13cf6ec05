"""Given a set whose pictures were drawn elsewhere, the same set with slid pictures put back and lost ones dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import NamedTuple

from ..errors import TroupeError
from ..parallel import ordered_map
from ..progress import Progress, silent
from ..registration.gate import GateSettings, Verdict, check_structure
from ..samples.bridging import keep_image
from ..samples.sample import Rejection, Sample, SampleSet, read_picture
from ..samples.store import Store

STAGE = "check structure"


class Checked(NamedTuple):
    sample_set: SampleSet
    report: str


def check_set(sample_set: SampleSet, settings: GateSettings, store: Store, progress: Progress = silent) -> Checked:
    """Every sample that has a `source` is compared with it. Raises `TroupeError` when none has one."""
    sample_set.require_any("Check Structure")
    if not any(s.source for s in sample_set.samples):
        raise TroupeError(
            "No picture of this set was drawn from another one",
            remedy="Put the new pictures in with Set Images, so that each remembers its source.",
        )
    kept, dropped, lines = [], [], []
    outcomes = ordered_map(lambda sample: _compare(sample, settings), sample_set.samples)
    for done, sample in enumerate(sample_set.samples):
        progress(done, len(sample_set), sample.id)
        outcome = next(outcomes)
        if isinstance(outcome, str):
            lines.append(f"  --  {sample.id}: {outcome}")
        else:
            score = "  --" if outcome.score is None else f"{outcome.score:4.0%}"
            lines.append(f"{score}  {sample.id}: {outcome.reason}")
        if isinstance(outcome, Verdict) and not outcome.passed:
            dropped.append(Rejection(sample.id, STAGE, outcome.reason, sample.image.path, sample))
        else:
            kept.append(_put_back(sample, outcome, store))
    report = f"{len(kept)} pictures in place, {len(dropped)} dropped.\n\n" + "\n".join(lines)
    return Checked(SampleSet(tuple(kept), sample_set.rejected + tuple(dropped)), report)


def _compare(sample: Sample, settings: GateSettings) -> Verdict | str:
    if sample.source is None:
        return "has no source, not checked"
    try:
        return check_structure(read_picture(sample.source).rgb, read_picture(sample).rgb, settings)
    except TroupeError as error:
        return Verdict(None, 0.0, False, False, f"cannot be compared: {error}")


def _put_back(sample: Sample, outcome: Verdict | str, store: Store) -> Sample:
    if not isinstance(outcome, Verdict) or not outcome.unwarped:
        return sample
    return replace(sample, image=keep_image(outcome.picture, store)).after(STAGE, json.dumps({"done": outcome.reason}))
