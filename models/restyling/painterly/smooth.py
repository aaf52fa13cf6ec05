"""Smooth a picture: the Gaussian and the guided filter.

Every filter is symmetric about its pixel, so nothing drifts. Pictures are (N, C, H, W); sigma and radius in pixels.
"""

from __future__ import annotations

from math import ceil, exp, floor, log2, sqrt

import torch
import torch.nn.functional as F
from torch import Tensor


def gaussian(x: Tensor, sigma: float) -> Tensor:
    """Gaussian blur, edges replicated. A wide one is done on a reduced picture, where nobody sees the difference."""
    if sigma < 0.2:
        return x
    if sigma > 5:
        return _wide_gaussian(x, sigma)
    taps = [exp(-0.5 * (i / sigma) ** 2) for i in range(ceil(2.6 * sigma) + 1)]
    total = taps[0] + 2 * sum(taps[1:])
    taps = [t / total for t in taps]
    # one plane at a time stays in the processor's cache: twice as quick
    planes = [_along(_along(plane, taps, -1), taps, -2) for plane in x.split(1, 1)]
    return torch.cat(planes, 1) if len(planes) > 1 else planes[0]


def _along(x: Tensor, taps: list[float], axis: int) -> Tensor:
    """Symmetric filter along one axis as a sum of shifted views: many times quicker than conv2d on one channel."""
    r, n = len(taps) - 1, x.shape[axis]
    padded = F.pad(x, (r, r, 0, 0) if axis == -1 else (0, 0, r, r), mode="replicate")
    out = padded.narrow(axis, r, n) * taps[0]
    for i, tap in enumerate(taps[1:], 1):
        out.add_(padded.narrow(axis, r - i, n), alpha=tap).add_(padded.narrow(axis, r + i, n), alpha=tap)
    return out


def _wide_gaussian(x: Tensor, sigma: float) -> Tensor:
    """Halve n times, blur, interpolate back by f = 2^n. In blocks of f the halvings add a variance of (1 - 1/f^2) / 4,
    the interpolation 1/6; what remains is the blur's."""
    h, w = x.shape[-2:]
    n = floor(log2(sigma / 2.5))
    f = 2**n
    small = x
    for _ in range(n):
        small = _halved(_halved(small, -1), -2)
    small = gaussian(small, sqrt((sigma / f) ** 2 - (1 - f**-2) / 4 - 1 / 6))
    small = F.pad(small, (1, 1, 1, 1), mode="replicate")  # interpolate clamps at the rim, not beyond it
    out = F.interpolate(small, scale_factor=float(f), mode="bilinear", align_corners=False)
    return out[..., f : f + h, f : f + w]


def _halved(x: Tensor, axis: int) -> Tensor:
    """Every second sample of (1 3 3 1) / 8, the transpose of linear interpolation: no point's centre of mass moves."""
    padding = (1, 1 + x.shape[axis] % 2)
    p = F.pad(x, (*padding, 0, 0) if axis == -1 else (0, 0, *padding), mode="replicate")
    even, odd = (p[..., k::2] if axis == -1 else p[..., k::2, :] for k in (0, 1))
    n = even.shape[axis] - 1
    out = (even.narrow(axis, 0, n) + odd.narrow(axis, 1, n)) * 0.125
    return out.add_(even.narrow(axis, 1, n), alpha=0.375).add_(odd.narrow(axis, 0, n), alpha=0.375)


def guided(x: Tensor, guide: Tensor, sigma: float, eps: float) -> Tensor:
    """Guided filter (He, Sun, Tang 2013, eq. 5 to 8) with a Gaussian window; eps in squared units of the guide.

    Channels pair up: x and guide have the same number, or the guide has one. Signed channels are welcome: the
    result is never clamped. A picture that guides itself keeps isoluminant edges, since a and b see their own.
    """
    mean_g = gaussian(guide, sigma)
    variance = gaussian(guide * guide, sigma) - mean_g * mean_g
    mean_x, covariance = mean_g, variance
    if x is not guide:
        mean_x = gaussian(x, sigma)
        covariance = gaussian(guide * x, sigma) - mean_g * mean_x
    a = covariance / (variance.clamp(min=0) + eps)
    b = mean_x - a * mean_g
    return gaussian(a, sigma) * guide + gaussian(b, sigma)
