"""A captioner that is asked what pictures show, so that a picture and its redrawn twin can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..progress import Progress, silent
from ..samples.sample import Description, Feature, Sample, SampleSet
from ..samples.store import Store
from .describe import describe
from .protocol import Captioner


@dataclass(frozen=True)
class LookingCaptioner:
    """Satisfies `registration.features.Onlooker`. What it saw is kept where Describe keeps it: a picture that the same
    captioner described before is not looked at again."""

    captioner: Captioner
    store: Store

    @property
    def identity(self) -> str:
        return self.captioner.identity

    def look(self, samples: Sequence[Sample], progress: Progress = silent) -> Sequence[tuple[Feature, ...]]:
        unknown = tuple(replace(s, features=(), description=Description()) for s in samples)
        described = describe(SampleSet(unknown), self.captioner, self.store, progress=progress)
        seen = {s.id: s.features for s in described.samples}
        return [seen.get(s.id, ()) for s in samples]
