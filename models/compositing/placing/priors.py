"""What a person says about the place before the network is asked: where, how large, and what is taken already."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ...errors import TroupeError
from ..grid import CELLS, SMALLEST, STEP, scale_values
from ..inputs import FAINT, checked_mask
from .alike import spots

# A box of which this share is taken cannot stand here: beyond it the two things visibly collide, and below it they
# mostly touch with the empty corners of their boxes.
TAKEN = 0.15
# Side of the square that taken pixels are counted on; four times finer than the cells.
COUNTED = 4 * CELLS
# Taken things are reckoned at least so large, half the smallest size each way: a stray pixel must not bar a wall.
SPECK = (SMALLEST / 2 * COUNTED) ** 2


class NothingLeft(TroupeError):
    """The wishes for the place leave no place at all."""


@dataclass(frozen=True, eq=False)
class Priors:
    """Masks of any resolution, stretched over the background.

    region: `(H, W)`, the foot point lies where it is white, to within a cell (1/64 of the frame); grey = less likely.
    occupied: `(H, W)`, or `(N, H, W)` with one layer a thing: white is taken.
    scale_range: of the box's longer side as a share of the frame's; both ends alike fix the size.
    """

    region: Tensor | None = None
    occupied: Tensor | None = None
    scale_range: tuple[float, float] = (SMALLEST, 1.0)

    def __post_init__(self) -> None:
        low, high = self.scale_range
        if not (low <= high and high >= SMALLEST and low <= 1):
            raise TroupeError(
                f"No size lies between {low:g} and {high:g}",
                item="scale range",
                remedy=f"Sizes go from {SMALLEST:g} to 1, the smaller first.",
            )
        object.__setattr__(self, "scale_range", (max(float(low), SMALLEST), min(float(high), 1.0)))


ANYWHERE = Priors()


def apply(log_prob: Tensor, priors: Priors, aspect: float) -> Tensor:
    """`(SCALES, CELLS, CELLS)` log-probabilities, once more normalised, of a thing with relative `aspect`.

    Raises `NothingLeft` naming what left nothing.
    """
    parts = {"scale range": scale_weight(priors.scale_range)}
    if priors.region is not None:
        parts["region"] = region_weight(priors.region)
    if priors.occupied is not None:
        parts["occupied"] = free_weight(priors.occupied, aspect)
    log_prob = log_prob.detach().to("cpu", torch.float32)
    left = log_prob + sum(weight.log() for weight in parts.values())
    if not torch.isfinite(left).any():
        _explain(torch.isfinite(log_prob), parts)
    return left.flatten().log_softmax(0).view_as(left)


def scale_weight(scale_range: tuple[float, float]) -> Tensor:
    """`(SCALES, 1, 1)`, 1 for the steps that have a size in the range: a step is half a step wide to either side."""
    low, high = scale_range
    reach = torch.exp(torch.tensor(STEP / 2))
    middle = scale_values()
    return ((middle * reach >= low) & (middle / reach <= high)).float()[:, None, None]


def region_weight(region: Tensor) -> Tensor:
    """`(1, CELLS, CELLS)`: the share of each cell that is white, so that a line thinner than a cell still counts."""
    mask = checked_mask(region, "region")
    return _reduced(mask * (mask > FAINT), CELLS)[None]


def free_weight(occupied: Tensor, aspect: float) -> Tensor:
    """`(SCALES, CELLS, CELLS)`: 1 where a box meets nothing that is taken, falling to 0 where the share is `TAKEN`.

    The share is of the box or of the taken thing, whichever is smaller: a large box must not hide a small thing.
    """
    weight = torch.ones(())
    for layer in occupied if occupied.ndim == 3 else occupied[None]:
        mask = checked_mask(layer, "occupied")
        weight = weight * (1 - taken_share(mask * (mask > FAINT), aspect) / TAKEN).clamp(min=0)
    return weight


def taken_share(mask: Tensor, aspect: float) -> Tensor:
    """`(SCALES, CELLS, CELLS)`: the pixels of `mask` `(H, W)` in each cell's box over those of the smaller of both."""
    counts = _reduced(mask, COUNTED).double()
    integral = F.pad(counts.cumsum(0).cumsum(1), (1, 0, 1, 0))
    box, unit = spots(aspect), COUNTED / CELLS
    right, left = box.x + 0.5 + box.wide / 2, box.x + 0.5 - box.wide / 2
    bottom, top = box.y + 0.5, box.y + 0.5 - box.high
    inside = _at(integral, bottom, right) - _at(integral, top, right)
    inside = inside - _at(integral, bottom, left) + _at(integral, top, left)
    smaller = (box.wide * box.high * unit**2).clamp(max=max(float(counts.sum()), SPECK))
    return (inside / smaller).clamp(0, 1).float()


def _at(integral: Tensor, y: Tensor, x: Tensor) -> Tensor:
    """The integral image between its pixels; beyond the frame there is nothing, so its border goes on."""
    points = torch.stack([x, y], -1).double() / CELLS * 2 - 1
    points = points.view(1, -1, CELLS, 2)
    found = F.grid_sample(integral[None, None], points, mode="bilinear", padding_mode="border", align_corners=True)
    return found.view(x.shape)


def _reduced(mask: Tensor, side: int) -> Tensor:
    return F.adaptive_avg_pool2d(mask[None], side)[0]


def _explain(possible: Tensor, parts: dict[str, Tensor]) -> None:
    remedies = {
        "scale range": "Allow smaller or larger sizes.",
        "region": "Paint a larger region, reaching to where a foot can stand with the whole thing inside the frame.",
        "occupied": "Free some of the background, or place fewer things.",
    }
    alone = [name for name, weight in parts.items() if not (possible & (weight > 0)).any()]
    names = alone[:1] or [name for name, weight in parts.items() if not (weight > 0).all()]
    together = " together" if len(names) > 1 else ""
    raise NothingLeft(
        "No place is left for the foreground",
        item=f"because of {' and '.join(names)}{together}",
        remedy=" Or: ".join(remedies[name] for name in names),
    )
