"""Masks grown, softened and bounded, and values carried smoothly across what is unknown."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ...geometry import Box, Size


def bounds(mask: Tensor) -> Box:
    """The smallest box around what is not zero in `(H, W)`; there must be something."""
    rows, columns = mask.any(1).nonzero(), mask.any(0).nonzero()
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def rows_and_columns(box: Box) -> tuple[slice, slice]:
    """The box as an index of `(H, W)`."""
    return slice(box.top, box.bottom), slice(box.left, box.right)


def grown(
    mask: Tensor, left: int, top: int | None = None, right: int | None = None, bottom: int | None = None
) -> Tensor:
    """`(H, W)` bool, every true pixel spread so many pixels to each side; one number: to all sides alike."""
    top, right, bottom = (left if side is None else side for side in (top, right, bottom))
    result = torch.zeros_like(mask)
    if mask.any():
        box = bounds(mask)
        # Only here can anything change; a frame may be a hundred times as large.
        reached = Box(box.left - left, box.top - top, box.right + right, box.bottom + bottom)
        here = rows_and_columns(reached.clipped(Size(mask.shape[1], mask.shape[0])))
        result[here] = _spread(_spread(mask[here], left, right).T, top, bottom).T
    return result


def _spread(mask: Tensor, before: int, after: int) -> Tensor:
    """Along the rows, by running sums: the time does not depend on the distance."""
    width = mask.shape[1]
    sums = F.pad(mask.to(torch.int32).cumsum(1), (1, 0))
    at = torch.arange(width, device=mask.device)
    # A pixel is reached by what lies `after` to its left and `before` to its right.
    first, last = (at - after).clamp(min=0), (at + before + 1).clamp(max=width)
    return sums[:, last] > sums[:, first]


def shrunk_mask(mask: Tensor, by: int) -> Tensor:
    """`(H, W)` bool with its edge moved inwards; the frame is no edge."""
    result = torch.zeros_like(mask)
    if mask.any():
        here = rows_and_columns(bounds(mask).grown(by).clipped(Size(mask.shape[1], mask.shape[0])))
        result[here] = ~grown(~mask[here], by)
    return result


def blurred(pixels: Tensor, sigma: float) -> Tensor:
    """`(H, W)` or `(H, W, C)` under a Gaussian of `sigma` pixels, its border repeated outwards."""
    if sigma <= 0:
        return pixels
    radius = math.ceil(3 * sigma)
    at = torch.arange(-radius, radius + 1, dtype=pixels.dtype)
    weights = torch.exp(-0.5 * (at / sigma) ** 2)
    weights = weights / weights.sum()
    flat = pixels.ndim == 2
    planes = pixels[None] if flat else pixels.permute(2, 0, 1)  # HWC -> CHW
    planes = F.conv2d(F.pad(planes[:, None], (radius, radius, 0, 0), mode="replicate"), weights[None, None, None])
    planes = F.conv2d(F.pad(planes, (0, 0, radius, radius), mode="replicate"), weights[None, None, :, None])[:, 0]
    return planes[0] if flat else planes.permute(1, 2, 0)  # CHW -> HWC


def membrane(values: Tensor, known: Tensor, rounds: int = 4) -> Tensor:
    """`(H, W, C)`: what is not `known` (H, W) is filled as by a rubber sheet that is held by the known.

    Pull and push (Gortler et al., The Lumigraph, 1996, section 3.4), with `rounds` of averaging over the neighbours
    at every size.
    """
    planes = values.permute(2, 0, 1)[None]  # HWC -> BCHW
    return _membrane(planes, known[None, None], rounds)[0].permute(1, 2, 0)  # BCHW -> HWC


def _membrane(planes: Tensor, known: Tensor, rounds: int) -> Tensor:
    size = planes.shape[-2:]
    if known.all() or max(size) == 1:
        return planes * known
    weight = known.to(planes.dtype)
    share = F.avg_pool2d(weight, 2, ceil_mode=True)
    smaller = F.avg_pool2d(planes * weight, 2, ceil_mode=True) / share.clamp(min=1e-6)
    smaller = _membrane(smaller, share > 0, rounds)
    filled = F.interpolate(smaller, size, mode="bilinear", align_corners=False)
    filled = torch.where(known, planes, filled)
    for _ in range(rounds):
        mean = F.avg_pool2d(F.pad(filled, (1, 1, 1, 1), mode="replicate"), 3, 1)
        filled = torch.where(known, planes, mean)
    return filled
