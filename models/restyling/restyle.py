"""Given a set whose samples have styles, the second sample set: every picture redrawn, none drawn twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ..errors import BadModel, TroupeError
from ..parallel import attended, ordered_map
from ..pixels import Picture, shrunk
from ..progress import Progress, silent
from ..samples.redrawn import still_true
from ..samples.sample import Rejection, Sample, SampleSet, read_picture
from ..samples.store import Store
from .cast import deciding_samples
from .drawing import Artist, Drawn, RestyleSettings
from .protocol import Stylizer

STAGE = "restyle"
# Set statistics (palette, tone) do not change visibly above this side, and reading gets 10 times faster.
STATISTICS_SIDE = 256


class Restyled(NamedTuple):
    """The second sample set; how many pictures were drawn now (kept or not), and how many were found finished."""

    sample_set: SampleSet
    computed: int
    reused: int


def restyle(
    sample_set: SampleSet,
    stylizer: Stylizer,
    settings: RestyleSettings,
    store: Store,
    progress: Progress = silent,
) -> Restyled:
    """Redraw every sample in its `style`. What is in `store` already is not drawn again.

    A picture that cannot be read, or lost its structure in every attempt, is rejected with the reason.
    Raises `TroupeError` for a sample without a style, and `BadModel` when no picture can be drawn at all.
    """
    _require_styles(sample_set)
    made: dict[str, Sample | Rejection] = {}
    drawn: list[str] = []
    for character in sample_set.characters:
        samples = sample_set.of(character)
        watch = _Watch(progress, len(made), len(sample_set))
        pictures = _small_pictures(deciding_samples(samples, store), watch)
        first = next(pictures, None)
        if first is None:  # then drawing has nothing to go by, and every sample its own reason
            made |= {s.id: _unreadable(s) for s in samples}
            continue
        artist = Artist(stylizer.prepare(_chained(first, pictures)), settings, store)
        for sample, result in _redraw(samples, artist, watch, drawn):
            made[sample.id] = result
    kept = tuple(r for s in sample_set.samples if isinstance(r := made[s.id], Sample))
    rejected = tuple(r for r in made.values() if isinstance(r, Rejection))
    reused = sum(s.id not in drawn for s in kept)
    return Restyled(SampleSet(kept, sample_set.rejected + rejected), len(drawn), reused)


class _Watch(NamedTuple):
    """Progress over the whole set, for the part of it that begins at `start`."""

    progress: Progress
    start: int
    total: int

    def __call__(self, done: int, name: str) -> None:
        self.progress(self.start + done, self.total, name)


def _require_styles(sample_set: SampleSet) -> None:
    sample_set.require_any("Restyle")
    bare = [s.id for s in sample_set.samples if s.style is None]
    if bare:
        raise TroupeError(
            f"{len(bare)} of {len(sample_set)} pictures have no style",
            item=", ".join(bare[:3]),
            remedy="Wire the set through Map Styles before Restyle.",
        )


def _small_pictures(samples: tuple[Sample, ...], watch: _Watch) -> Iterator[Picture]:
    """Every readable picture, at most STATISTICS_SIDE pixels long, in order."""
    for sample, picture in zip(samples, ordered_map(_small_picture, samples), strict=True):
        watch(0, f"looking at {sample.id}")
        if picture is not None:
            yield picture


def _small_picture(sample: Sample) -> Picture | None:
    try:
        rgb, mask = read_picture(sample, at_least=STATISTICS_SIDE)
    except TroupeError:
        return None  # rejected with its reason when its turn to be drawn comes
    return Picture(shrunk(rgb, STATISTICS_SIDE), mask if mask is None else shrunk(mask, STATISTICS_SIDE))


def _chained(first: Picture, rest: Iterator[Picture]) -> Iterator[Picture]:
    yield first
    yield from rest


def _redraw(
    samples: tuple[Sample, ...], artist: Artist, watch: _Watch, drawn: list[str]
) -> Iterator[tuple[Sample, Sample | Rejection]]:
    """Each sample with what became of it, in order; ids of those that were drawn now go to `drawn`."""
    for done, (sample, found) in enumerate(zip(samples, ordered_map(artist.find, samples), strict=True)):
        beat = partial(watch, done, sample.id)
        beat()
        if found is None:
            draw = partial(_drawn, artist, sample, partial(_note, drawn, sample.id))
            found = draw() if getattr(artist.stylizer, "hears_cancel", False) else attended(draw, beat)
        yield sample, found if isinstance(found, Rejection) else _result(sample, found, artist)


def _drawn(artist: Artist, sample: Sample, on_drawing) -> Drawn | Rejection:
    try:
        return artist.draw(sample, on_drawing)
    except BadModel:
        raise
    except TroupeError as error:
        return Rejection(sample.id, STAGE, str(error), sample.image.path, sample)


def _note(drawn: list[str], id: str) -> None:
    if id not in drawn[-1:]:
        drawn.append(id)


def _unreadable(sample: Sample) -> Rejection:
    try:
        read_picture(sample)
        reason = "the picture could not be read a moment ago; run again"
    except TroupeError as error:
        reason = str(error)
    return Rejection(sample.id, STAGE, reason, sample.image.path, sample)


def _result(sample: Sample, drawn: Drawn, artist: Artist) -> Sample | Rejection:
    if not drawn.picture:
        return Rejection(sample.id, STAGE, drawn.reason, sample.image.path, sample)
    second = sample.style.second
    facts = {
        "first": sample.style.first.id,
        "second": second.id if second else "",
        "structure": drawn.score,
        "unwarped": drawn.unwarped,
    }
    redrawn = still_true(artist.result(sample, drawn), artist.stylizer.repaints)
    return redrawn.after(STAGE, json.dumps(facts), drawn.seed)
