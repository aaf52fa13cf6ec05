"""Given a set and backgrounds, more samples of the same characters: cut out, placed and composited by the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import NamedTuple

from ...parallel import attended
from ...progress import Progress, silent
from ...samples.sample import Sample, SampleSet
from ...samples.store import Store
from .backdrops import Backdrop
from .choosing import Pair, pairs
from .cutouts import CutOut
from .finished import NoScene, Scene
from .settings import StageSettings
from .stagehand import Compositor, Stagehand
from .telling import STAGE


class Skipped(NamedTuple):
    """A picture that was not staged on a background ("" = on none at all), and why."""

    id: str
    background: str
    reason: str


class Staged(NamedTuple):
    """The new set; in it the `staged`; how many were made now and found finished; what was not staged."""

    sample_set: SampleSet
    staged: tuple[Sample, ...]
    computed: int
    reused: int
    skipped: tuple[Skipped, ...]


def stage_samples(
    sample_set: SampleSet,
    backgrounds: Sequence[Backdrop],
    compositor: Compositor,
    settings: StageSettings,
    store: Store,
    progress: Progress = silent,
) -> Staged:
    """Put every sample that has a mask on `per_sample` of the backgrounds; what is in `store` is not made again.

    Originals stay in the set, unless `keep_originals` is off and something took their place. Samples that are
    staged already stay as they are. Raises `EmptySet` when there is no sample.
    """
    sample_set.require_any("Stage Sample Set")
    against = {s.id: reason for s in sample_set.samples if (reason := _against(s))}
    skipped = [Skipped(id_, "", reason) for id_, reason in against.items()]
    hand = Stagehand(compositor, settings, store)
    made: dict[str, list[Sample]] = {}
    fresh = 0
    fit = [sample for sample in sample_set.samples if sample.id not in against]
    for (sample, drop), outcome, is_fresh in _outcomes(fit, backgrounds, hand, progress):
        if isinstance(outcome, NoScene):
            skipped.append(Skipped(sample.id, drop.caption or drop.name, outcome.reason))
            continue
        fresh += is_fresh
        made.setdefault(sample.id, []).append(hand.result(Pair(sample, drop), outcome))
    samples = tuple(_replaced(sample_set.samples, made, settings.keep_originals))
    staged = tuple(new for several in made.values() for new in several)
    return Staged(replace(sample_set, samples=samples), staged, fresh, len(staged) - fresh, tuple(skipped))


def _against(sample: Sample) -> str:
    """Why a sample is left as it is, or an empty text."""
    if any(step.stage == STAGE for step in sample.history):
        return "it is staged already"
    if sample.mask is None:
        return "it has no mask, so nobody knows what to cut out; use alpha, masks beside the pictures, or Set Masks"
    return ""


def _replaced(samples: Iterable[Sample], made: dict[str, list[Sample]], keep: bool) -> Iterator[Sample]:
    for sample in samples:
        if keep or sample.id not in made:
            yield sample
        yield from made.get(sample.id, ())


def _outcomes(
    samples: Sequence[Sample], backgrounds: Sequence[Backdrop], hand: Stagehand, progress: Progress
) -> Iterator[tuple[Pair, Scene | NoScene, bool]]:
    """Every pair with what became of it, and whether it was made now; one cut-out in memory at a time."""
    chosen = list(pairs(samples, backgrounds, hand.settings.per_sample, hand.settings.seed))
    for _, several in groupby(enumerate(chosen), key=lambda numbered: numbered[1].sample.id):
        thing: CutOut | NoScene | None = None
        for done, pair in several:
            beat = partial(progress, done, len(chosen), pair.sample.id)
            beat()
            found = hand.find(pair)
            if found is None:
                thing = thing or attended(partial(hand.cut, pair.sample), beat)
                found = attended(partial(hand.make, pair, thing), beat)
                yield pair, found, True
            else:
                yield pair, found, False
