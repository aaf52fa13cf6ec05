"""The consistency of a picture as its history keeps it, for Adjust and for whoever reads the manifest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ...samples.sample import Sample

STAGE = "check consistency"


@dataclass(frozen=True)
class Consistency:
    """likeness in [0, 1]: similarity to the character's other pictures, whatever this one shows. usual: the set's
    median. deviations: how far below that, in robust standard deviations. outlier: beyond the limit.
    look: by what pictures were compared; picture: digest of the one that was."""

    likeness: float
    usual: float
    deviations: float
    outlier: bool
    look: str
    picture: str


def noted(sample: Sample, found: Consistency) -> Sample:
    """`sample` with `found` in its history."""
    return sample.after(STAGE, json.dumps(asdict(found)))


def consistency_of(sample: Sample) -> Consistency | None:
    """The last that was noted; None where nobody compared this picture, or only what it was redrawn from."""
    for step in reversed(sample.history):
        if step.stage == STAGE:
            found = Consistency(**json.loads(step.settings))
            return found if found.picture == sample.image.digest else None
    return None
