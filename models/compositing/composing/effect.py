"""What a field means, told apart into light on the ground, colour on the thing, and where its border lies.

A cell on the border sees both, each as far as it is bright: with paste `P = a F + (1 - a) B` and `eps` as everywhere,

    exp(L) = b in + (1 - b) out,    b = a (F + eps) / (P + eps)

Each side is first filled from cells that are surely its own (normalised convolution, Knutsson & Westin 1993); then the
mixed cells are solved for one side with the other one known. So neither bleeds over when it is seen large. A guided
filter (He et al. 2013) would find the border in the picture's luminance, but here the alpha says where it is, and a
filter guided by the ground would draw the ground's texture into the shadow.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ...geometry import Size
from ..field import EPS, LIMIT, from_field
from ..grid import Frame
from ..networks.composition import View

# Below a change of 1 % (2.5 of 255 at most) nothing counts as touched; from 4 % on all of it does, smoothly between.
QUIET, CLEAR = 0.01, 0.04
# Darker than 0.3 no contact shadow is, and brighter than 1.6 no bounced light (research note, 3.4).
DARKEST, BRIGHTEST = 0.3, 1.6
# The share of the view over which light fades out where the view ends and the picture does not.
FADE = 1 / 8
# Shares by which the colour change draws near its mean over the thing. Light falls unevenly on a thing but has one
# hue nearly everywhere, so uneven hues are mostly the network's noise and would show as blotches.
EVEN_LIGHT, EVEN_HUE = 0.25, 0.75
# Weight of what lies a cell away, some cells away and anywhere, beside a cell that is surely of its side.
NEAR, FAR, ANYWHERE = 1e-1, 1e-3, 1e-6
# Powers of a side's share in a cell that say how far it is trusted: before the mixture is solved, and after.
SURE, SOLVED = 16, 3
# How often the mixture is solved, each side with what the other one was found to be.
ROUNDS = 8
# Least share of a side that is solved for; below, errors grow too large.
LEAST_SHARE = 0.2


class Strength(NamedTuple):
    """Of the change inside the thing, of light and shadow outside, of the alpha correction; 1 = as predicted."""

    colour: float = 1.0
    shadow: float = 1.0
    edge: float = 1.0


class Effect(NamedTuple):
    """At the view's size, channels last. light: `(V, V, 3)`, ratio - 1 of the background, exactly 0 where it stays.
    tint: `(V, V, 3)`, ratio - 1 of the foreground. edge: `(V, V, 1)`, change of the alpha's log-odds.
    """

    light: Tensor
    tint: Tensor
    edge: Tensor


def effect_of(field: Tensor, view: View, strength: Strength, open_sides: tuple[bool, bool, bool, bool]) -> Effect:
    """`(4, V, V)` field of one view. `open_sides`: left, top, right, bottom, where the picture goes on beyond it."""
    ratio, change = (part[0] for part in from_field(field[None].float()))
    alpha = view.alpha[0]
    inside, outside = unmixed(ratio, share_of_thing(view))
    light = kneed(even_hue(outside) * strength.shadow) * fading(alpha.shape[-1], open_sides)
    light = torch.expm1(light).clamp(DARKEST - 1, BRIGHTEST - 1)
    tint = torch.expm1((evened(inside, alpha) * strength.colour).clamp(-LIMIT, LIMIT))
    # d a / d log-odds = a (1 - a) = 1/4 at the border: four times the change, to first order.
    edge = 4 * change * border(alpha) * strength.edge
    return Effect(*(part.permute(1, 2, 0).contiguous() for part in (light, tint, edge)))  # CHW -> HWC


def share_of_thing(view: View) -> Tensor:
    """`(3, V, V)`: `b`, how much of a cell's light comes from the thing."""
    return ((view.foreground + EPS * view.alpha) / (view.paste() + EPS))[0].clamp(0, 1)


def unmixed(ratio: Tensor, share: Tensor) -> tuple[Tensor, Tensor]:
    """`(3, V, V)` log-ratio and share of the thing to the log-ratios inside and outside, each known everywhere.

    Worked out in ratio - 1, which mixes as the ratio does and is exactly 0 where nothing changes.
    """
    change, rest = torch.expm1(ratio), 1 - share
    inside, outside = filled(change, share**SURE), filled(change, rest**SURE)
    for _ in range(ROUNDS):
        inside, outside = (
            filled(_solved(change, rest * outside, share, inside), share**SOLVED),
            filled(_solved(change, share * inside, rest, outside), rest**SOLVED),
        )
    most = math.exp(LIMIT)
    return tuple(torch.log1p(side.clamp(1 / most - 1, most - 1)) for side in (inside, outside))


def _solved(change: Tensor, others: Tensor, share: Tensor, rough: Tensor) -> Tensor:
    """One side's change, the other's part known; what is missing to `LEAST_SHARE` is taken from the rough one."""
    least = share.clamp(min=LEAST_SHARE)
    return (change - others + (least - share) * rough) / least


def filled(values: Tensor, sure: Tensor) -> Tensor:
    """`(C, V, V)` values, trusted as far as `sure` (alike) says; elsewhere those of trusted cells nearby, and 0 where
    nothing is to be trusted."""
    known = torch.stack([values * sure, sure])
    total = known + NEAR * _blurred(known, 1) + FAR * _blurred(known, _some_cells(values))
    total = total + ANYWHERE * known.mean((2, 3), keepdim=True)
    return total[0] / total[1].clamp(min=1e-30)


def evened(ratio: Tensor, alpha: Tensor) -> Tensor:
    """`(3, V, V)` log-ratio nearer to its mean over the thing: a little in light, much in hue."""
    light = ratio.mean(0, keepdim=True)
    return _nearer(light, alpha, EVEN_LIGHT) + _nearer(ratio - light, alpha, EVEN_HUE)


def even_hue(ratio: Tensor) -> Tensor:
    """`(3, V, V)` log-ratio: light changes from cell to cell, its hue only over some cells."""
    light = ratio.mean(0, keepdim=True)
    return light + _blurred(ratio - light, _some_cells(ratio))


def kneed(ratio: Tensor) -> Tensor:
    """`(3, V, V)`: exactly 0 where no channel reaches `QUIET`, unchanged from `CLEAR`, and no step between.

    Judged by the mean of some cells: shadow and light hang together, the network's noise does not.
    """
    reach = _blurred(ratio, _some_cells(ratio)).abs().amax(0, keepdim=True)
    x = ((reach - QUIET) / (CLEAR - QUIET)).clamp(0, 1)
    return ratio * (x * x * (3 - 2 * x))


def fading(side: int, open_sides: tuple[bool, bool, bool, bool]) -> Tensor:
    """`(V, V)`: 1, falling to 0 at the open sides, early enough that a spline ends with it."""
    steps = torch.arange(side, dtype=torch.float32)
    x = ((steps - 1) / max(2.0, side * FADE)).clamp(0, 1)
    ramp = x * x * (3 - 2 * x)
    left, top, right, bottom = (ramp if is_open else torch.ones(side) for is_open in open_sides)
    return (left * right.flip(0))[None, :] * (top * bottom.flip(0))[:, None]


def open_sides(window: Frame, size: Size) -> tuple[bool, bool, bool, bool]:
    return window.left > 0, window.top > 0, window.right < size.width, window.bottom < size.height


def border(alpha: Tensor) -> Tensor:
    """`(1, V, V)`: how much the alpha varies around a cell; 0 within a thing, even a half transparent one."""
    return F.max_pool2d(alpha, 3, 1, 1) + F.max_pool2d(-alpha, 3, 1, 1)


def _nearer(values: Tensor, alpha: Tensor, share: float) -> Tensor:
    mean = (values * alpha).sum((1, 2), keepdim=True) / alpha.sum().clamp(min=1e-12)
    return values + share * (mean - values)


def _blurred(planes: Tensor, radius: int) -> Tensor:
    """Two box filters, one after the other, along either axis."""
    for width, height in ((radius, 0), (0, radius)) * 2:
        box, margin = (2 * height + 1, 2 * width + 1), (height, width)
        planes = F.avg_pool2d(planes, box, 1, margin, count_include_pad=False)
    return planes


def _some_cells(planes: Tensor) -> int:
    """A thirtieth of the view: 2 of 64 cells."""
    return max(1, planes.shape[-1] // 32)
