"""What gives a composite away, as a few numbers: how the foreground and what lies around it differ.

Fixed features for `realness`: light and colour, contrast, sharpness and noise inside, around, and on the outline.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .colour import oklab
from .distance import height_of, signed_distance

# Width of the bands, as a share of the thing's height; two pixels at least.
BAND = 0.15
# Added before a logarithm: about an 8-bit step of OKLab's lightness.
EVEN = 0.004


def traces(picture: Tensor, mask: Tensor) -> Tensor:
    """`(H, W, 3)` in [0, 1] and `(H, W)` to `(24,)`, of pictures of one size: 8 for the inside, 8 for its difference to
    the outer band, 4 for the outline, 4 for how the outer band's upper and lower half differ (shadow lies below)."""
    lab, away = oklab(picture), signed_distance(mask)
    width = max(2.0, BAND * height_of(mask))
    inside, around, outline = away < 0, (away > 0) & (away < width), away.abs() < 2
    rows = torch.nonzero(inside.any(1))
    middle = int(rows.float().mean()) if len(rows) else 0
    upper = torch.arange(len(picture))[:, None] < middle
    fine = _fineness(lab)
    within, beside = _told(lab, fine, inside), _told(lab, fine, around)
    halves = [(_told(lab, fine, around & half) - beside)[[0, 3]] for half in (upper, ~upper)]
    return torch.cat([within, within - beside, _told(lab, fine, outline)[[0, 3, 6, 7]], *halves]).float()


def _told(lab: Tensor, fine: Tensor, area: Tensor) -> Tensor:
    """`(8,)`: mean and log-spread of L, a, b, then mean and peak log-sharpness; zeros where the area is empty."""
    if not area.any():
        return lab.new_zeros(8)
    colours, sharp = lab[area], fine[area]
    spread = torch.log(colours.std(0, correction=0) + EVEN)
    sharpness = torch.stack([sharp.mean(), sharp.quantile(0.95) if len(sharp) < 10**6 else sharp.max()])
    return torch.cat([colours.mean(0), spread, torch.log(sharpness + EVEN)])


def _fineness(lab: Tensor) -> Tensor:
    """`(H, W)`: how much each pixel's lightness differs from the mean of its four neighbours'."""
    light = torch.nn.functional.pad(lab[..., 0][None, None], (1, 1, 1, 1), mode="replicate")[0, 0]
    around = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:]
    return (light[1:-1, 1:-1] - around / 4).abs()
