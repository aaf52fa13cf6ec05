"""The window through which the composition network looks: around the box, inside the frame, in its own pixels."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..geometry import Size
from .grid import Frame

# Box sides to window side: room for the shadow that a low sun or a lamp throws beside the thing.
ROOM = 2.0
# The least window, as a share of the background's long side: a small thing still shows what it stands on.
LEAST = 0.25


def window_around(box: Frame, size: Size, room: float = ROOM) -> Frame:
    """A square around `box` pushed into the frame; where the frame is too short it ends with the frame."""
    side = max(room * max(box.width, box.height), LEAST * size.long, 1.0)
    width, height = min(side, size.width), min(side, size.height)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    left = min(max(x - width / 2, 0), size.width - width)
    top = min(max(y - height / 2, 0), size.height - height)
    window = Frame(left, top, left + width, top + height)
    return Frame(*window.rounded())


def seen_through(pixels: Tensor, window: Frame, side: int) -> Tensor:
    """`(C, H, W)` cut to `window` (whole pixels inside the frame) and brought to `(C, side, side)`."""
    left, top, right, bottom = (round(v) for v in window)
    return _fitted(pixels[:, top:bottom, left:right], side, side)


def placed(foreground: Tensor, box: Frame, window: Frame, side: int) -> Tensor:
    """`(4, h, w)` straight alpha, warped to where `box` lies in the view: `(4, side, side)`, colours times alpha.

    Shrinks with antialiasing first, so that no row of a large cut-out is skipped.
    """
    across, down = side / window.width, side / window.height
    width, height = max(1.0, box.width * across), max(1.0, box.height * down)
    small = _fitted(torch.cat([foreground[:3] * foreground[3:], foreground[3:]]), round(height), round(width))
    left, top = (box.left - window.left) * across, (box.top - window.top) * down
    return _pasted_into_empty(small, Frame(left, top, left + width, top + height), side)


def _pasted_into_empty(small: Tensor, box: Frame, side: int) -> Tensor:
    """Bilinear, so that a part of a pixel shows, in where the box lies as in how large it is."""
    ys = (torch.arange(side, dtype=small.dtype) + 0.5 - box.top) / box.height * 2 - 1
    xs = (torch.arange(side, dtype=small.dtype) + 0.5 - box.left) / box.width * 2 - 1
    grid = torch.stack([xs.expand(side, side), ys[:, None].expand(side, side)], -1)
    return F.grid_sample(small[None], grid[None], mode="bilinear", padding_mode="zeros", align_corners=False)[0]


def _fitted(pixels: Tensor, height: int, width: int) -> Tensor:
    if pixels.shape[-2:] == (height, width):
        return pixels
    return F.interpolate(pixels[None], (height, width), mode="bilinear", antialias=True, align_corners=False)[0]


def share_of(window: Frame, size: Size) -> tuple[float, float, float, float]:
    """The window as shares of the frame: left, top, right, bottom."""
    return (
        window.left / size.width,
        window.top / size.height,
        window.right / size.width,
        window.bottom / size.height,
    )


def map_through(maps: Tensor, windows: Tensor, side: int) -> Tensor:
    """`(B, 1, h, w)` over the whole frame, seen through `(B, 4)` windows (shares): `(B, 1, side, side)`."""
    steps = (torch.arange(side, device=maps.device, dtype=maps.dtype) + 0.5) / side
    left, top, right, bottom = windows.to(maps.dtype).unbind(1)
    xs = (left[:, None] + steps * (right - left)[:, None]) * 2 - 1
    ys = (top[:, None] + steps * (bottom - top)[:, None]) * 2 - 1
    grid = torch.stack([xs[:, None, :].expand(-1, side, -1), ys[:, :, None].expand(-1, -1, side)], -1)
    return F.grid_sample(maps, grid, mode="bilinear", padding_mode="border", align_corners=False)


def noise_template(size: Size, window: Frame, channels: int, side: int, generator: torch.Generator) -> Tensor:
    """Gaussian noise as large as the background at the view's pixel density, seen through the window.

    `(channels, side, side)`. One seed gives one template for a background and a density; two windows of it
    that overlap share their noise.
    """
    across, down = side / window.width, side / window.height
    width, height = max(side, round(size.width * across)), max(side, round(size.height * down))
    whole = torch.randn((channels, height, width), generator=generator)
    left = min(round(window.left * across), width - side)
    top = min(round(window.top * down), height - side)
    return whole[:, top : top + side, left : left + side]
