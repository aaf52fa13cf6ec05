"""The change that a small view shows, done to the pictures in their own resolution.

    thing' = thing (1 + tint), ground' = ground (1 + light), out = a thing' + (1 - a) ground'

with an offset of `EPS` on either, as everywhere (see ../field.py). Both ratios are smooth and so all detail is the
pictures' own. Where the light is 0, adding it changes no bit of the background.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from ...geometry import Box
from ..field import EPS
from ..grid import Frame
from ..networks.composition import View
from ..seeing import size_of, view_of
from . import spline
from .effect import Effect, Strength, effect_of, open_sides
from .warp import covered, warped

# Pixels worked on at a time: 6 MB a picture, some of which stays in the cache; fewer, and threads wait for one another.
AT_ONCE = 1 << 19
PREDICTED = Strength()


class Carried(NamedTuple):
    """image: `(H, W, 3)`. mask: `(H, W)` in [0, 1], the thing's alpha.

    effect: `(H, W)` in [0, 1]: 1 where the thing covers the ground; elsewhere the share of light that the ground
    loses or gains, in the channel where that is most. Where it is 0, the image is the background, bit for bit.
    """

    image: Tensor
    mask: Tensor
    effect: Tensor


def carry(
    background: Tensor,
    foreground: Tensor,
    box: Frame,
    field: Tensor,
    window: Frame,
    strength: Strength = PREDICTED,
    view: View | None = None,
) -> Carried:
    """The composite, as large as the background.

    background: `(H, W, 3)`, foreground: `(h, w, 4)`, straight alpha, both in [0, 1]. box: in the background's pixels,
    may lie partly outside. field: `(4, V, V)`, what changes in `window` (whole pixels inside the picture). view:
    what the network saw of them, if it is at hand. Raises `TroupeError` where the box misses the picture.
    """
    size = size_of(background)
    pixels = covered(box, size)
    if view is None:
        side = field.shape[-1]
        view = view_of(background, foreground, box, window, torch.zeros(1, side, side), side)
    effect = effect_of(field, view, strength, open_sides(window, size))
    canvas = Carried(background.clone(), *torch.zeros((2, size.height, size.width)))
    _light(canvas, effect, window)
    _lay(canvas, warped(foreground, box, pixels), pixels, effect, window)
    return canvas


def _light(canvas: Carried, effect: Effect, window: Frame) -> None:
    """Shadow and light on the ground, wherever there are any."""
    lit = _lit(effect.light, window)
    # A background that is not quite in range, as some upscalers leave it, keeps its values.
    least, most = canvas.image.aminmax()
    most_of_all = effect.light.abs().amax(-1, keepdim=True)
    for rows, light, change in _strips(lit, window, effect.light, most_of_all):
        ground = canvas.image[rows, lit.left : lit.right]
        # (G + eps) (1 + light) - eps, written so that no light is no change.
        ground.addcmul_(ground, light).add_(light, alpha=EPS)
        ground.clamp_(min(0.0, float(least)), max(1.0, float(most)))
        canvas.effect[rows, lit.left : lit.right] = change[..., 0].clamp_(max=1)


def _lay(canvas: Carried, thing: Tensor, pixels: Box, effect: Effect, window: Frame) -> None:
    """The thing in its new colours over the ground."""
    across = slice(pixels.left, pixels.right)
    for rows, tint, edge in _strips(pixels, window, effect.tint, effect.edge):
        part = thing[rows.start - pixels.top : rows.stop - pixels.top]
        colours, alpha = moved_edge(part[..., :3], part[..., 3:], edge)
        relit = torch.addcmul(colours, colours + EPS * alpha, tint).clamp_(min=0)
        ground = canvas.image[rows, across]
        ground.mul_(1 - alpha).add_(torch.minimum(relit, alpha))
        canvas.mask[rows, across] = alpha[..., 0]
        canvas.effect[rows, across].mul_(1 - alpha[..., 0]).add_(alpha[..., 0])


def moved_edge(colours: Tensor, alpha: Tensor, log_odds: Tensor) -> tuple[Tensor, Tensor]:
    """`alpha` with its log-odds moved; `colours` (times alpha) follow.

    What is empty or solid stays so: no halo outside, no hole within.
    """
    factor = torch.exp(log_odds)
    factor = factor / (1 + alpha * (factor - 1))
    return colours * factor, (alpha * factor).clamp_(max=1)


def _lit(light: Tensor, window: Frame) -> Box:
    """The pixels that the cells with any light reach; without area if there are none."""
    side, cells = light.shape[0], light.abs().amax(-1) > 0
    edges = []
    for axis, start, length in ((0, window.left, window.width), (1, window.top, window.height)):
        found = cells.any(axis).nonzero().flatten().tolist() or [spline.REACH, -spline.REACH - 1]
        first, last = max(0, found[0] - spline.REACH), min(side, found[-1] + 1 + spline.REACH)
        edges.append((int(start + first * length / side), int(-(-(start * side + last * length) // side))))
    (left, right), (top, bottom) = edges
    return Box(left, top, max(left, right), max(top, bottom))


def _strips(pixels: Box, window: Frame, *maps: Tensor) -> Iterator[tuple[slice, ...]]:
    """Rows of the picture, and `(V, V, C)` maps of the window as `pixels` show them in those rows."""
    if pixels.size.area == 0:
        return
    side, width = maps[0].shape[0], pixels.size.width
    across = spline.weights(side, window.left, window.right, pixels.left, pixels.right)
    down = spline.weights(side, window.top, window.bottom, pixels.top, pixels.bottom)
    # (V, V, C) -> (V, width * C): one row of cells, as wide as the picture.
    wide = [torch.einsum("yvc,xv->yxc", each, across).flatten(1) for each in maps]
    step = max(1, AT_ONCE // width)
    for top in range(pixels.top, pixels.bottom, step):
        rows = slice(top, min(top + step, pixels.bottom))
        part = down[rows.start - pixels.top : rows.stop - pixels.top]
        yield rows, *((part @ each).unflatten(1, (width, -1)) for each in wide)
