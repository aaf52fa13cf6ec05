"""How sharp a picture is and how much of it is burnt out, as numbers that do not depend on its contents."""

from __future__ import annotations

import numpy as np

DARK, BRIGHT = 4 / 255, 251 / 255  # beyond these a JPEG's rounding cannot tell a value from black or white
SHARPEST = 2.0  # an edge cannot be narrower than half a pixel
FLAT = 1e-6  # mean squared step per pixel below which there is no edge that could be sharp


def sharpness(grey: np.ndarray, weight: np.ndarray) -> float:
    """One over the width of the edges, in 1/pixel: 2 = as sharp as pixels can be, 0.25 = smeared over 4 pixels.

    grey, weight: (H, W) in [0, 1]; weight says where to look. The energy of the gradient over that of the Laplacian:
    an edge blurred by a Gaussian of width s has the ratio 2 s^2, however strong it is. So a plain ground counts for
    nothing and a pale drawing may be sharp, where the bare variance of the Laplacian calls both blurred. A binomial
    blur first (s^2 = 1/2, taken off again) keeps rounding to 8 bits from looking like detail.
    """
    soft = _binomial(grey)
    right, down = np.diff(soft, axis=1)[1:-1], np.diff(soft, axis=0)[:, 1:-1]
    laplacian = np.diff(right, axis=1) + np.diff(down, axis=0)
    inside = weight[2:-2, 2:-2]
    gradient = float((inside * (right[:, 1:] ** 2 + down[1:] ** 2)).sum())
    if gradient <= FLAT * float(inside.sum()):
        return 0.0
    width_squared = gradient / (2 * float((inside * laplacian**2).sum())) - 0.5
    return float(1 / np.sqrt(max(width_squared, 1 / SHARPEST**2)))


def clipped(grey: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """The shares of black and of white, in [0, 1]; grey, weight as for `sharpness`."""
    total = float(weight.sum()) or 1.0
    return float(weight[grey <= DARK].sum()) / total, float(weight[grey >= BRIGHT].sum()) / total


def _binomial(x: np.ndarray) -> np.ndarray:
    """Blurred by (1, 2, 1) / 4 both ways; one pixel smaller on each side."""
    x = (x[:-2] + 2 * x[1:-1] + x[2:]) / 4
    return (x[:, :-2] + 2 * x[:, 1:-1] + x[:, 2:]) / 4
