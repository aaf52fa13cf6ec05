"""One run over a set, a character at a time: each sample with what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TypeVar

from torch import Tensor

from ..errors import TroupeError
from ..parallel import attended, core_count, ordered_map
from ..progress import Progress
from ..registration.features import Onlooker
from ..samples.redrawn import still_true
from ..samples.sample import Rejection, Sample, read_picture
from ..samples.store import Store
from .attempts import Attempts
from .cast import deciding_samples
from .drawing import Artist, RestyleSettings, redrawn
from .firstlook import small_pictures
from .ladder import Ladder, Rung
from .protocol import PreparedStylizer, Request, Stylizer
from .refusal import refusal
from .verdicts import Drawn, Trial, Verdicts

STAGE = "restyle"
# With somebody who looks at the pictures, so many are drawn before they are looked at: model and onlooker may need the
# same memory, and each turn costs a load.
TOGETHER = 16
# Pictures a core that are drawn before they are judged: at the end of each lot a core waits for half a picture.
AHEAD = 8
# Pixels that are drawn at once at most: the painterly looks take about 200 bytes for each.
ROOM = 32_000_000

Done = TypeVar("Done")


@dataclass(frozen=True)
class Redrawing:
    """One call of `restyle`. `places`: a sample's number in the order of drawing. `deciding`: of the larger set, if
    this is a part of one. `drawn`: ids of those that were drawn now; `trials`: every try, found or made."""

    settings: RestyleSettings
    store: Store
    onlooker: Onlooker | None
    progress: Progress
    places: Mapping[str, int]
    deciding: tuple[Sample, ...] = ()
    drawn: set[str] = field(default_factory=set)
    trials: dict[str, tuple[Trial, ...]] = field(default_factory=dict)

    def character(self, samples: tuple[Sample, ...], stylizer: Stylizer) -> Iterator[tuple[Sample, Sample | Rejection]]:
        """Each sample of one character with what became of it, in order."""
        deciding = deciding_samples(samples, self.store, self.deciding)
        pictures = small_pictures(deciding, partial(self._say, samples[0]))
        first = next(pictures, None)
        if first is None:  # then drawing has nothing to go by, and every sample its own reason
            yield from ((s, _unreadable(s)) for s in samples)
            return
        prepared = stylizer.prepare(chain([first], pictures))
        outcomes = self._judged(samples, prepared)
        for sample in samples:
            outcome = outcomes[sample.id]
            if isinstance(outcome, Drawn):
                self.trials[sample.id] = outcome.trials
            yield sample, _result(sample, outcome, prepared, self.store)

    def _judged(self, samples: tuple[Sample, ...], prepared: PreparedStylizer) -> dict[str, Drawn | TroupeError]:
        """By id, from the store or drawn now."""
        ladder = Ladder(prepared, self.settings.seed, self.settings.closer)
        verdicts = Verdicts(self.store, ladder, self.settings, self.onlooker.identity if self.onlooker else "")
        at_once = getattr(prepared, "concurrent", False)
        artist = Artist(self.store, self._drawn if at_once else self._draw)
        each, beat = (self._at_once, _unheard) if at_once else (map, self._beat)
        together = max(AHEAD * core_count() if at_once else 1, TOGETHER if self.onlooker else 1)
        attempts = Attempts(artist, ladder, self.settings, verdicts, self.onlooker, each, beat, self._looking)
        outcomes: dict[str, Drawn | TroupeError] = {}
        waiting: list[Sample] = []
        for sample, found in zip(samples, ordered_map(verdicts.find, samples), strict=True):
            if found is None:
                waiting.append(sample)
            else:
                self._beat(sample)
                outcomes[sample.id] = found
            if len(waiting) == together:
                outcomes |= attempts(waiting)
                waiting = []
        return outcomes | attempts(waiting)

    def _drawn(self, rung: Rung, request: Request) -> Tensor:
        self.drawn.add(request.sample.id)
        return rung.stylizer.restyle(request)

    def _draw(self, rung: Rung, request: Request) -> Tensor:
        if getattr(rung.stylizer, "hears_cancel", False):
            return self._drawn(rung, request)
        return attended(partial(self._drawn, rung, request), partial(self._beat, request.sample, rung.manner))

    def _at_once(self, work: Callable[[Sample], Done], samples: Sequence[Sample]) -> Iterator[Done]:
        """On all cores, while this thread tells of the pictures and hears Cancel."""
        latest = samples[0]

        def announced() -> Iterator[Sample]:
            nonlocal latest
            for latest in samples:
                self._beat(latest)
                yield latest

        largest = max(sample.image.width * sample.image.height for sample in samples)
        workers = max(1, min(core_count(), ROOM // largest))
        return ordered_map(work, announced(), workers, beat=lambda: self._beat(latest), own_core=True)

    def _beat(self, sample: Sample, manner: str = "") -> None:
        self._say(sample, f"{sample.id}, {manner}" if manner else sample.id)

    def _looking(self, done: int, total: int, name: str) -> None:
        self.progress(self.places[name], len(self.places), f"comparing {name}")

    def _say(self, sample: Sample, text: str) -> None:
        self.progress(self.places[sample.id], len(self.places), text)


def _unheard(sample: Sample, manner: str) -> None:
    """On another thread than Restyle's nobody listens."""


def _unreadable(sample: Sample) -> Rejection:
    try:
        read_picture(sample)
        reason = "the picture could not be read a moment ago; run again"
    except TroupeError as error:
        reason = str(error)
    return Rejection(sample.id, STAGE, reason, sample.image.path, sample)


def _result(
    sample: Sample, outcome: Drawn | TroupeError, stylizer: PreparedStylizer, store: Store
) -> Sample | Rejection:
    if isinstance(outcome, TroupeError):
        return Rejection(sample.id, STAGE, str(outcome), sample.image.path, sample)
    if not outcome.picture:
        return Rejection(sample.id, STAGE, refusal(outcome.trials), sample.image.path, sample)
    passed, second = outcome.trials[-1], sample.style.second
    facts = {
        "first": sample.style.first.id,
        "second": second.id if second else "",
        "structure": passed.score,
        "unwarped": outcome.unwarped,
        "tries": len(outcome.trials),
        "manner": passed.manner,
    }
    twin = still_true(redrawn(sample, outcome.picture, outcome.digest, store), stylizer.repaints)
    return twin.after(STAGE, json.dumps(facts), passed.seed)
