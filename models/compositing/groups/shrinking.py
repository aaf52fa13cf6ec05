"""A group in memory made smaller as a whole: its pictures, its box and its foreground by one factor."""

from __future__ import annotations

import torch
from torch import Tensor

from ...geometry import Box, Size
from ...pixels import resized
from .group import GroupPixels


def shrunk_group(pixels: GroupPixels, long_side: int) -> GroupPixels:
    """The background's longer side becomes `long_side` at most; what is smaller stays as it is.

    The foreground keeps its own resolution relative to its box. Nothing becomes less than one pixel, and a box that
    touched the frame still does.
    """
    height, width = pixels.background.shape[:2]
    factor = long_side / max(height, width)
    if factor >= 1:
        return pixels
    size = Size(width, height).scaled(factor)
    foreground = Size(pixels.foreground.shape[1], pixels.foreground.shape[0]).scaled(factor)
    return GroupPixels(
        resized_cutout(pixels.foreground, *foreground),
        resized(pixels.background, *size),
        resized(pixels.composite, *size),
        _scaled(pixels.box, Size(width, height), size),
    )


def resized_cutout(cutout: Tensor, width: int, height: int) -> Tensor:
    """`(h, w, 4)` straight alpha to `height` x `width`: transparent pixels lend nothing of their colours.

    Where nothing is left to be seen the colours are those of a plain `resized`.
    """
    rgb, alpha = cutout[..., :3], cutout[..., 3:]
    weighted = resized(torch.cat((rgb * alpha, alpha), dim=-1), width, height)
    seen = weighted[..., 3:]
    colours = torch.where(seen > 0, weighted[..., :3] / seen.clamp(min=1e-6), resized(rgb, width, height))
    return torch.cat((colours.clamp(0, 1), seen), dim=-1)


def _scaled(box: Box, old: Size, new: Size) -> Box:
    left, right = _scaled_side(box.left, box.right, old.width, new.width)
    top, bottom = _scaled_side(box.top, box.bottom, old.height, new.height)
    return Box(left, top, right, bottom)


def _scaled_side(low: int, high: int, old: int, new: int) -> tuple[int, int]:
    low = min(round(low * new / old), new - 1)
    return low, max(round(high * new / old), low + 1, 1)
