"""A job beside an undisturbed run of the same: what it was given, what was there before, and what shall come out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import given
from .children import Children, said
from .contents import aged, contents, difference, unfinished
from .jobs import NAME

FEW, MORE = 4, 6  # pictures


@dataclass(frozen=True)
class Trial:
    """`given`: what the job reads. `before`: what lies in its target already, if anything. `seconds`: how long an
    undisturbed run takes, `files` and `text` what it leaves and gives back."""

    job: str
    given: Path
    before: Path | None
    seconds: float
    files: dict[str, str]
    text: str

    def begun(self, place: Path) -> Path:
        """A new place for the job; an old one is taken away."""
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        (place / "given").symlink_to(self.given)
        if self.before:
            shutil.copytree(self.before, place / "made")
        else:
            (place / "made").mkdir()
        return place

    def wrong(self, place: Path, with_text: bool = True) -> str:
        """What is not as the undisturbed run left it; an empty text where all is."""
        told = difference(contents(place / "made"), self.files)
        return told or ("it gave back something else" if with_text and said(place) != self.text else "")


def trial(children: Children, job: str, given: Path, scratch: Path, before: Path | None = None) -> Trial:
    """The job done once, undisturbed; and once more, to know how long it takes without what only a first run does."""
    bare = Trial(job, given, before, 0.0, {}, "")
    children.timed(job, bare.begun(scratch / "undisturbed"))
    place = bare.begun(scratch / "undisturbed")
    seconds = children.timed(job, place)
    return Trial(job, given, before, seconds, contents(place / "made"), said(place))


def untidied(trial: Trial, children: Children, place: Path, tidy: Callable[[Path], None] | None = None) -> list[str]:
    """What killed runs left in the middle and a run two days later does not tidy up."""
    if not unfinished(place / "made"):
        return []
    aged(place / "made")
    children.run(trial.job, place)
    if tidy:
        tidy(place)
    return unfinished(place / "made")


def all_trials(children: Children, scratch: Path, names: Sequence[str]) -> dict[str, Trial]:
    """Of the jobs called so, each on a small set."""
    few = given.pictures(scratch / "few", FEW, 160)
    more = given.pictures(scratch / "more", MORE, 256)
    found: dict[str, Trial] = {}
    for name in names:
        begins, before = few, None
        if name in ("write", "write over", "write more"):
            begins = more
        if name in ("write over", "write more"):
            before = _made("write", few, children, scratch)
        if name == "make composites":
            begins = _scenes(scratch)
        if name == "train":
            begins = _made("make composites", _scenes(scratch), children, scratch) / "sets" / NAME
        found[name] = trial(children, name, begins, scratch, before)
    return found


def _scenes(scratch: Path) -> Path:
    folder = scratch / "scenes"
    return folder if folder.exists() else given.pictures(folder, MORE, 160)


def _made(job: str, given: Path, children: Children, scratch: Path) -> Path:
    """What the job makes of it, for others to begin with."""
    place = scratch / f"made by {job}"
    if not place.exists():
        children.timed(job, Trial(job, given, None, 0.0, {}, "").begun(place))
    return place / "made"
