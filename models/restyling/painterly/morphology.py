"""The lightest and the darkest nearby: dilation, erosion, closing over a square (Serra 1982)."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def dilated(x: Tensor, radius: int) -> Tensor:
    """(1, C, H, W): maximum over 2 radius + 1 pixels square. A dozen times as quick as max_pool2d on the CPU."""
    return _running(_running(x, -1, radius, torch.maximum), -2, radius, torch.maximum)


def eroded(x: Tensor, radius: int) -> Tensor:
    return _running(_running(x, -1, radius, torch.minimum), -2, radius, torch.minimum)


def closed(x: Tensor, radius: int) -> Tensor:
    """Dark details thinner than 2 radius + 1 are filled."""
    return eroded(dilated(x, radius), radius)


def _running(x: Tensor, axis: int, radius: int, best: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Along one axis: the window is doubled until two of them, overlapping, cover what was asked for."""
    n, size, window = x.shape[axis], 2 * radius + 1, 1
    x = F.pad(x, (radius, radius, 0, 0) if axis == -1 else (0, 0, radius, radius), mode="replicate")
    while 2 * window <= size:
        m = x.shape[axis] - window
        x = best(x.narrow(axis, 0, m), x.narrow(axis, window, m))
        window *= 2
    return best(x.narrow(axis, 0, n), x.narrow(axis, size - window, n))
