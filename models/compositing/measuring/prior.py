"""Where and how large things stand in general, before the picture was seen: the floor that a network must beat.

Independent marginals over foot x, foot y and log-scale. The floor is to be as strong as so simple a model can be,
or beating it says little: each axis is smoothed by a Gaussian plus a uniform part, and both are chosen by the
likelihood of each example under the others (leave-one-out; Silverman 1986, section 3.4.4). x may also be mirrored,
because a network that trains on flipped pictures knows that much.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor

from ..grid import CELLS, SCALES, Cell, Position, cell_of, position_in

# Widths of the Gaussian in cells, and shares of the uniform part. Uniform comes first: it wins where nothing is known.
WIDTHS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0)
UNIFORM = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)


class Marginals(NamedTuple):
    """Log-probabilities of each axis' cells: `(CELLS,)`, `(CELLS,)`, `(SCALES,)`; each sums to one."""

    x: Tensor
    y: Tensor
    scale: Tensor

    @classmethod
    def fit(cls, positions: Iterable[Position | tuple[float, float, float]]) -> Marginals:
        """From where training things stand: foot x, foot y, scale in [0, 1]. Of none or one: uniform."""
        cells = [cell_of(Position(*position)) for position in positions]
        place, size = _kernels(CELLS), _kernels(SCALES)
        return cls(
            _smoothed([cell.x for cell in cells], torch.cat([place, (place + place.flip(2)) / 2])),
            _smoothed([cell.y for cell in cells], place),
            _smoothed([cell.scale for cell in cells], size),
        )

    def log_prob(self, allowed: Tensor | None = None) -> Tensor:
        """`(SCALES, CELLS, CELLS)`, sums to one; over the `allowed` cells alone (bool, same shape) where given.

        A model that rules out boxes that leave the frame must be compared with a prior that does so too.
        """
        volume = self.scale[:, None, None] + self.y[None, :, None] + self.x[None, None, :]
        if allowed is not None:
            volume = volume.masked_fill(~allowed, -torch.inf)
        return volume.flatten().log_softmax(0).view_as(volume)

    def draw(self, generator: torch.Generator, k: int, allowed: Tensor | None = None) -> list[Position]:
        """`k` independent positions, each anywhere in its cell."""
        volume = self.log_prob(allowed).exp()
        picked = torch.multinomial(volume.flatten(), k, replacement=True, generator=generator)
        offsets = torch.rand((k, 3), generator=generator) - 0.5
        return [
            position_in(Cell(int(i) // CELLS**2, int(i) // CELLS % CELLS, int(i) % CELLS, tuple(offset.tolist())))
            for i, offset in zip(picked, offsets, strict=True)
        ]


def _kernels(count: int) -> Tensor:
    """`(len(WIDTHS), count, count)`: row i is a Gaussian around cell i, and sums to one."""
    at = torch.arange(count, dtype=torch.float64)
    steps = (at[:, None] - at[None, :])[None] / torch.tensor(WIDTHS, dtype=torch.float64)[:, None, None]
    return torch.softmax(-0.5 * steps**2, 2)


def _smoothed(cells: list[int], kernels: Tensor) -> Tensor:
    """The most likely of all smoothings, as `(count,)` float32 log-probabilities."""
    count, known = kernels.shape[-1], len(cells)
    seen = torch.bincount(torch.tensor(cells, dtype=torch.long), minlength=count).to(torch.float64)
    heaped = seen @ kernels  # (B, count): the sum of all examples' kernels
    others = (heaped - kernels.diagonal(dim1=1, dim2=2)).clamp(min=0) / max(known - 1, 1)
    fits = (seen * torch.log(_mixed(others))).sum(-1)
    best = _mixed(heaped / max(known, 1)).flatten(0, 1)[int(fits.argmax())]
    return torch.log(best / best.sum()).to(torch.float32)


def _mixed(density: Tensor) -> Tensor:
    """`(B, count)` to `(len(UNIFORM), B, count)`: with each share of the uniform part."""
    share = torch.tensor(UNIFORM, dtype=torch.float64)[:, None, None]
    return (1 - share) * density + share / density.shape[-1]
