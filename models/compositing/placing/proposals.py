"""Given how likely the thing stands where, how large: the few boxes that are worth showing.

A box is worth the (squared) overlap that it is expected to have with where the thing really stands, counting only
overlaps above the threshold of a hit. Unlike the likeliest cell this adds up what neighbouring cells say, which for a
large thing are many; unlike the mean it never stands between two places. What the first box covers is taken out, and
the next is sought in the rest (greedy, as non-maximum suppression is).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from ...geometry import Size
from ..grid import CELLS, SMALLEST, Cell, Frame, Position, frame_of, position_in
from .alike import likeness, neighbours, overlap_expected, spots

# Of a place that is less likely than this, there is nothing to show.
NEGLIGIBLE = 1e-6


class Candidate(NamedTuple):
    """A place. box: in pixels of the background, its edges may leave the frame a little.

    probability: of the thing standing here or so, that is in a cell that counts as the same place and not as an
    earlier candidate's. So the probabilities of several candidates add up to one at most.
    """

    box: Frame
    position: Position
    probability: float


def candidates(
    log_prob: Tensor,
    offsets: Tensor,
    aspect: float,
    size: Size,
    k: int,
    temperature: float = 1.0,
    nms_iou: float = 0.5,
    scale_range: tuple[float, float] = (SMALLEST, 1.0),
) -> tuple[Candidate, ...]:
    """The best first; at most `k`, no two of which overlap by more than `nms_iou`; more `k` only adds to them.

    log_prob: `(SCALES, CELLS, CELLS)`, -inf = impossible. offsets: `(3, CELLS, CELLS)`, x, y and scale within the
    cell. aspect: the thing's, relative to the frame's. temperature: above 1 flattens the distribution first.
    """
    near = neighbours(aspect, nms_iou)

    def worth(rest: Tensor) -> Tensor:
        overlap = overlap_expected(rest / rest.sum(), near).double()
        # Spectra are exact to six digits. What is equal but for that goes to the likelier cell, then to the first.
        return (overlap / overlap.max()).round(decimals=5) + 1e-6 * rest / rest.max()

    mass = tempered(log_prob, temperature)
    return _one_after_another(mass, worth, offsets, aspect, size, k, nms_iou, scale_range)


def sampled(
    log_prob: Tensor,
    offsets: Tensor,
    aspect: float,
    size: Size,
    k: int,
    temperature: float,
    generator: torch.Generator,
    nms_iou: float = 0.5,
    scale_range: tuple[float, float] = (SMALLEST, 1.0),
) -> tuple[Candidate, ...]:
    """As `candidates`, but each is drawn from what the earlier left, as likely as it is.

    One race of exponential clocks, the quickest of which is cell i with probability p_i, settles all draws.
    """
    clocks = -torch.log(torch.rand(log_prob.shape, generator=generator, dtype=torch.float64))

    def worth(rest: Tensor) -> Tensor:
        return rest / clocks

    mass = tempered(log_prob, temperature)
    return _one_after_another(mass, worth, offsets, aspect, size, k, nms_iou, scale_range)


def tempered(log_prob: Tensor, temperature: float) -> Tensor:
    """`p^(1/T)` normalised, in float64 on the CPU; same shape."""
    scores = log_prob.detach().to("cpu", torch.float64) / temperature
    return scores.flatten().softmax(0).view_as(scores)


def _one_after_another(
    mass: Tensor,
    worth: Callable[[Tensor], Tensor],
    offsets: Tensor,
    aspect: float,
    size: Size,
    k: int,
    least: float,
    scale_range: tuple[float, float],
) -> tuple[Candidate, ...]:
    offsets = offsets.detach().to("cpu", torch.float32)
    everywhere = spots(aspect, offsets, scale_range)
    rest, found = mass.clone(), []
    while len(found) < k and rest.sum() > NEGLIGIBLE:
        index = int(worth(rest).masked_fill(rest <= 0, -torch.inf).argmax())
        here = likeness(everywhere.at(index), everywhere) > least
        position = _position_at(index, offsets, scale_range)
        found.append(Candidate(frame_of(position, aspect, size), position, float(rest[here].sum())))
        rest[here] = 0
    return tuple(found)


def _position_at(index: int, offsets: Tensor, scale_range: tuple[float, float]) -> Position:
    scale, y, x = index // CELLS**2, index // CELLS % CELLS, index % CELLS
    position = position_in(Cell(scale, y, x, tuple(offsets[:, y, x].tolist())))
    return position._replace(scale=min(max(position.scale, scale_range[0]), scale_range[1]))
