"""How far each pixel is from the outline of a mask."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from ...geometry import Box, Size
from ..grid import Frame


def signed_distance(mask: Tensor) -> Tensor:
    """`(H, W)` in pixels, more than a half of `mask` = inside: negative inside, positive outside, 0 on the outline.

    The outline runs between pixels, so those beside it are at -0.5 and 0.5. Without an outline: all inf or -inf.
    """
    from scipy.ndimage import distance_transform_edt

    inside = (mask > 0.5).cpu().numpy()
    if inside.all() or not inside.any():
        return torch.full(mask.shape, -torch.inf if inside.any() else torch.inf)
    outer = torch.from_numpy(distance_transform_edt(~inside)) - 0.5
    inner = torch.from_numpy(distance_transform_edt(inside)) - 0.5
    return torch.where(torch.from_numpy(inside), -inner, outer).float()


def height_of(mask: Tensor) -> int:
    """Rows from the first to the last that have something inside; 0 where nothing is."""
    rows = torch.nonzero((mask > 0.5).any(1))
    return int(rows[-1] - rows[0]) + 1 if len(rows) else 0


def covered(boxes: Iterable[Box | Frame], size: Size) -> Tensor:
    """`(H, W)` bool: inside any of the boxes."""
    area = torch.zeros((size.height, size.width), dtype=torch.bool)
    for box in boxes:
        left, top, right, bottom = (max(0, round(edge)) for edge in box)
        area[top:bottom, left:right] = True
    return area
