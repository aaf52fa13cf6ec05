"""Two placings of one thing are the same place when their boxes overlap; said for the whole grid at once.

All lengths here are in cells of the grid: the frame is 64 x 64, whatever its shape.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ..grid import CELLS, SCALES, SMALLEST, STEP, Position, scale_values, sides

# Boxes narrower than this are compared as if magnified to it. The network is trained to answer with a blur of 1.5
# cells, so it cannot tell apart what is less than that apart; 6.5 lets a shift of two cells still count as the same.
LEAST = 6.5


class Spots(NamedTuple):
    """Foot points and sides, in cells, as tensors that broadcast."""

    x: Tensor
    y: Tensor
    wide: Tensor
    high: Tensor

    def at(self, index: int) -> Spots:
        """One of them; all four must be whole `(SCALES, CELLS, CELLS)` volumes."""
        return Spots(*(part.reshape(-1)[index] for part in self))


def spots(aspect: float, offsets: Tensor | None = None, scale_range: tuple[float, float] = (SMALLEST, 1.0)) -> Spots:
    """Every cell's placing, `(SCALES, CELLS, CELLS)`, moved by `offsets` `(3, CELLS, CELLS)` within its cell."""
    shift = torch.zeros(3, CELLS, CELLS) if offsets is None else offsets
    steps = torch.arange(CELLS, dtype=torch.float32)
    x, y = steps + shift[0], steps[:, None] + shift[1]
    scale = (scale_values()[:, None, None] * torch.exp(shift[2] * STEP)).clamp(*scale_range)
    wide, high = sides(scale, float(aspect))
    return Spots(x.expand_as(scale), y.expand_as(scale), wide * CELLS, high * CELLS)


def spot_of(position: Position, aspect: float) -> Spots:
    """One placing, as tensors without dimensions."""
    wide, high = sides(position.scale, float(aspect))
    lengths = position.x * CELLS - 0.5, position.y * CELLS - 0.5, wide * CELLS, high * CELLS
    return Spots(*(torch.tensor(value, dtype=torch.float32) for value in lengths))


def likeness(a: Spots, b: Spots) -> Tensor:
    """Intersection over union of the boxes, 0 to 1; of narrow ones after magnifying both to `LEAST`.

    Never below their plain intersection over union, because magnifying keeps the distance.
    """
    across = (LEAST / torch.minimum(a.wide, b.wide)).clamp(min=1)
    down = (LEAST / torch.minimum(a.high, b.high)).clamp(min=1)
    aw, bw, ah, bh = a.wide * across, b.wide * across, a.high * down, b.high * down
    dx, dy = b.x - a.x, b.y - a.y
    shared = torch.minimum((aw + bw) / 2 - dx.abs(), torch.minimum(aw, bw)).clamp(min=0)
    shared = shared * (dy.clamp(max=0) - torch.maximum(-ah, dy - bh)).clamp(min=0)
    return shared / (aw * ah + bw * bh - shared)


class Neighbours(NamedTuple):
    """The square of `likeness` between all pairs of cells, as spectra: `(step between scales, spectra)`."""

    spectra: tuple[tuple[int, Tensor], ...]


def neighbours(aspect: float, least: float) -> Neighbours:
    """For a thing of relative `aspect`; pairs with a likeness up to `least` count nothing.

    Squared, because a sum of plain likeness is so flat around its top that the box drifts within its place.

    How alike two cells are depends on their scales and on the shift between them alone. So a sum over all pairs is
    a correlation, and quick as a product of spectra; 2 x 64 cells a side keep shifts from wrapping round.
    """
    shift = torch.arange(2 * CELLS, dtype=torch.float32)
    shift = torch.where(shift < CELLS, shift, shift - 2 * CELLS)
    wide, high = (CELLS * side[:, None, None] for side in sides(scale_values(), float(aspect)))
    # Without a shift the overlap is the ratio of the areas, exp(-2 STEP) a step.
    reach = min(SCALES - 1, math.floor(-math.log(least) / (2 * STEP)))
    found = []
    for step in range(-reach, reach + 1):
        own, other = _paired(step)
        zero = torch.zeros(())
        like = likeness(Spots(zero, zero, wide[own], high[own]), Spots(shift, shift[:, None], wide[other], high[other]))
        found.append((step, torch.fft.rfft2(like**2 * (like > least)).conj()))
    return Neighbours(tuple(found))


def overlap_expected(mass: Tensor, near: Neighbours) -> Tensor:
    """`(SCALES, CELLS, CELLS)`: each cell's squared likeness to where the thing stands, which is spread as `mass`."""
    spectrum = torch.fft.rfft2(mass.float(), s=(2 * CELLS, 2 * CELLS))
    total = torch.zeros_like(spectrum)
    for step, spectra in near.spectra:
        own, other = _paired(step)
        total[own] += spectra * spectrum[other]
    return torch.fft.irfft2(total, s=(2 * CELLS, 2 * CELLS))[:, :CELLS, :CELLS]


def _paired(step: int) -> tuple[slice, slice]:
    """Scales that have another `step` above them, and those others."""
    return slice(max(0, -step), SCALES - max(0, step)), slice(max(0, step), SCALES - max(0, -step))
