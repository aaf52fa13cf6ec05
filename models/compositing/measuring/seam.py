"""Whether the outline of a pasted thing shows: the step across it, beside the steps a little way in and out.

    seam = mean |I(p) - I(q)| over neighbours p, q on two sides of the outline
           / the same on the parallel curves 8 px inside and outside

1: nothing shows. Real things have outlines too, so compare with the real frame's own figure.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .distance import signed_distance

# Pixels to the parallel curves (research note, section 2.3).
APART = 8.0
# Half of an 8-bit step, added above and below: noise-free areas have no step to divide by.
EVEN = 0.5 / 255


def seam(picture: Tensor, mask: Tensor, apart: float = APART) -> float:
    """`(H, W, 3)` in [0, 1] and `(H, W)`. nan where the mask has no outline, or nothing lies on either curve."""
    away = signed_distance(mask)
    beside = torch.cat([_steps(picture, away, -apart), _steps(picture, away, apart)])
    return float((_steps(picture, away, 0.0).mean() + EVEN) / (beside.mean() + EVEN))


def _steps(picture: Tensor, away: Tensor, level: float) -> Tensor:
    """`(N,)`: the mean channel's step of each pair of neighbours that the curve at `level` parts."""
    within = away < level
    across = (picture[:, 1:] - picture[:, :-1]).abs().mean(-1)[within[:, 1:] != within[:, :-1]]
    down = (picture[1:] - picture[:-1]).abs().mean(-1)[within[1:] != within[:-1]]
    return torch.cat([across, down]).double()
