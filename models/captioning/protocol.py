"""What a captioner is: given pictures, what each of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..embedding import Embedder
from ..pixels import Picture
from ..samples.sample import Feature, Sample


@dataclass(frozen=True)
class Observation:
    """What a captioner saw in one picture. Static and dynamic features differ by their slot
    (`models/vocabulary`). An empty sentence is written by Describe from the features. `note`: why something that
    was asked for is missing; such an observation is not kept, so that the next run asks again."""

    features: tuple[Feature, ...] = ()
    sentence: str = ""
    keywords: tuple[str, ...] = ()
    note: str = ""


class Captioner(Protocol):
    """What travels on a TROUPE_CAPTIONER wire. Another pack can supply its own."""

    @property
    def identity(self) -> str:
        """Back end, version and settings; part of the store's key."""

    @property
    def batch(self) -> int:
        """How many pictures `observe` wants at once."""

    @property
    def hears_cancel(self) -> bool:
        """True: `observe` raises by itself when the user cancels, as the host's bar does at every word, so it is called
        on the thread that Describe runs on. Otherwise, or when it is missing, a thread of its own looks and is let go
        on Cancel."""

    def observe(self, pictures: Sequence[Picture], samples: Sequence[Sample]) -> Sequence[Observation]:
        """One observation a picture, in order. Only what was seen or measured, each with its confidence."""


class EmbeddingCaptioner(Captioner, Embedder, Protocol):
    """A captioner that also has `embed`, which is optional: with it, Check Consistency compares what pictures show and
    not their colours alone."""
