"""How well shadow and contact around the thing agree with the real frame's: plain paste has none.

Only where a static camera saw the place with and without the thing; elsewhere nobody knows the truth.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .distance import height_of, signed_distance

# Width of the band as a share of the thing's height (research note, section 2.3).
WIDTH = 0.15


def ring(mask: Tensor, width: float = WIDTH) -> Tensor:
    """`(H, W)` bool: outside of `mask` but not farther from it than `width` times its height, one pixel at least."""
    away = signed_distance(mask)
    return (away > 0) & (away < max(1.0, width * height_of(mask)))


def ring_error(out: Tensor, real: Tensor, mask: Tensor, ignore: Tensor | None = None) -> float:
    """RMSE in the ring, 0 to 255; `(H, W, 3)` in [0, 1] each.

    `ignore`: `(H, W)` bool, other things that only the real frame has. nan where no ring is left.
    """
    band = ring(mask) if ignore is None else ring(mask) & ~ignore
    if not band.any():
        return math.nan
    return float(torch.sqrt(((out[band].double() - real[band].double()) ** 2).mean())) * 255
