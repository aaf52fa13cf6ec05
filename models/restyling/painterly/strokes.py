"""Brush strokes laid over a picture, every one a real stroke with its place, direction, colour and bristles.

A jittered lattice of strokes; at each pixel the strokes around it overlap, the one with the higher rank on top.
Blended by weight instead of sorted (McGuire, Bavoil 2013), so a pixel never asks for an order.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .analysis import Analysis
from .flow import Flow

REACH = 2  # lattice cells a stroke may stretch to each side
BAND = 48  # rows


class Brush(NamedTuple):
    """spacing in design pixels; length and width in spacings (length at most REACH); bristle 0 .. 1; curl: how far
    directions wander, radians."""

    spacing: float
    length: float
    width: float
    bristle: float
    wander: float


def lay_strokes(colour: Tensor, analysis: Analysis, brush: Brush, seed: int) -> tuple[Tensor, Tensor]:
    """OKLab (1, 3, H, W) -> the same painted with strokes, and their relief (1, 1, H, W), 0 .. 1.

    Each stroke takes the colour under its middle.
    """
    cell = max(2, round(brush.spacing * analysis.unit))
    h, w = colour.shape[-2:]
    top, left = analysis.window.top % cell, analysis.window.left % cell
    rows, columns = -(-(top + h) // cell) + 2 * REACH, -(-(left + w) // cell) + 2 * REACH
    chance = _chances(analysis, cell, rows, columns, seed, colour)
    jitter = (chance[:, :2] - 0.5) * 0.9
    centre_y = torch.arange(rows, device=colour.device)[None, None, :, None] + 0.5 + jitter[:, 1:] - REACH
    centre_x = torch.arange(columns, device=colour.device)[None, None, None] + 0.5 + jitter[:, :1] - REACH
    under = _read(torch.cat([colour, _doubled(analysis.flow)], 1), centre_x * cell - left, centre_y * cell - top)
    angle = 0.5 * torch.atan2(under[:, 4:5], under[:, 3:4]) + brush.wander * (chance[:, 2:3] - 0.5)
    tone = under[:, :3].clone()
    tone[:, :1] += 0.035 * (chance[:, 3:4] - 0.5)  # no two loads of the brush are equal
    # What is the same all over a stroke is computed for the stroke, not for its pixels.
    rank, turns = torch.exp(14 * chance[:, 4:5]), [chance[:, 4:5] * 40, chance[:, 4:5] * 70]
    cells = torch.cat([centre_x, centre_y, torch.cos(angle), torch.sin(angle), *turns, rank, tone], 1)
    fields = cells.repeat_interleave(cell, -2).repeat_interleave(cell, -1)
    return _blend(fields, brush, cell, (top, left), (h, w))


def _blend(
    fields: Tensor, brush: Brush, cell: int, corner: tuple[int, int], size: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """Band by band: what a band needs stays in the processor's cache, which is twice as quick."""
    bands = [
        _band(fields, brush, cell, (corner[0] + start, corner[1]), (min(BAND, size[0] - start), size[1]))
        for start in range(0, size[0], BAND)
    ]
    painted = torch.cat(bands, 1)[None]
    return painted[:, :3], painted[:, 3:]


def _band(fields: Tensor, brush: Brush, cell: int, corner: tuple[int, int], size: tuple[int, int]) -> Tensor:
    """(4, h, w): colour and height of the strokes around each pixel, weighted by cover and rank."""
    h, w = size
    y = ((torch.arange(h, device=fields.device) + corner[0] + 0.5) / cell)[:, None]
    x = ((torch.arange(w, device=fields.device) + corner[1] + 0.5) / cell)[None]
    mass = torch.full((h, w), 1e-12, device=fields.device)
    total = torch.zeros((4, h, w), device=fields.device)
    for j in range(2 * REACH + 1):
        for i in range(2 * REACH + 1):
            near = fields[0, :, corner[0] + j * cell :, corner[1] + i * cell :][:, :h, :w]
            weight, height = _stroke(x - near[0], y - near[1], near, brush, cell)
            mass += weight
            total[:3].addcmul_(near[7:], weight)
            total[3].addcmul_(height, weight)
    return total / mass


def _stroke(x: Tensor, y: Tensor, near: Tensor, brush: Brush, cell: int) -> tuple[Tensor, Tensor]:
    """Weight and height of one stroke per pixel; x, y from its middle in cells. In place: what was just written is
    still in the processor's cache."""
    _, _, cos, sin, turn, counter_turn, rank = near[:7]
    along = (x * cos).add_(y * sin).div_(brush.length)
    across = (y * cos).sub_(x * sin).div_(brush.width)
    bristles = (across * 9).add_(turn).sin_()
    bristles.mul_((across * 17).sub_(counter_turn).add_(along).sin_())
    reach = torch.maximum(along.abs().add_(0.12 * brush.bristle * bristles), across.abs())
    cover = (1 - reach).mul_(0.45 * cell * brush.width).clamp_(0, 1)  # about one pixel of softness
    squared = across.square_()
    height = (1 - squared).clamp_(min=0).mul_((0.4 * along).add_(0.6)).add_(bristles.mul_(0.35 * brush.bristle))
    faint = along.square_().add_(squared).neg_().exp_().mul_(1e-5)
    return cover.mul_(rank).add_(faint), height


def _chances(analysis: Analysis, cell: int, rows: int, columns: int, seed: int, like: Tensor) -> Tensor:
    """(1, 5, rows, columns) in [0, 1): drawn for the whole picture, then cut to the window's cells."""
    window = analysis.window
    all_rows = -(-window.whole_height // cell) + 2 * REACH + 1
    all_columns = -(-window.whole_width // cell) + 2 * REACH + 1
    generator = torch.Generator().manual_seed(seed & 0x7FFFFFFFFFFFFFFF)
    chance = torch.rand((1, 5, all_rows, all_columns), generator=generator)
    first_row, first_column = window.top // cell, window.left // cell
    return chance[..., first_row : first_row + rows, first_column : first_column + columns].to(like)


def _doubled(flow: Flow) -> Tensor:
    """Tangents as doubled angles, which can be averaged: t and -t are one direction."""
    return torch.cat([flow.x**2 - flow.y**2, 2 * flow.x * flow.y], 1)


def _read(fields: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Values at pixel positions (1, 1, rows, columns), edges continued."""
    h, w = fields.shape[-2:]
    grid = torch.cat([x * (2 / w) - 1, y * (2 / h) - 1], 1).permute(0, 2, 3, 1)  # B2HW -> BHW2
    return F.grid_sample(fields, grid, padding_mode="border", align_corners=False)


def relief(height: Tensor, strength: float) -> Tensor:
    """(1, 1, H, W) light on a height field from the upper left: about -strength .. strength, zero mean on a plane."""
    p = F.pad(height, (1, 1, 1, 1), mode="replicate")
    gx = (p[..., 1:-1, 2:] - p[..., 1:-1, :-2]) / 2
    gy = (p[..., 2:, 1:-1] - p[..., :-2, 1:-1]) / 2
    return strength * torch.tanh(-1.5 * (gx + gy))
