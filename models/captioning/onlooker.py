"""A captioner that is asked what pictures show, so that a picture and its redrawn twin can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..progress import Progress, silent
from ..registration.features import Sight
from ..samples.sample import Description, Sample, SampleSet
from ..samples.store import Store
from .describe import describe, note_of
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

    def look(self, samples: Sequence[Sample], progress: Progress = silent) -> Sequence[Sight]:
        unknown = tuple(replace(s, features=(), description=Description()) for s in samples)
        described = describe(SampleSet(unknown), self.captioner, self.store, progress=progress)
        seen = {s.id: Sight(s.features, note_of(s)) for s in described.samples}
        seen |= {r.id: Sight(note=r.reason) for r in described.rejected}
        return [seen[s.id] for s in samples]
