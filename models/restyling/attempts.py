"""Given samples, each drawn until a picture passes the gates or the tries are used up; the first that passes counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from torch import Tensor

from ..errors import BadModel, TroupeError
from ..picturefiles import file_digest
from ..progress import Progress
from ..registration.features import Onlooker, Sight, compare_features
from ..registration.gate import Verdict, check_structure
from ..samples.sample import Sample, read_picture
from .drawing import Artist, RestyleSettings, redrawn
from .ladder import Ladder
from .verdicts import Drawn, Trial, Verdicts


class Attempt(NamedTuple):
    """A drawn and judged picture: its key and digest in the store, and what the gates say. `final`: False where the
    onlooker could not say all, so that the next run asks it again."""

    sample: Sample
    key: str
    digest: str
    unwarped: bool
    trial: Trial
    final: bool = True


Tried = tuple[Sample, Attempt | TroupeError]


@dataclass(frozen=True)
class Attempts:
    """`each(work, samples)`: how several are tried: `map`, or several at once. `beat(sample, manner)` is called before
    each try and raises to cancel; `looking` is the same while `onlooker` looks at several pictures at once."""

    artist: Artist
    ladder: Ladder
    settings: RestyleSettings
    verdicts: Verdicts
    onlooker: Onlooker | None
    each: Callable[[Callable[[Sample], Tried], Sequence[Sample]], Iterable[Tried]]
    beat: Callable[[Sample, str], None]
    looking: Progress

    def __call__(self, samples: Sequence[Sample]) -> dict[str, Drawn | TroupeError]:
        """What became of each, by id; an error for one that cannot be read or drawn. Raises `BadModel`."""
        found: dict[str, Drawn | TroupeError] = {}
        trials: dict[str, tuple[Trial, ...]] = {s.id: () for s in samples}
        for number in range(self.settings.retries + 1):
            waiting = [s for s in samples if s.id not in found]
            tried = list(self.each(partial(self._tried, number), waiting)) if waiting else []
            found |= {s.id: error for s, error in tried if isinstance(error, TroupeError)}
            for attempt in self._looked_at([a for _, a in tried if isinstance(a, Attempt)]):
                id = attempt.sample.id
                trials[id] += (attempt.trial,)
                if not attempt.trial.failed:
                    found[id] = self._passed(attempt, trials[id])
        lost = [s for s in samples if s.id not in found]
        return found | {s.id: self.verdicts.keep(s, Drawn("", "", False, trials[s.id])) for s in lost}

    def _tried(self, number: int, sample: Sample) -> Tried:
        try:
            return sample, self._attempt(sample, number)
        except BadModel:
            raise
        except TroupeError as error:
            return sample, error

    def _attempt(self, sample: Sample, number: int) -> Attempt:
        rung = self.ladder.rung(sample.id, number)
        self.beat(sample, rung.manner)
        picture = read_picture(sample)
        drawing = self.artist.drawing(sample, picture, rung)
        verdict, key = self._structure(picture.rgb, drawing.pixels), drawing.key
        if verdict.unwarped:
            key = self.artist.put_back(drawing, verdict.picture, self.settings.gate, sample, picture)
        score = None if verdict.score is None else round(float(verdict.score), 4)
        trial = Trial(rung.seed, rung.manner, score, "" if verdict.passed else "structure", verdict.reason)
        digest = file_digest(self.artist.store.path(key, ".png"))
        return Attempt(sample, key, digest, verdict.unwarped, trial)

    def _structure(self, source: Tensor, drawn: Tensor) -> Verdict:
        if self.settings.gate is None:
            return Verdict(drawn, None, True, False, "structure not checked")
        return check_structure(source, drawn, self.settings.gate)

    def _looked_at(self, attempts: list[Attempt]) -> list[Attempt]:
        """The same attempts; those that kept their structure are judged by their features too."""
        standing = [a for a in attempts if not a.trial.failed]
        if self.onlooker is None or not standing:
            return attempts
        before = self.onlooker.look([a.sample for a in standing], self.looking)
        twins = [redrawn(a.sample, a.key, a.digest, self.artist.store) for a in standing]
        after = self.onlooker.look(twins, self.looking)
        seen = {a.sample.id: pair for a, pair in zip(standing, zip(before, after, strict=True), strict=True)}
        return [self._compared(a, *seen[a.sample.id]) if a.sample.id in seen else a for a in attempts]

    def _compared(self, attempt: Attempt, before: Sight, after: Sight) -> Attempt:
        found = compare_features(attempt.sample, before, after, self.settings.features)
        trial = attempt.trial._replace(failed="features", reason=found.reason)
        if found.passed:
            trial = attempt.trial._replace(reason=f"{attempt.trial.reason}; {found.reason}")
        return attempt._replace(trial=trial, final=not found.note)

    def _passed(self, attempt: Attempt, trials: tuple[Trial, ...]) -> Drawn:
        drawn = Drawn(attempt.key, attempt.digest, attempt.unwarped, trials)
        return self.verdicts.keep(attempt.sample, drawn) if attempt.final else drawn
