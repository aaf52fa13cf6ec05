"""Positions as cells: where the foot stands and how large the thing is, 64 x 64 places times 16 sizes.

A position is the foot point (the middle of the box's lower edge) as a share of the frame and the scale
`s = max(w/W, h/H)` (OPA, Liu et al. 2021). The foot, not the centre, because where a thing touches the
ground settles how large it looks there (Hoiem, Efros, Hebert 2006). Scales are log-spaced, so one step
is the same factor everywhere. Volumes are `(SCALES, CELLS, CELLS)`: scale, y, x.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ..geometry import Box, Size

CELLS = 64
SCALES = 16
SMALLEST = 0.05
STEP = math.log(1 / SMALLEST) / (SCALES - 1)


class Frame(NamedTuple):
    """A box with edges anywhere, in pixels: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    def rounded(self) -> Box:
        """Whole pixels, at least one each way."""
        left, top = round(self.left), round(self.top)
        return Box(left, top, max(left + 1, round(self.right)), max(top + 1, round(self.bottom)))


class Position(NamedTuple):
    """Foot point as shares of the frame's width and height, and scale in (0, 1]."""

    x: float
    y: float
    scale: float


class Cell(NamedTuple):
    """Indices into a volume, and where in the cell the position lies, in [-0.5, 0.5] cells each."""

    scale: int
    y: int
    x: int
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)  # x, y, scale


def relative_aspect(width: float, height: float, size: Size) -> float:
    """`(w/W) / (h/H)`: the thing's aspect in a frame that counts as square."""
    return (width / size.width) / (height / size.height)


def sides(scale: Tensor | float, aspect: Tensor | float):
    """`w/W` and `h/H` of a box of `scale` and relative `aspect`."""
    wide, tall = (min(1.0, aspect), min(1.0, 1 / aspect)) if isinstance(aspect, float) else (
        aspect.clamp(max=1), (1 / aspect).clamp(max=1))  # fmt: skip
    return scale * wide, scale * tall


def position_of(box: Box | Frame, size: Size) -> Position:
    """Where `box` stands in a frame of `size`."""
    width, height = box.right - box.left, box.bottom - box.top
    scale = max(width / size.width, height / size.height)
    return Position((box.left + box.right) / 2 / size.width, box.bottom / size.height, scale)


def frame_of(position: Position, aspect: float, size: Size) -> Frame:
    """The box of a thing with relative `aspect` at `position`."""
    w, h = sides(position.scale, float(aspect))
    x, y = position.x * size.width, position.y * size.height
    return Frame(x - w * size.width / 2, y - h * size.height, x + w * size.width / 2, y)


def scale_values(device: torch.device | str = "cpu") -> Tensor:
    """`(SCALES,)`: the scale in the middle of each step, 0.05 to 1."""
    return torch.exp(torch.arange(SCALES, device=device, dtype=torch.float32) * STEP + math.log(SMALLEST))


def cell_of(position: Position) -> Cell:
    """The nearest cell; positions outside of the grid go to its edge."""
    depth = math.log(max(position.scale, 1e-6) / SMALLEST) / STEP
    across, down = position.x * CELLS - 0.5, position.y * CELLS - 0.5
    nearest = [min(max(round(v), 0), n - 1) for v, n in ((across, CELLS), (down, CELLS), (depth, SCALES))]
    offset = [min(max(v - n, -0.5), 0.5) for v, n in zip((across, down, depth), nearest, strict=True)]
    return Cell(nearest[2], nearest[1], nearest[0], tuple(offset))


def position_in(cell: Cell) -> Position:
    """The position that `cell` and its offset stand for."""
    x, y, depth = (n + o for n, o in zip((cell.x, cell.y, cell.scale), cell.offset, strict=True))
    return Position((x + 0.5) / CELLS, (y + 0.5) / CELLS, min(1.0, SMALLEST * math.exp(depth * STEP)))


def visible_share(aspect: Tensor) -> Tensor:
    """`(B,)` relative aspects to `(B, SCALES, CELLS, CELLS)`: the share of the box inside the frame."""
    centres = (torch.arange(CELLS, device=aspect.device) + 0.5) / CELLS
    w, h = sides(scale_values(aspect.device)[None, :], aspect[:, None])  # (B, SCALES)
    w, h = w[..., None], h[..., None]
    across = (centres + w / 2).clamp(max=1) - (centres - w / 2).clamp(min=0)
    down = centres.clamp(max=1) - (centres - h).clamp(min=0)
    return (down / h)[..., :, None] * (across / w)[..., None, :]


def smeared(cell: Cell, sigma: float, sigma_scale: float) -> Tensor:
    """`(SCALES, CELLS, CELLS)`, sum 1: a Gaussian around the true position, `sigma` in cells and in scale steps."""
    middle = (cell.scale + cell.offset[2], cell.y + cell.offset[1], cell.x + cell.offset[0])
    axes = []
    for count, at, width in zip((SCALES, CELLS, CELLS), middle, (sigma_scale, sigma, sigma), strict=True):
        weight = torch.exp(-0.5 * ((torch.arange(count) - at) / width) ** 2)
        axes.append(weight / weight.sum())
    return axes[0][:, None, None] * axes[1][None, :, None] * axes[2][None, None, :]
