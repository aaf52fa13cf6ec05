"""How much of each pixel is hair, cloth, skin: likelihood by colour times prior by neighbourhood.

Worked out on the small copy of a picture, and once more pixel by pixel where two materials meet.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .analysis import Analysis, Sketch
from .canvas import Window, enlarge
from .morphology import dilated, eroded
from .palette import Recolouring
from .smooth import gaussian

METRIC = (1.0, 2.2, 2.2)  # hue tells materials apart better than lightness does
SOFTNESS = 0.055  # deviation of a material's colours in METRIC
AT_HOME = 0.2  # share of its surroundings at which a colour is no mere blend of others
FAR = -20.0  # least exponent: the fourth power of exp of less is denormal, and ten times as slow
FEW = 8192  # points
MEETING = 0.02  # difference of shares between neighbours from which on they are worked out pixel by pixel


class Shares(NamedTuple):
    """share (1, M, h, w): of each material. sure (1, 1, h, w) in (0, 1]: near 0 for a colour that is none of those
    around it, a mixture on a border. Or both for n points: (M, n), (1, n)."""

    share: Tensor
    sure: Tensor


def material_shares(analysis: Analysis, plan: Recolouring, mask: Tensor | None) -> tuple[Shares, Shares]:
    """Of the small copy, and of the picture, there pixel by pixel only where mask (H, W) is above 0."""
    sketch = analysis.sketch
    prior = neighbourhood(sketch, plan)
    small = _weighed(sketch.flat(1.0)[0].flatten(1), prior[0].flatten(1), plan)
    small = Shares(*(x.reshape(1, -1, *sketch.lab.shape[-2:]) for x in small))
    enlarged = enlarge(torch.cat([_borders(small.share), *small], 1), analysis.window)
    meeting = enlarged[0, 0] > MEETING
    if mask is not None:
        meeting &= mask > 0
    points = meeting.flatten().nonzero()[:, 0]
    colours = analysis.flat(1.0)[0].flatten(1)[:, points]
    there = _weighed(colours, _at(prior, points, analysis.window), plan)
    whole = enlarged[:, 1:].contiguous()
    whole[0].flatten(1).index_copy_(1, points, torch.cat(there))
    return small, Shares(whole[:, :-1], whole[:, -1:])


def neighbourhood(sketch: Sketch, plan: Recolouring) -> Tensor:
    """(1, K, h, w): how common each of the set's colours is around here.

    Counted on single pixels of the fine copy; an average of pixels would be a colour that is none of theirs.
    """
    picked = F.interpolate(sketch.fine, size=sketch.lab.shape[-2:], mode="nearest-exact")
    likely, _ = _likelihood(picked[0].flatten(1), plan)
    likely.div_(likely.sum(0, True)).square_()
    likely = likely.reshape(1, -1, *sketch.lab.shape[-2:])
    return gaussian(likely, 2.5 * max(sketch.unit, 0.8 * sketch.scale)).add_(1e-3)


def _borders(share: Tensor) -> Tensor:
    """(1, 1, h, w): where shares change from one pixel to the next."""
    return (dilated(share, 1) - eroded(share, 1)).amax(1, True)


def _at(maps: Tensor, points: Tensor, window: Window) -> Tensor:
    """(C, n): maps of the small copy at the n-th pixels of the window, counted row by row."""
    x = (points % window.width + (window.left + 0.5)) * (2 / window.whole_width) - 1
    y = (points // window.width + (window.top + 0.5)) * (2 / window.whole_height) - 1
    grid = torch.stack([x, y], -1)[None, None]
    return F.grid_sample(maps, grid, padding_mode="border", align_corners=False)[0, :, 0]


def _weighed(colours: Tensor, prior: Tensor, plan: Recolouring) -> Shares:
    """colours (3, n), prior (K, n) -> shares of n points; a few at a time stay in the processor's cache."""
    few = [_weighed_few(c, p, plan) for c, p in zip(colours.split(FEW, 1), prior.split(FEW, 1), strict=True)]
    return Shares(*(torch.cat(parts, 1) for parts in zip(*few, strict=True)))


def _weighed_few(colours: Tensor, prior: Tensor, plan: Recolouring) -> Shares:
    likely, most = _likelihood(colours, plan)
    members = [[k for k, (_, m) in enumerate(plan.clusters) if m == i] for i in range(len(plan.materials))]
    weight = likely * prior
    share = torch.stack([weight[m].sum(0) for m in members]) / weight.sum(0)
    at_home = prior.div(AT_HOME).clamp_(max=1)
    sure = at_home.mul_(likely.square_().square_()).amax(0, True) * torch.exp(4 * most) + 1e-4
    return Shares(share, sure.clamp_(max=1))


def _likelihood(colours: Tensor, plan: Recolouring) -> tuple[Tensor, Tensor]:
    """(3, n) -> (K, n): exp(-d^2 / 2 s^2) to each of the set's colours over the greatest of them, and (1, n) that
    one's exponent. These are the largest tensors of the dyeing: what follows works in place."""
    metric = colours.new_tensor(METRIC)
    centres = colours.new_tensor([colour for colour, _ in plan.clusters]) * metric
    points = colours * metric[:, None]
    # -|p - c|^2 = (2 c, -1, -|c|^2) . (p, |p|^2, 1), all in one product
    factors = torch.cat([2 * centres, -torch.ones_like(centres[:, :1]), -(centres * centres).sum(1, True)], 1)
    points = torch.cat([points, (points * points).sum(0, True), torch.ones_like(points[:1])])
    exponents = factors / (2 * SOFTNESS**2) @ points
    most = exponents.amax(0, True)
    return exponents.sub_(most).clamp_(min=FAR).exp_(), most.clamp(max=0)
