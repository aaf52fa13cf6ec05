"""What a staging run did, as text for a person, and the staged pictures to look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from PIL import Image

from ...samples.holes import pictures
from ...samples.sample import Sample
from ...samples.sheets import contact_sheet
from ...texttable import elided, table
from .backdrops import Backdrop
from .stage import Staged

LONGEST = 60  # columns of a caption


def stage_report(staged: Staged, backgrounds: Sequence[Backdrop]) -> str:
    """Counts, how often each background is used, how sure the model was, and everything that was not staged."""
    lines = [
        f"{pictures(len(staged.staged))} staged on {len(backgrounds)} backgrounds: {staged.computed} made now, "
        f"{staged.reused} found finished. The set has {pictures(len(staged.sample_set))} now."
    ]
    lines += _confidence(staged.staged)
    used = Counter(_facts(sample)["background"] for sample in staged.staged)
    rows = [[elided(_name(drop), LONGEST), str(used[drop.name])] for drop in backgrounds]
    lines += ["", table([["background", "pictures"], *rows], left=1)]
    if told := [sample.id for sample in staged.staged if sample.description.own_sentence]:
        lines += [
            "",
            f"{len(told)} have a sentence in your own words, which may tell of the old scene: {', '.join(told)}",
        ]
    if staged.skipped:
        lines += ["", f"{len(staged.skipped)} not staged:"]
        lines += [f"  {s.id}{f' on {s.background}' if s.background else ''}: {s.reason}" for s in staged.skipped]
    return "\n".join(lines)


def staged_sheet(staged: Staged, backgrounds: Sequence[Backdrop]) -> Image.Image:
    """The staged pictures by character, each with its background and how sure the model was of the place."""
    names = {drop.name: _name(drop) for drop in backgrounds}
    labels = [f"{f['confidence']:.0%} sure, {names[f['background']]}" for f in map(_facts, staged.staged)]
    return contact_sheet(staged.staged, columns=4, cell=256, title="Staged pictures", labels=labels)


def _confidence(samples: Sequence[Sample]) -> list[str]:
    sure = sorted((_facts(sample)["confidence"], sample.id) for sample in samples)
    if not sure:
        return []
    (lowest, where), (middle, _) = sure[0], sure[len(sure) // 2]
    return [f"The model was sure of the places to {middle:.0%} (median), lowest {lowest:.0%} ({where})."]


def _facts(sample: Sample) -> dict:
    return json.loads(sample.history[-1].settings)


def _name(drop: Backdrop) -> str:
    return drop.caption or f"background {drop.name}"
