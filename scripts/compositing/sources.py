"""Where the shipped model's training groups come from: photographs with the thing taken out, and drawn scenes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from ...models.compositing.groups.group import GroupPixels
from ...models.compositing.groups.making import MakeSettings, made_groups
from ...models.compositing.groups.writing import NamedGroup
from ...models.pixels import shrunk
from .coco import coco_pictures, is_holdout
from .scenes.scene import Scenes


class Remembered:
    """Groups that are made once, when they are first asked for, and kept as bytes."""

    def __init__(self, count: int, make: Callable[[int], GroupPixels], colours: bool = True) -> None:
        self._make, self._kept = make, [None] * count
        self._colours, self._lock = colours, threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def colours(self, index: int) -> bool:
        return self._colours

    def __getitem__(self, index: int) -> GroupPixels:
        if self._kept[index] is None:
            made = self._make(index)
            with self._lock:
                self._kept[index] = GroupPixels(*((p * 255).round().to(torch.uint8) for p in made[:3]), made.box)
        kept = self._kept[index]
        return GroupPixels(*(p.float() / 255 for p in kept[:3]), kept.box)


class Blend:
    """Several sources in fixed shares, whatever their lengths: number `i` is the same group each time."""

    def __init__(self, parts: Sequence[tuple[float, object]], length: int) -> None:
        self.parts, self.length = [part for share, part in parts if share > 0], length
        shares = torch.tensor([share for share, _ in parts if share > 0])
        self.bounds = (shares / shares.sum()).cumsum(0) * length

    def __len__(self) -> int:
        return self.length

    def _find(self, index: int):
        number = int((self.bounds <= index).sum().clamp(max=len(self.parts) - 1))
        part = self.parts[number]
        return part, (index * 7919) % len(part)

    def colours(self, index: int) -> bool:
        part, number = self._find(index)
        return part.colours(number)

    def __getitem__(self, index: int) -> GroupPixels:
        part, number = self._find(index)
        return part[number]


def scenes(count: int, seed: int) -> Remembered:
    drawn = Scenes(count, seed)
    return Remembered(count, drawn.__getitem__)


def photographs(folder: Path, wanted: Callable[[int], bool], variants: int, side: int, seed: int) -> Remembered:
    """Groups of coco_open whose image id is `wanted`, each thing taken out in `variants` ways, `side` pixels long."""
    pictures = [
        (f"{p.image_id}/{p.instance_id}", shrunk(p.picture, side), shrunk(p.mask, side))
        for p in coco_pictures(folder)
        if wanted(p.image_id)
    ]
    made = []
    for variant in range(variants):
        for group in made_groups(pictures, MakeSettings(seed=seed + variant)):
            if isinstance(group, NamedGroup):
                made.append(group.pixels)
    return Remembered(len(made), made.__getitem__)


def trained_on(image_id: int) -> bool:
    return not is_holdout(image_id)
