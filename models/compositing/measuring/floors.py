"""What one gets without a model: a box in the middle of the picture, and a cut-out that is merely pasted."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

import torch
from torch import Tensor

from ...geometry import Box
from ...pixels import resized
from ..field import paste
from ..grid import Frame, Position, sides


def median_scale(positions: Iterable[Position]) -> float:
    """Of the training things."""
    return statistics.median(position.scale for position in positions)


def image_centre(scale: float, aspect: float) -> Position:
    """The position of a box of `scale` and relative `aspect` in the middle of the picture."""
    _, tall = sides(scale, float(aspect))
    return Position(0.5, 0.5 + tall / 2, scale)


def plain_paste(foreground: Tensor, background: Tensor, box: Box | Frame) -> Tensor:
    """`(h, w, 4)` straight alpha brought to `box` and laid over `(H, W, 3)`; what leaves the frame is cut off."""
    placed, alpha = laid_out(foreground, background, box)
    return paste(placed, alpha[..., None], background)


def laid_out(foreground: Tensor, background: Tensor, box: Box | Frame) -> tuple[Tensor, Tensor]:
    """The cut-out at `box` on a canvas like `background`: colours `(H, W, 3)`, those of the background where there
    is none of it, and alpha `(H, W)`."""
    if isinstance(box, Frame):
        box = box.rounded()
    height, width = background.shape[:2]
    alpha = foreground[..., 3:]
    # Colours times alpha while resampling: what lies under clear pixels must not bleed in.
    small = resized(torch.cat([foreground[..., :3] * alpha, alpha], 2), *box.size)
    seen = Box(max(box.left, 0), max(box.top, 0), min(box.right, width), min(box.bottom, height))
    colours, cover = background.clone(), background.new_zeros((height, width))
    if seen.left >= seen.right or seen.top >= seen.bottom:
        return colours, cover
    part = small[seen.top - box.top : seen.bottom - box.top, seen.left - box.left : seen.right - box.left]
    inside = (slice(seen.top, seen.bottom), slice(seen.left, seen.right))
    colours[inside] = torch.where(part[..., 3:] > 0, part[..., :3] / part[..., 3:].clamp(min=1e-6), colours[inside])
    cover[inside] = part[..., 3]
    return colours.clamp(0, 1), cover
