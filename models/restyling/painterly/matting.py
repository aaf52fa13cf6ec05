"""Unmix the pixels on a border: which part of a mixed colour belongs to which side."""

from __future__ import annotations

import torch
from torch import Tensor

from .smooth import gaussian

EPS = 1e-4  # squared OKLab: colours nearer than 0.01 are not told apart
REACH = 1.4  # units; a unit is a design pixel, or a pixel where that is more


def affine_matte(share: Tensor, sure: Tensor, lab: Tensor, unit: float) -> list[Tensor]:
    """Shares (1, M, h, w) as a locally affine function of colour, fitted where we are `sure` (1, 1, h, w): for each
    share (1, 4, h, w), slope along L, a, b and offset.

    Guided filter with a colour guide (He, Sun, Tang 2013, eq. 14, 15), whose affine model is that of closed-form
    matting (Levin, Lischinski, Weiss 2008). Fitted on a small picture it serves the large one (He, Sun 2015).
    """
    sigma = REACH * unit
    mass = gaussian(sure, sigma)

    def mean(x: Tensor) -> Tensor:
        return gaussian(x * sure, sigma) / mass

    middle, mean_share = mean(lab), mean(share)
    inverse = _inverse(
        [mean(lab[:, i : i + 1] * lab[:, j : j + 1]) - middle[:, i : i + 1] * middle[:, j : j + 1] for i, j in PAIRS]
    )
    out = []
    for k in range(share.shape[1]):
        covariance = mean(lab * share[:, k : k + 1]) - middle * mean_share[:, k : k + 1]
        slope = torch.cat([sum(inverse[i][j] * covariance[:, j : j + 1] for j in range(3)) for i in range(3)], 1)
        out.append(torch.cat([slope, mean_share[:, k : k + 1] - (slope * middle).sum(1, True)], 1))
    return out


def local_colour(lab: Tensor, weight: Tensor, unit: float) -> Tensor:
    """(1, 3, H, W): mean colour of what `weight` (1, 1, H, W) marks nearby; the pixel's own where nothing is."""
    weight = weight**2
    both = gaussian(torch.cat([lab * weight, weight], 1), REACH * unit)
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
