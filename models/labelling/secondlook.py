"""A redrawn picture speaks for itself only where somebody has looked at it since; until then its facts are copies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ..samples.sample import Description, Feature, Sample

# Stages as they are named in a sample's history (a test holds them to the steps' own names): what draws a picture
# anew, what looks at one, and what leaves a part of it, so that it is no longer its source's view.
REDRAWN = ("restyle", "set images", "check structure")
LOOKED = ("describe", "set captions")
CUT = "crop"
MACHINES = ("captioner", "measured")


def is_twin(sample: Sample) -> bool:
    """Whether it is its source's view, drawn anew."""
    return sample.source is not None and _stages(sample).count(CUT) == _stages(sample.source).count(CUT)


def is_witness(twin: Sample) -> bool:
    """Whether the twin has been looked at since it was redrawn, and its source since that was, if it was."""
    source_redrawn = any(stage in REDRAWN for stage in _stages(twin.source))
    return _looked_again(twin) and (not source_redrawn or _looked_again(twin.source))


def seen_anew(twins: Iterable[Sample]) -> frozenset[str]:
    """Slots that the second look speaks of: in at least one twin it says something there that the source has not.

    A look leaves facts alone that it says nothing about, so a slot with the source's very facts (confidence and
    measure too) in all twins was copied, not seen.
    """
    return frozenset(f.slot for twin in twins for f in {*_machine_facts(twin)} - {*twin.source.features})


def as_seen(sample: Sample, slots: Collection[str]) -> Sample:
    """The sample with nothing but what machines saw in `slots`: what people say of it is carried over, not seen."""
    features = tuple(f for f in _machine_facts(sample) if f.slot in slots)
    return replace(sample, features=features, description=Description())


def _looked_again(sample: Sample) -> bool:
    stages = _stages(sample)
    redrawn = max((n for n, stage in enumerate(stages) if stage in REDRAWN), default=len(stages))
    return any(stage in LOOKED for stage in stages[redrawn + 1 :])


def _stages(sample: Sample) -> list[str]:
    return [step.stage for step in sample.history]


def _machine_facts(sample: Sample) -> tuple[Feature, ...]:
    return tuple(f for f in sample.features if f.origin in MACHINES)
