"""One example of how a thing stands in a scene: foreground, background without it, composite, position (B1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from ...geometry import Box


@dataclass(frozen=True)
class CompositeGroup:
    """Files of one group. `box`: where the foreground's picture lies in the background, in its pixels.

    `foreground` has the box's content with alpha. Where a set has no such file, it is None and the foreground
    is cut out of `composite` by `mask` (grey, 255 = subject, as large as the composite).
    `other_boxes`: things in the composite that the background lacks, to be ignored.
    `gain`: multiplies the composite's red, green and blue to reach the background's exposure.
    `position_only`: the colours are not to be learnt from or measured (palette-dithered video, say).
    """

    id: str
    background: Path
    composite: Path
    box: Box
    foreground: Path | None = None
    mask: Path | None = None
    category: str = ""
    scene: str = ""
    other_boxes: tuple[Box, ...] = ()
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    position_only: bool = False


class GroupPixels(NamedTuple):
    """A group in memory; float32 in [0, 1], RGB.

    foreground: `(h, w, 4)`, straight alpha, its picture's edges are the box's edges (any resolution).
    background, composite: `(H, W, 3)`. box: half-open pixels of the background.
    """

    foreground: Tensor
    background: Tensor
    composite: Tensor
    box: Box


@dataclass(frozen=True)
class GroupFault:
    """A group that cannot be used: which, and why, in words for its owner."""

    id: str
    reason: str


@dataclass(frozen=True)
class GroupSet:
    """Groups in a fixed order, and what dropped out. `root`: the folder that the manifest lies in."""

    groups: tuple[CompositeGroup, ...] = ()
    faults: tuple[GroupFault, ...] = field(default=())
    root: Path = Path()

    def __len__(self) -> int:
        return len(self.groups)
