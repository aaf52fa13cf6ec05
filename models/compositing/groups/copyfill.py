"""A hole in a picture is filled with real texture: pieces of the same picture, shifted, their light adapted."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from ...errors import TroupeError
from ...geometry import Box, Size
from .masks import blurred, bounds, grown, membrane, rows_and_columns, shrunk_mask
from .shifts import WORKING, Shift, best_shifts, border_width

SEAM = 3  # pixels
PIECES = 12
OWN_PIECES = 4  # from then on, what has been filled may be copied again: repetition is better than a gap
# Shares of the hole: a smooth patch as small as crumbs is no trace; for the last of them no piece is looked for.
CRUMBS, LAST = 0.01, 0.001
NEARLY_BEST = 1.15
SAMPLED = 1500  # border pixels that a shift is refined with
# Of light, in [0, 1]. Border pixels that differ by more belong to different things; they tell nothing about the light.
LARGEST_CHANGE = 0.12
LIGHT_SOFT, TRUSTED = 3.0, 0.15


def copy_fill(
    picture: Tensor, hole: Tensor, generator: Generator, source_forbidden: Tensor | None = None, seam: int = SEAM
) -> Tensor:
    """`(H, W, 3)` with the `hole` `(H, W)` bool filled; outside of it not one bit changes.

    All shifts of the picture are compared along the hole's border, as in Shift-Map Image Editing (Pritch et al.,
    ICCV 2009), and one of the nearly best, chosen by `generator`, is copied. What it cannot cover is filled by a
    further one. Only a smooth field of light is added to the copy, so its texture is kept: a smooth patch would tell
    a network where something has been removed. The copy fades into the picture over the outermost `seam` pixels of
    the hole. `source_forbidden` `(H, W)` bool: more that must not be copied; what the hole held never is.
    Raises `TroupeError` when the rest of the picture cannot fill the hole.
    """
    usable = ~hole if source_forbidden is None else ~(hole | source_forbidden)
    open_ = shrunk_mask(hole, seam)
    if not open_.any():
        open_ = hole
    left, result = open_, picture
    for piece in range(PIECES):
        if left.sum() <= LAST * hole.sum():
            break
        if piece == OWN_PIECES:
            usable = usable | (hole & ~left)
        shift = _chosen(result, left, usable, generator)
        if shift is None:
            break
        result, filled = _pasted(result, hole, left, usable, shift, seam)
        left = left & ~filled
    return _without_crumbs(result, left, hole, seam)


def _without_crumbs(picture: Tensor, left: Tensor, hole: Tensor, seam: int) -> Tensor:
    share = float(left.sum()) / max(1, int(hole.sum()))
    if share > CRUMBS:
        raise TroupeError(
            "The object cannot be removed",
            item=f"{share:.0%} of its place cannot be covered",
            remedy="Too little of the rest of the picture is like it; use a picture with more background.",
        )
    if not left.any():
        return picture
    here = rows_and_columns(bounds(left).grown(seam + 1).clipped(Size(left.shape[1], left.shape[0])))
    result = picture.clone()
    result[here] = torch.where(left[here][..., None], membrane(picture[here], ~left[here]), picture[here])
    return result


def _chosen(picture: Tensor, left: Tensor, usable: Tensor, generator: Generator) -> Shift | None:
    found = best_shifts(picture, left, usable)
    if not found:
        return None
    good = [shift for shift in found if shift.cost <= NEARLY_BEST * found[0].cost + 1e-4]
    shift = good[int(torch.randint(len(good), (), generator=generator))]
    return _refined(picture, left, usable, shift)


def _refined(picture: Tensor, left: Tensor, usable: Tensor, shift: Shift) -> Shift:
    """The best of the shifts that were one and the same at the working size, by the border's colours."""
    reach = math.ceil(max(left.shape) / WORKING)
    if reach <= 1 and max(left.shape) <= WORKING:
        return shift
    ys, xs = (grown(left, border_width(left)) & ~left).nonzero(as_tuple=True)
    every = max(1, len(ys) // SAMPLED)
    ys, xs = ys[::every], xs[::every]
    if not len(ys):
        return shift
    around = torch.arange(-reach, reach + 1)
    dy, dx = (d.flatten()[:, None] for d in torch.meshgrid(around + shift.dy, around + shift.dx, indexing="ij"))
    height, width = left.shape
    sy, sx = ys + dy, xs + dx
    inside = (sy >= 0) & (sy < height) & (sx >= 0) & (sx < width)
    sy, sx = sy.clamp(0, height - 1), sx.clamp(0, width - 1)
    weight = (inside & usable[sy, sx]).float()
    errors = ((picture[sy, sx] - picture[ys, xs]) ** 2).sum(-1)
    mean = (errors * weight).sum(1) / weight.sum(1).clamp(min=1e-3)
    mean[weight.sum(1) < weight.sum(1).max() * 0.8] = torch.inf
    best = int(mean.argmin())
    return Shift(int(dy[best]), int(dx[best]), shift.cost)


def _pasted(
    picture: Tensor, hole: Tensor, left: Tensor, usable: Tensor, shift: Shift, seam: int
) -> tuple[Tensor, Tensor]:
    """The picture with one more piece, and what of `left` it covers."""
    height, width = left.shape
    ring = border_width(left)
    box = bounds(left).grown(ring + seam + 2).clipped(Size(width, height))
    here = rows_and_columns(box)
    source, valid = _shifted(picture, usable, box, shift)
    covered = left[here] & valid
    near = grown(covered, ring) & ~left[here] & valid
    change = _light(picture[here] - source, near)
    weight = (_fading(covered, seam) * (hole[here] & valid))[..., None]
    piece = (source + change).clamp(0, 1) * weight + picture[here] * (1 - weight)
    result, filled = picture.clone(), torch.zeros_like(left)
    result[here] = torch.where(weight > 0, piece, picture[here])
    filled[here] = covered
    return result, filled


def _shifted(picture: Tensor, usable: Tensor, box: Box, shift: Shift) -> tuple[Tensor, Tensor]:
    """What the shift puts into the box, and which of its pixels may be used."""
    height, width = usable.shape
    ys = torch.arange(box.top, box.bottom) + shift.dy
    xs = torch.arange(box.left, box.right) + shift.dx
    inside = ((ys >= 0) & (ys < height))[:, None] & ((xs >= 0) & (xs < width))[None]
    ys, xs = ys.clamp(0, height - 1)[:, None], xs.clamp(0, width - 1)[None]
    return picture[ys, xs], inside & usable[ys, xs]


def _light(difference: Tensor, near: Tensor) -> Tensor:
    """What is to be added so that light and colour meet at the border; smooth, so that texture is left alone."""
    if not near.any():
        return torch.zeros_like(difference)
    apart = difference.square().sum(-1, keepdim=True) / (2 * LARGEST_CHANGE**2)
    weight = near[..., None] * torch.exp(-apart).clamp(min=1e-3)
    seen = blurred(weight, LIGHT_SOFT)
    soft = blurred(difference.clamp(-LARGEST_CHANGE, LARGEST_CHANGE) * weight, LIGHT_SOFT) / seen.clamp(min=1e-6)
    trusted = near & (seen[..., 0] > TRUSTED)
    return membrane(soft, trusted if trusted.any() else near)


def _fading(covered: Tensor, seam: int) -> Tensor:
    """1 on `covered`, falling to 0 at `seam + 1` pixels from it."""
    steps = [grown(covered, distance).float() for distance in range(seam + 1)]
    return sum(steps) / (seam + 1)
