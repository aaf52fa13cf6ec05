"""A small map seen large: cubic B-splines, smooth to the second derivative, so that no cell of the view shows."""

from __future__ import annotations

import torch
from torch import Tensor

# How many cells a cell reaches out under a cubic B-spline.
REACH = 2


def weights(count: int, start: float, stop: float, first: int, last: int) -> Tensor:
    """`(last - first, count)`: what each of `count` cells from pixel `start` to pixel `stop` gives to the pixels
    `first` to `last` (exclusive).

    Rows sum to 1 and none is negative, so nothing overshoots. It softens by 0.6 of a cell, which a view has too
    much of rather than too little: what it shows is denoised from noise. Beyond the borders the last cell goes on.
    """
    cell = (stop - start) / count
    at = (torch.arange(first, last, dtype=torch.float64) + 0.5 - start) / cell - 0.5
    near = at.floor()
    whole = torch.zeros((last - first, count), dtype=torch.float64)
    for step in range(-1, 3):
        index = (near + step).long().clamp(0, count - 1)
        whole.scatter_add_(1, index[:, None], basis(at - near - step)[:, None])
    return whole.float()


def basis(x: Tensor) -> Tensor:
    """The cubic B-spline: 2/3 in the middle, 1/6 a step away, 0 from two steps on."""
    x = x.abs()
    return torch.where(x < 1, 2 / 3 - x**2 + x**3 / 2, (2 - x).clamp(min=0) ** 3 / 6)
