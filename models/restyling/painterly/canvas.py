"""Which part of the whole picture is being painted: radii, grain and enlargements all hang on this.

+-------------------- whole_w ---+
|      left                      |
|  top +---- w ----+             |
|      h  window   |             whole_h
|      +-----------+             |
+--------------------------------+
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


class Window(NamedTuple):
    """A rectangle of a picture; pixels, half-open, y before x."""

    top: int
    left: int
    height: int
    width: int
    whole_height: int
    whole_width: int

    @property
    def unit(self) -> float:
        """One design pixel: every radius and line width is drawn for a long side of 768."""
        return max(self.whole_height, self.whole_width) / 768

    @property
    def is_whole(self) -> bool:
        return (self.height, self.width) == (self.whole_height, self.whole_width)


def whole(height: int, width: int) -> Window:
    return Window(0, 0, height, width, height, width)


def unit_of(x: Tensor) -> float:
    """As Window.unit, of the whole picture x (1, C, h, w)."""
    return max(x.shape[-2:]) / 768


def resized(x: Tensor, size: tuple[int, int], mode: str = "bilinear") -> Tensor:
    """(1, C, h, w) -> (1, C, *size); mode "area" to reduce."""
    if x.shape[-2:] == size:
        return x
    return F.interpolate(x, size=size, mode=mode, align_corners=None if mode == "area" else False)


def enlarge(x: Tensor, window: Window, mode: str = "bilinear") -> Tensor:
    """A small map of the whole picture (1, C, h, w) -> its values at the window's pixels (1, C, H, W).

    The same as interpolate(align_corners=False) followed by a crop, without making the whole.
    """
    if window.is_whole and mode == "bilinear":
        return F.interpolate(x, size=(window.height, window.width), mode=mode, align_corners=False)
    y = _centres(window.top, window.height, window.whole_height, x)
    across = _centres(window.left, window.width, window.whole_width, x)
    grid = torch.stack(torch.broadcast_tensors(across[None, :], y[:, None]), -1)[None]
    return F.grid_sample(x, grid, mode=mode, padding_mode="border", align_corners=False)


def positions(window: Window, like: Tensor) -> tuple[Tensor, Tensor]:
    """x (1, W) and y (H, 1) of pixel centres in design pixels from the whole picture's corner."""
    x = torch.arange(window.width, dtype=like.dtype, device=like.device) + (window.left + 0.5)
    y = torch.arange(window.height, dtype=like.dtype, device=like.device) + (window.top + 0.5)
    return x[None, :] / window.unit, y[:, None] / window.unit


def _centres(start: int, count: int, total: int, like: Tensor) -> Tensor:
    pixels = torch.arange(count, dtype=like.dtype, device=like.device) + (start + 0.5)
    return pixels * (2 / total) - 1
