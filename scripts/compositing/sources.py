"""Where the shipped model's training groups come from: photographs with the thing taken out, and drawn scenes."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from ...models.compositing.groups.group import GroupPixels
from ...models.compositing.training.source import Source
from ...models.errors import TroupeError
from ...models.parallel import ordered_map
from ...models.progress import Progress, silent
from .photographs import SIDE, instances, taken_out
from .scenes.scene import Scenes


class Remembered:
    """Groups in memory, kept as bytes."""

    def __init__(self, kept: list[GroupPixels]) -> None:
        self._kept = kept

    def __len__(self) -> int:
        return len(self._kept)

    def colours(self, index: int) -> bool:
        return True

    def __getitem__(self, index: int) -> GroupPixels:
        kept = self._kept[index]
        return GroupPixels(*(p.float() / 255 for p in kept[:3]), kept.box)


class Blend:
    """Several sources in fixed shares, whatever their lengths: number `i` is the same group each time."""

    def __init__(self, parts: Sequence[tuple[float, Source]], length: int) -> None:
        self.parts, self.length = [part for share, part in parts if share > 0], length
        shares = torch.tensor([share for share, _ in parts if share > 0])
        self.bounds = (shares / shares.sum()).cumsum(0) * length

    def __len__(self) -> int:
        return self.length

    def _find(self, index: int) -> tuple[Source, int]:
        number = int((self.bounds <= index).sum().clamp(max=len(self.parts) - 1))
        part = self.parts[number]
        return part, (index * 7919) % len(part)

    def colours(self, index: int) -> bool:
        part, number = self._find(index)
        return part.colours(number)

    def __getitem__(self, index: int) -> GroupPixels:
        part, number = self._find(index)
        return part[number]


class EndToEnd:
    """Several sources, one after the other."""

    def __init__(self, parts: Sequence[Source]) -> None:
        self.parts = list(parts)
        lengths = torch.tensor([0, *(len(part) for part in self.parts)])
        self.starts = lengths.cumsum(0).tolist()

    def __len__(self) -> int:
        return self.starts[-1]

    def _find(self, index: int) -> tuple[Source, int]:
        number = bisect.bisect_right(self.starts, index) - 1
        return self.parts[number], index - self.starts[number]

    def colours(self, index: int) -> bool:
        part, number = self._find(index)
        return part.colours(number)

    def __getitem__(self, index: int) -> GroupPixels:
        part, number = self._find(index)
        return part[number]


def scenes(count: int, seed: int, progress: Progress = silent) -> Remembered:
    """`count` drawn scenes."""
    return _remembered(Scenes(count, seed).__getitem__, range(count), "drawing scenes", progress)


def photographs(
    folder: Path, wanted: Callable[[int], bool], variants: int, side: int = SIDE, seed: int = 0,
    progress: Progress = silent,
) -> Remembered:  # fmt: skip
    """Groups of the images whose id is `wanted`, each thing taken out in `variants` ways, `side` pixels long.

    What cannot be used (too small, nothing to fill its place with) is passed over.
    """
    found = instances(Path(folder), wanted)
    jobs = [(one, seed + variant) for variant in range(variants) for one in found]
    return _remembered(lambda job: taken_out(job[0], side, job[1]), jobs, "filling photographs", progress)


def _remembered(make: Callable, jobs: Sequence, what: str, progress: Progress) -> Remembered:
    """`make(job)` of every job, on all cores, without those that raise `TroupeError`."""

    def packed(job) -> GroupPixels | None:
        try:
            made = make(job)
        except TroupeError:
            return None
        return GroupPixels(*((p * 255).round().to(torch.uint8) for p in made[:3]), made.box)

    kept = []
    for done, group in enumerate(ordered_map(packed, jobs)):
        progress(done, len(jobs), what)
        if group is not None:
            kept.append(group)
    return Remembered(kept)
