"""What a manifest holds, gone through as often as anybody likes and never held."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import TroupeError
from ..rereading import Item, Reread
from ..samples.sample import Rejection, Sample, SampleSet
from ..samples.serial import sample_from_json
from .manifest import parsed_lines, read_rejected
from .roots import Roots, moved
from .seal import Seal, read_seal


class OnDisk(Reread[Item]):
    """The lines of a manifest at `places`, each as what `build` makes of its JSON, anew for whoever asks. Raises
    `TroupeError` when a damaged line is come to, and where another manifest lies there by now."""

    def __init__(self, path: Path, build: Callable[[Any], Item], places: Sequence[range], seal: Seal) -> None:
        self._path, self._build, self._places, self._seal = path, build, places, seal
        self._stamp = _stamp(path)

    def __len__(self) -> int:
        return sum(map(len, self._places))

    def __iter__(self) -> Iterator[Item]:
        if _stamp(self._path) != self._stamp:
            raise TroupeError(
                "A manifest was made anew while it was read", item=self._path.name, remedy="Run this step again."
            )
        for places in self._places:
            yield from parsed_lines(self._path, places, self._build, self._seal)


@dataclass(frozen=True)
class SetOnDisk:
    """A sample set for those who look at one sample after the other; satisfies `ByCharacter`."""

    samples: OnDisk[Sample]
    rejected: tuple[Rejection, ...]
    by_character: Mapping[str, OnDisk[Sample]]

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def characters(self) -> tuple[str, ...]:
        return tuple(self.by_character)

    def of(self, character: str) -> Collection[Sample]:
        return self.by_character.get(character, ())

    def require_any(self, stage: str) -> None:
        if not self.samples:
            SampleSet((), self.rejected).require_any(stage)


def all_of(path: Path, build: Callable[[Any], Item]) -> OnDisk[Item]:
    """Of a manifest that is no list of samples; without what dropped out. Raises `TroupeError` where it is not
    sealed."""
    seal = read_seal(path)
    return OnDisk(path, build, (range(seal.samples),), seal)


def samples_on_disk(path: Path, roots: Roots, places: range, seal: Seal) -> OnDisk[Sample]:
    """Some of a manifest of samples."""
    return OnDisk(path, partial(_found, roots), (places,), seal)


def set_on_disk(path: Path, roots: Roots) -> SetOnDisk:
    """All of them; what dropped out is read at once."""
    seal = read_seal(path)
    lines = partial(OnDisk, path, partial(_found, roots), seal=seal)
    who = dict.fromkeys(character for character, _ in seal.runs)
    by_character = {character: lines(places) for character, places in seal.places_of(who).items()}
    return SetOnDisk(lines((range(seal.samples),)), tuple(read_rejected(path, roots)), by_character)


def _found(roots: Roots, data: Any) -> Sample:
    return moved(sample_from_json(data), roots.found)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
