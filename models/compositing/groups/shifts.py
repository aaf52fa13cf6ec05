"""Where else in the same picture there is something that would fit into a hole."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ...geometry import Box, Size
from ...pixels import resized
from .masks import blurred, bounds, grown, membrane

WORKING = 256  # long side at which all shifts are tried
LUMA = (0.299, 0.587, 0.114)  # BT.601
# Squared differences of colour are the unit. Slopes tell edges that go on from edges that break off.
SLOPE = 1.5
# A unit of log energy (texture e times as strong) counts as much as a colour difference of this much.
TEXTURE = 0.05
INSIDE = 0.35  # weight of what comes to lie inside the hole, against what meets its border
# Things of another height are seen at another size: a shift by the whole height of the picture costs this much.
UPRIGHT = 0.06
UNCOVERED = 0.15
# Of what the best could cover: many small pieces look worse than one that fits less well.
LEAST_COVERED = 0.6
LEAST_BORDER = 0.4
KEPT = 5


class Shift(NamedTuple):
    """`hole[y, x]` is filled from `picture[y + dy, x + dx]`; pixels."""

    dy: int
    dx: int
    cost: float = 0.0


class _Target(NamedTuple):
    """Features `(C, h, w)` that are looked for, and the weight `(h, w)` of each place."""

    features: Tensor
    weights: Tensor


def best_shifts(picture: Tensor, hole: Tensor, usable: Tensor) -> list[Shift]:
    """The best few, far from each other, best first; empty when nothing fits.

    picture: `(H, W, 3)`; hole, usable: `(H, W)` bool, what is to be filled and what may be copied. What is not in
    the hole counts as known and is compared with what the shift would put beside it.
    """
    height, width = hole.shape
    small = Size(width, height).scaled(min(1.0, WORKING / max(height, width)))
    picture = resized(picture, *small)
    hole, usable = _any(hole, small), ~_any(~usable, small)
    costs, origin = _costs(picture, hole, usable)
    found = _apart(costs, min(small) // 24 + 1)
    scale = (height / small.height, width / small.width)
    return [Shift(round((y - origin[0]) * scale[0]), round((x - origin[1]) * scale[1]), cost) for y, x, cost in found]


def border_width(hole: Tensor) -> int:
    """How far around a hole its surroundings are compared, in pixels."""
    return min(12, max(4, round(0.12 * float(hole.sum()) ** 0.5)))


def _any(mask: Tensor, size: Size) -> Tensor:
    return F.adaptive_max_pool2d(mask[None].float(), (size.height, size.width))[0] > 0


def _costs(picture: Tensor, hole: Tensor, usable: Tensor) -> tuple[Tensor, tuple[int, int]]:
    """A cost for every place of the window around the hole, infinite where it cannot lie, and the window's own place.

    The picture is framed by half a window on each side, so that a shift may fill a part of the hole only.
    """
    ring = grown(hole, border_width(hole)) & ~hole
    window = bounds(ring | hole)
    across, down = window.size.width // 2, window.size.height // 2
    height, width = hole.shape
    frame = (across, across + _to_even(width + 2 * across), down, down + _to_even(height + 2 * down))
    valid = F.pad(usable.float(), frame)
    border, inside = _features(picture, hole)
    cost, seen = _difference(_Target(_cut(border, window), _cut(ring, window).float()), F.pad(border, frame), valid)
    inner, _ = _difference(_Target(_cut(inside, window), _cut(hole, window).float()), F.pad(inside, frame), valid)
    cut = _cut(hole, window).float()
    covered = _correlated(cut[None], valid[None])[0] / cut.sum()
    origin = (window.top + down, window.left + across)
    rise = (torch.arange(cost.shape[0]) - origin[0]).abs()[:, None] / height
    cost = cost + INSIDE * inner + UPRIGHT * rise**2 + UNCOVERED * (1 - covered)
    comparable = seen > LEAST_BORDER
    fits = comparable & (covered >= LEAST_COVERED * float((covered * comparable).max())) & (covered > 0)
    return torch.where(fits, cost, torch.inf), origin


def _to_even(length: int) -> int:
    """What is missing to a length that the fast Fourier transform likes."""
    return -length % 16


def _features(picture: Tensor, hole: Tensor) -> tuple[Tensor, Tensor]:
    """What is compared along the border: colours and slopes; and inside: soft colours and the strength of texture."""
    smooth = membrane(picture, ~hole)
    luma = smooth @ torch.tensor(LUMA)
    slopes = [SLOPE * (luma.roll(-1, axis) - luma.roll(1, axis)) / 2 for axis in (0, 1)]
    texture = TEXTURE * membrane(_log_energy(luma)[..., None], ~grown(hole, 2))[..., 0]
    border = torch.stack([*smooth.unbind(-1), *slopes])
    return border, torch.stack([*blurred(smooth, 2.0).unbind(-1), texture])


def _log_energy(luma: Tensor) -> Tensor:
    return torch.log(blurred((luma - blurred(luma, 1.0)) ** 2, 2.0) + 1e-5)


def _cut(planes: Tensor, window: Box) -> Tensor:
    return planes[..., window.top : window.bottom, window.left : window.right]


def _difference(target: _Target, source: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Mean squared difference at every place, over valid pixels; and the share of the weight that is valid.

    sum w v (s - t)^2 = w * v s^2 - 2 w t * v s + w t^2 * v, each a correlation.
    """
    weights, wanted = target.weights, target.features
    left = torch.stack([weights, (weights * wanted**2).sum(0), weights])
    right = torch.stack([(valid * source**2).sum(0), valid, valid])
    squares, constant, weight = _correlated(left, right)
    cross = _correlated(weights * wanted, valid * source).sum(0)
    total = (squares - 2 * cross + constant).clamp(min=0)
    return total / weight.clamp(min=1e-3), weight / weights.sum().clamp(min=1)


def _correlated(window: Tensor, picture: Tensor) -> Tensor:
    """`(C, h, w)` over `(C, H, W)`, channel by channel, wherever the window lies inside: `(C, H-h+1, W-w+1)`."""
    size = picture.shape[-2:]
    product = torch.fft.rfft2(window, s=size).conj() * torch.fft.rfft2(picture)
    whole = torch.fft.irfft2(product, s=size)
    return whole[:, : size[0] - window.shape[-2] + 1, : size[1] - window.shape[-1] + 1]


def _apart(costs: Tensor, distance: int) -> list[tuple[int, int, float]]:
    """The lowest, then the lowest that is further away than `distance`, and so on."""
    costs, found = costs.clone(), []
    while len(found) < KEPT and costs.min().isfinite():
        y, x = divmod(int(costs.argmin()), costs.shape[1])
        found.append((y, x, float(costs[y, x])))
        costs[max(0, y - distance) : y + distance + 1, max(0, x - distance) : x + distance + 1] = torch.inf
    return found
