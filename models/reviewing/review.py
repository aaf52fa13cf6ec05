"""A set as a person has reviewed it: what they dropped is dropped, what they wrote is theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..picturefiles import encode, write_whole
from ..progress import Progress, silent
from ..samples.sample import Rejection, Sample, SampleSet
from ..samples.store import store_key
from .entry import Entry
from .merging import Words, merged, own_words, remembered
from .reviewfile import Place, check_name, read_review, recall, remember, write_review
from .sheets import Shown, review_sheets
from .tabletext import plain
from .words import STAGE, with_words, words_of


@dataclass(frozen=True)
class Reviewed:
    """`sheets`: the contact sheets' files, in order. `shown`: every picture that was given, in the table's order."""

    sample_set: SampleSet
    table: Path
    sheets: tuple[Path, ...]
    shown: tuple[Shown, ...]
    new: int
    gone: tuple[Entry, ...]
    unread: tuple[str, ...]

    @property
    def dropped(self) -> int:
        return sum(s.dropped for s in self.shown)

    @property
    def edited(self) -> int:
        return sum(bool(s.mine) for s in self.shown)


def review(sample_set: SampleSet, folder: Path, name: str, progress: Progress = silent) -> Reviewed:
    """Bring the table `name` in `folder` up to date with the set, draw its sheets, and do what a person wrote in it.

    Doing it twice changes nothing. Raises `EmptySet`, and `TroupeError` for a table that cannot be understood; then
    nothing is written.
    """
    sample_set.require_any("Review Samples")
    check_name(name)
    place = Place(folder, name)
    old, before = read_review(place), recall(place)
    samples = {plain(s.id): s for s in sample_set.samples}
    machine = {picture: words_of(s, old.columns.slots) for picture, s in samples.items()}
    brought = merged(old.entries, old.columns, machine, before)
    entries = write_review(place, old, brought)
    remember(place, remembered(machine, before, brought.gone))
    own = {e.picture: own_words(e, machine[e.picture], before.get(e.picture, {})) for e in entries}
    shown = tuple(Shown(e.number, samples[e.picture], e.dropped, tuple(own[e.picture])) for e in entries)
    sheets = tuple(_drawn(place, shown, progress))
    result = _judged(sample_set, entries, samples, own)
    return Reviewed(result, place.table, sheets, shown, brought.new, brought.gone, old.columns.unread)


def review_fingerprint(folder: Path, name: str) -> str:
    """Another text when a person has changed the table, and the same one when only this step has written it."""
    check_name(name)
    place = Place(folder, name)
    old, before = read_review(place), recall(place)
    said = [[e.picture, e.dropped, own_words(e, {}, before.get(e.picture, {}))] for e in old.entries]
    return store_key(sorted((s for s in said if s[1] or s[2]), key=lambda s: s[0]))


def _judged(
    sample_set: SampleSet, entries: Sequence[Entry], samples: Mapping[str, Sample], own: Mapping[str, Words]
) -> SampleSet:
    """In the set's order."""
    lines = {samples[e.picture].id: e for e in entries}
    dropped = [
        Rejection(s.id, STAGE, f"dropped in review (line {lines[s.id].number})", s.image.path, s)
        for s in sample_set.samples
        if lines[s.id].dropped
    ]
    return sample_set.without(dropped).mapped(lambda s: with_words(s, own[lines[s.id].picture]))


def _drawn(place: Place, shown: Sequence[Shown], progress: Progress) -> Iterator[Path]:
    """Write the sheets, and take away those of a longer table."""
    page = 0
    for page, sheet in enumerate(review_sheets(shown, place.table.name), 1):
        progress(page - 1, page, f"contact sheet {page}")
        write_whole(place.sheet(page), partial(encode, sheet, suffix=".jpg"), "The review's contact sheet")
        yield place.sheet(page)
    while place.sheet(page := page + 1).exists():
        place.sheet(page).unlink()
