"""What a manifest holds, gone through as often as anybody likes and never held."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..samples.sample import Sample, SampleSet
from ..samples.serial import sample_from_json
from .manifest import parsed_lines, read_rejected
from .roots import Roots, moved
from .seal import Seal, read_seal

Item = TypeVar("Item")


class OnDisk(Collection, Generic[Item]):
    """The lines of a manifest at `places`, each as what `build` makes of its JSON, anew for whoever asks."""

    def __init__(self, path: Path, build: Callable[[Any], Item], places: Sequence[range], seal: Seal) -> None:
        self._path, self._build, self._places, self._seal = path, build, places, seal

    def __len__(self) -> int:
        return sum(map(len, self._places))

    def __iter__(self) -> Iterator[Item]:
        for places in self._places:
            yield from parsed_lines(self._path, places, self._build, self._seal)

    def __contains__(self, item: object) -> bool:
        return any(item == other for other in self)


@dataclass(frozen=True)
class SetOnDisk(SampleSet):
    """A sample set for those who look at one sample after the other. `by_character`: of each, in order."""

    by_character: Mapping[str, Collection[Sample]] = None

    @cached_property
    def _by_character(self) -> Mapping[str, Collection[Sample]]:
        return self.by_character


def all_of(path: Path, build: Callable[[Any], Item]) -> OnDisk[Item]:
    """Of a manifest that is no list of samples; without what dropped out. Raises `TroupeError` where it is not
    sealed, and when a damaged line is come to."""
    seal = read_seal(path)
    return OnDisk(path, build, (range(seal.samples),), seal)


def samples_on_disk(path: Path, roots: Roots, places: range) -> OnDisk[Sample]:
    """Some of a manifest of samples."""
    return OnDisk(path, partial(_found, roots), (places,), read_seal(path))


def set_on_disk(path: Path, roots: Roots) -> SetOnDisk:
    """All of them; what dropped out is read at once."""
    seal = read_seal(path)
    lines = partial(OnDisk, path, partial(_found, roots), seal=seal)
    who = dict.fromkeys(character for character, _ in seal.runs)
    by_character = {character: lines(places) for character, places in seal.places_of(who).items()}
    return SetOnDisk(lines((range(seal.samples),)), tuple(read_rejected(path, roots)), (), by_character)


def _found(roots: Roots, data: Any) -> Sample:
    return moved(sample_from_json(data), roots.found)
