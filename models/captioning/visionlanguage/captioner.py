"""The captioner on any model that answers questions about a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

from torch import Tensor

from ...pixels import Picture, shrunk
from ...samples.exclusive import first_of_each
from ...samples.said import said_by_text
from ...samples.sample import Feature, Sample
from ...samples.seeds import sample_seed
from ..protocol import Observation
from .questions import Questions
from .reading import Reading, read_sentence, read_tags

# Raise it when the same answers are read in another way.
VERSION = 1
# A model that writes gives no probability: what it says is likely, and below what a person or a file says.
SURE = 0.8

Wanted = Literal["sentence and tags", "sentence", "tags"]


class Model(Protocol):
    """What looks and writes. The host's CLIP is wrapped to it in `nodes/`."""

    @property
    def identity(self) -> str:
        """Names the weights and the settings of writing."""

    @property
    def hears_cancel(self) -> bool:
        """As a captioner's; it may be missing."""

    def answer(self, question: str, pixels: Tensor, seed: int | None) -> str:
        """`pixels`: `(H, W, 3)` in [0, 1]. `seed`: None for the likeliest answer, a number for a drawn one."""


class Answered(NamedTuple):
    reading: Reading
    faults: tuple[str, ...]


@dataclass(frozen=True)
class VisionLanguageCaptioner:
    """Satisfies `protocol.Captioner`. `attempts`: how often a question is asked until the answer can be used."""

    model: Model
    questions: Questions
    wanted: Wanted = "sentence and tags"
    attempts: int = 3
    longest_side: int = 768
    seed: int = 0

    @property
    def identity(self) -> str:
        settings = [self.model.identity, self.questions.digest, self.wanted]
        return f"vision-language {VERSION} {json.dumps([*settings, self.attempts, self.longest_side, self.seed])}"

    @property
    def hears_cancel(self) -> bool:
        return getattr(self.model, "hears_cancel", False)

    @property
    def batch(self) -> int:
        """The host's models write about one picture at a time."""
        return 1

    def observe(self, pictures: Sequence[Picture], samples: Sequence[Sample]) -> Sequence[Observation]:
        return [self._observed(picture, sample) for picture, sample in zip(pictures, samples, strict=True)]

    def _observed(self, picture: Picture, sample: Sample) -> Observation:
        pixels = shrunk(picture.rgb, self.longest_side)
        seed_of = sample.image.digest  # the picture, not its name: answers are kept by the picture
        sentence = tags = Answered(Reading(), ())
        if "sentence" in self.wanted:
            sentence = self._asked("sentence", self.questions.sentence, read_sentence, pixels, seed_of)
        if "tags" in self.wanted:
            tags = self._asked("tags", self.questions.tags, read_tags, pixels, seed_of)
        features = _features(sentence.reading.text, tags.reading.tags)
        note = "; ".join(filter(None, (_note("sentence", sentence), _note("tags", tags))))
        return Observation(features, sentence.reading.text, tags.reading.tags, note)

    def _asked(
        self, what: str, questions: Sequence[str], read: Callable[[str], Reading], pixels: Tensor, seed_of: str
    ) -> Answered:
        """First the likeliest answer, then others, to the later questions."""
        faults: list[str] = []
        for attempt in range(self.attempts):
            question = questions[min(attempt, len(questions) - 1)]
            seed = sample_seed(self.seed, f"{what}/{seed_of}", attempt) if attempt else None
            reading = read(self.model.answer(question, pixels, seed))
            if not reading.fault:
                return Answered(reading, ())
            faults.append(reading.fault)
        return Answered(Reading(), tuple(faults))


def _note(what: str, answered: Answered) -> str:
    times = len(answered.faults)
    return f"no {what} after {times} attempts ({answered.faults[-1]})" if times else ""


def _features(sentence: str, tags: Sequence[str]) -> tuple[Feature, ...]:
    told = [*said_by_text(", ".join(tags)).told, *said_by_text(sentence).told] if tags else said_by_text(sentence).told
    return first_of_each(replace(feature, origin="captioner", confidence=SURE) for feature in told)
