"""The same repair where nothing was removed, so that a repaired place says nothing about the object's place."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ...errors import TroupeError
from ...geometry import Size
from ...pixels import resized
from .copyfill import copy_fill
from .holes import hole_of
from .masks import bounds, grown

ATTEMPTS, SMALLER = 4, 0.75
SIZES = (0.7, 1.15)  # of the object's own longer side
GAP = 0.05  # between a decoy and the object's hole, in heights of the object
# Perspective tells what size belongs to which height; a decoy near the object's own height fits as well as the object.
NEAR, ANYWHERE = 0.12, 0.25
LONGEST_SILHOUETTE = 128
MOST_TOUCHED = 0.2  # share of the picture outside of the hole; more would make a puzzle of it


def silhouette(mask: Tensor) -> Tensor:
    """`(h, w)`: the outline in a mask `(H, W)`, cut to its bounds and small enough to keep many."""
    box = bounds(mask > 0.5)
    cut = mask[box.top : box.bottom, box.left : box.right].float()
    return resized(cut, *box.size.scaled(min(1.0, LONGEST_SILHOUETTE / max(box.size))))


def with_decoys(
    picture: Tensor,
    mask: Tensor,
    hole: Tensor,
    count: int,
    shadow_growth: float,
    generator: Generator,
) -> tuple[Tensor, Tensor]:
    """The picture with up to `count` places repaired by `copy_fill`, and `(H, W)` bool of what was touched.

    All have the object's own outline, some of them mirrored. They keep away from `hole` and from each other, and are
    made smaller where there is no room. Fewer are made where there is no room at all, where too much of the picture
    would be repaired, or where there is nothing to repair it with.
    """
    touched = torch.zeros_like(hole)
    own = silhouette(mask)
    for _ in range(count):
        decoy = _placed(own, mask, hole | touched, shadow_growth, generator)
        if decoy is None or (touched | decoy).sum() > MOST_TOUCHED * (~hole).sum():
            continue
        try:
            picture = copy_fill(picture, decoy, generator, source_forbidden=hole)
        except TroupeError:  # nothing of the picture fits; one decoy less
            continue
        touched = touched | decoy
    return picture, touched


def _placed(outline: Tensor, mask: Tensor, taken: Tensor, shadow_growth: float, generator: Generator) -> Tensor | None:
    """A hole of the outline's form somewhere off what is taken, or None where there is no room."""
    box = bounds(mask)
    draw = torch.rand(3, generator=generator).tolist()
    outline = outline.flip(1) if draw[0] < 0.5 else outline
    side = max(box.size) * (SIZES[0] + (SIZES[1] - SIZES[0]) * draw[1])
    taken = grown(taken, max(2, round(GAP * box.size.height)))
    for _ in range(ATTEMPTS):
        form = _sized(outline, side, shadow_growth)
        chances = _chances(taken, form, box.bottom)
        if chances is not None:
            return _at(form, chances, taken.shape, draw[2])
        side *= SMALLER
    return None


def _sized(outline: Tensor, side: float, shadow_growth: float) -> Tensor:
    height, width = outline.shape
    size = Size(width, height).scaled(side / max(height, width))
    solid = resized(outline, *size) > 0.5
    room = round(max(size) * (0.05 + 2 * shadow_growth)) + 8
    hole = hole_of(F.pad(solid, (room, room, room, room)), shadow_growth) if solid.any() else solid
    box = bounds(hole) if hole.any() else None
    return hole[box.top : box.bottom, box.left : box.right] if box else hole


def _chances(taken: Tensor, form: Tensor, foot: int) -> Tensor | None:
    """`(y, x)` of the form's upper left corner: how likely it shall lie there; None where it fits nowhere."""
    height, width = form.shape
    if not form.any() or height > taken.shape[0] or width > taken.shape[1]:
        return None
    sums = F.pad(taken.to(torch.int64).cumsum(0).cumsum(1), (1, 0, 1, 0))
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    rise = (torch.arange(inside.shape[0]) + height - foot) / (NEAR * taken.shape[0])
    chances = (inside == 0) * (ANYWHERE + torch.exp(-0.5 * rise**2))[:, None]
    return chances if chances.any() else None


def _at(form: Tensor, chances: Tensor, shape: torch.Size, draw: float) -> Tensor:
    sums = chances.flatten().double().cumsum(0)
    place = min(int(torch.searchsorted(sums, draw * float(sums[-1]), right=True)), len(sums) - 1)
    y, x = divmod(place, chances.shape[1])
    hole = torch.zeros(shape, dtype=torch.bool)
    hole[y : y + form.shape[0], x : x + form.shape[1]] = form
    return hole
