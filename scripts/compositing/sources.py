"""Where the shipped model's training groups come from: photographs with the thing taken out, and drawn scenes."""

from __future__ import annotations

import bisect
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from ...models.compositing.groups.group import GroupPixels
from ...models.compositing.training.source import Source
from ...models.errors import TroupeError
from ...models.geometry import Box
from ...models.parallel import ordered_map
from ...models.progress import Progress, silent
from ...models.samples.seeds import sample_seed
from .photographs import SIDE, instances, taken_out
from .scenes.scene import Scenes

PARTS = ("foreground", "background", "composite")
# Things of one kind whose width / height differ by less than a third stand alike: a sitting person is no standing one.
ALIKE = math.log(4 / 3)
# How many strangers each group gets.
TURNS = 16


class Kept:
    """Groups that were made once, read from a file as bytes. kinds: what each group's thing is called."""

    def __init__(self, file: Path) -> None:
        from safetensors import safe_open

        self._file = safe_open(file, "pt")
        notes = json.loads(self._file.metadata()["groups"])
        self.boxes = [Box(*box) for box in notes["boxes"]]
        self.kinds: list[str] = notes["kinds"]

    def __len__(self) -> int:
        return len(self.boxes)

    def colours(self, index: int) -> bool:
        return True

    def __getitem__(self, index: int) -> GroupPixels:
        parts = (self._file.get_tensor(f"{index}.{part}").float() / 255 for part in PARTS)
        return GroupPixels(*parts, self.boxes[index])


class Exchanged:
    """Each group with the cut-out of another group of its kind and nearly of its shape, which would stand as it does.

    One person stands where another one would; so a network cannot know a place by the one thing that it saw there.
    The composite shows somebody else, so its colours are not to be learnt from.
    """

    def __init__(self, groups: Kept, seed: int = 0) -> None:
        self.groups, self.seed = groups, seed
        shapes = [math.log(box.size.width / box.size.height) for box in groups.boxes]
        self._like = [
            [j for j, kind in enumerate(groups.kinds) if kind == own and abs(shapes[j] - shapes[i]) < ALIKE]
            for i, own in enumerate(groups.kinds)
        ]

    def __len__(self) -> int:
        return len(self.groups) * TURNS

    def colours(self, index: int) -> bool:
        return False

    def __getitem__(self, index: int) -> GroupPixels:
        number, like = index % len(self.groups), self._like[index % len(self.groups)]
        other = like[sample_seed(self.seed, str(index)) % len(like)]
        group, foreground = self.groups[number], self.groups[other].foreground
        return group._replace(foreground=foreground, box=_standing_in(group.box, self.groups.boxes[other]))


def _standing_in(box: Box, other: Box) -> Box:
    """As tall as `box` and with the same foot, as wide as `other` is in proportion."""
    width = max(1, round(box.size.height * other.size.width / other.size.height))
    left = round((box.left + box.right - width) / 2)
    return Box(left, box.top, left + width, box.bottom)


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


def keep_scenes(file: Path, count: int, seed: int, progress: Progress = silent) -> None:
    """Write `count` drawn scenes for `Kept`."""
    drawn = Scenes(count, seed)
    _keep(file, lambda n: ("scene", drawn[n]), range(count), "drawing scenes", progress)


def keep_photographs(
    file: Path, folder: Path, wanted: Callable[[int], bool], variants: int, side: int = SIDE, seed: int = 0,
    progress: Progress = silent,
) -> None:  # fmt: skip
    """Write groups of the images whose id is `wanted` for `Kept`, each thing taken out in `variants` ways, `side`
    pixels long.

    What cannot be used (too small, nothing to fill its place with) is passed over.
    """
    found = instances(Path(folder), wanted)
    jobs = [(one, seed + variant) for variant in range(variants) for one in found]
    _keep(file, lambda job: (job[0].category, taken_out(job[0], side, job[1])), jobs, "filling photographs", progress)


def _keep(
    file: Path, make: Callable[..., tuple[str, GroupPixels]], jobs: Sequence, what: str, progress: Progress
) -> None:
    """`make(job)` of every job, on all cores, without those that raise `TroupeError`."""

    def packed(job) -> tuple[str, GroupPixels] | None:
        try:
            kind, made = make(job)
        except TroupeError:
            return None
        return kind, GroupPixels(*((p * 255).round().to(torch.uint8).contiguous() for p in made[:3]), made.box)

    file.parent.mkdir(parents=True, exist_ok=True)
    kept = []
    for done, group in enumerate(ordered_map(packed, jobs)):
        progress(done, len(jobs), what)
        if group is not None:
            kept.append(group)
    notes = {"boxes": [group.box for _, group in kept], "kinds": [kind for kind, _ in kept]}
    tensors = {f"{n}.{part}": getattr(group, part) for n, (_, group) in enumerate(kept) for part in PARTS}
    from safetensors.torch import save_file

    # Under its name only when it is whole. Some gigabytes, so not by way of one string of bytes.
    growing = file.with_name(f".writing-{file.name}")
    save_file(tensors, growing, {"groups": json.dumps(notes)})
    growing.replace(file)
