"""Unmix the pixels on a border: which part of a mixed colour belongs to which side."""

from __future__ import annotations

import torch
from torch import Tensor

from .smooth import gaussian

EPS = 1e-4  # squared OKLab: colours nearer than 0.01 are not told apart
REACH = 1.4  # design pixels, at least as many pixels


def matted(share: Tensor, sure: Tensor, lab: Tensor, unit: float) -> Tensor:
    """Shares (1, M, H, W) as a locally affine function of colour, fitted where we are `sure` (1, 1, H, W).

    Guided filter with a colour guide (He, Sun, Tang 2013, eq. 14, 15), whose affine model is that of closed-form
    matting (Levin, Lischinski, Weiss 2008); sure pixels keep the share they have.
    """
    sigma = REACH * max(unit, 1.0)
    mass = gaussian(sure, sigma)

    def mean(x: Tensor) -> Tensor:
        return gaussian(x * sure, sigma) / mass

    middle, mean_share = mean(lab), mean(share)
    inverse = _inverse(
        [mean(lab[:, i : i + 1] * lab[:, j : j + 1]) - middle[:, i : i + 1] * middle[:, j : j + 1] for i, j in PAIRS]
    )
    out = []
    for k in range(share.shape[1]):
        own = share[:, k : k + 1]
        covariance = mean(lab * own) - middle * mean_share[:, k : k + 1]
        slope = [sum(inverse[i][j] * covariance[:, j : j + 1] for j in range(3)) for i in range(3)]
        fitted = mean_share[:, k : k + 1] + sum(slope[i] * (lab[:, i : i + 1] - middle[:, i : i + 1]) for i in range(3))
        out.append(torch.lerp(fitted.clamp(0, 1), own, sure.clamp(max=1)))
    return torch.cat(out, 1)


def local_colour(lab: Tensor, weight: Tensor, unit: float) -> Tensor:
    """(1, 3, H, W): mean colour of what `weight` (1, 1, H, W) marks nearby; the pixel's own where nothing is."""
    sigma = REACH * max(unit, 1.0)
    weight = weight**2
    both = gaussian(torch.cat([lab * weight, weight], 1), sigma)
    return (both[:, :3] + 1e-4 * lab) / (both[:, 3:] + 1e-4)


PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


def _inverse(upper: list[Tensor]) -> list[list[Tensor]]:
    """Inverse of the symmetric 3 x 3 matrix + EPS, by cofactors; upper as in PAIRS."""
    a, b, c, d, e, f = upper
    a, d, f = a + EPS, d + EPS, f + EPS
    co = [
        [d * f - e * e, c * e - b * f, b * e - c * d],
        [None, a * f - c * c, b * c - a * e],
        [None, None, a * d - b * b],
    ]
    scale = 1 / (a * co[0][0] + b * co[0][1] + c * co[0][2]).clamp(min=1e-14)
    return [[co[min(i, j)][max(i, j)] * scale for j in range(3)] for i in range(3)]
