"""From groups to tensors: what both networks see of a group, and what they should have said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ..config import ModelConfig
from ..field import EPS, log_ratio, paste, to_field
from ..grid import Frame, cell_of, position_of, smeared
from ..groups.group import GroupPixels
from ..networks.composition import View
from ..networks.position import PositionInput
from ..seeing import position_input, size_of
from ..view import placed, seen_through, share_of, window_around
from .augment import augmented, between, blotted, disguised, spoilt_edge
from .settings import TrainSettings


class Batch(NamedTuple):
    """B examples. `view.place` is empty; the position network fills it.

    target: `(B, SCALES, CELLS, CELLS)`, sum 1. cell: `(B, 3)`, scale, y, x. offset: `(B, 3)`, x, y, scale.
    field: `(B, 4, V, V)`. composite: `(B, 3, V, V)`. effect: `(B, 1, V, V)`, 1 where something changes.
    window: `(B, 4)`, shares of the frame. colours: `(B,)`, 0 where colours are not to be learnt from.
    """

    seen: PositionInput
    target: Tensor
    cell: Tensor
    offset: Tensor
    view: View
    field: Tensor
    composite: Tensor
    effect: Tensor
    window: Tensor
    colours: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(type(v)(*(t.to(device) for t in v)) if isinstance(v, tuple) else v.to(device) for v in self))


def example(
    group: GroupPixels, config: ModelConfig, settings: TrainSettings, generator: Generator, colours: bool = True
) -> Batch:
    """One group, augmented, as a batch of one."""
    group = augmented(group, settings.augment, generator)
    size, side = size_of(group.background), config.view_side
    box = Frame(*map(float, group.box))
    cell = cell_of(position_of(box, size))
    shown = disguised(group.foreground, settings.augment, generator)
    window = window_around(box, size, between(generator, *settings.augment.room))

    background = seen_through(group.background.permute(2, 0, 1), window, side)  # HWC -> CHW
    composite = seen_through(group.composite.permute(2, 0, 1), window, side)  # HWC -> CHW
    thing = placed(shown.permute(2, 0, 1), box, window, side)  # HWC -> CHW
    given = spoilt_edge(thing[3:], settings.augment.edge, generator)
    flat = _straight(thing)
    ratio = log_ratio(composite, paste(flat, thing[3:], background))
    seen = position_input(group.background, shown, config)
    return Batch(
        seen=seen._replace(background=blotted(seen.background, settings.augment.erase, generator)),
        target=smeared(cell, settings.sigma, settings.sigma_scale)[None],
        cell=torch.tensor([[cell.scale, cell.y, cell.x]]),
        offset=torch.tensor([cell.offset]),
        view=View(background[None], (flat * given)[None], given[None], torch.zeros(1, 1, side, side)),
        field=to_field(ratio[None], (thing[3:] - given)[None]),
        composite=composite[None],
        effect=_effect(ratio, thing[3:])[None],
        window=torch.tensor([share_of(window, size)]),
        colours=torch.tensor([float(colours)]),
    )


def joined(examples: Sequence[Batch]) -> Batch:
    """Many batches as one."""

    def stack(parts):
        if isinstance(parts[0], tuple):
            return type(parts[0])(*map(torch.cat, zip(*parts, strict=True)))
        return torch.cat(parts)

    return Batch(*map(stack, zip(*examples, strict=True)))


def _straight(thing: Tensor) -> Tensor:
    """`(3, V, V)`: the colours of `(4, V, V)` colours times alpha; those of the nearest cells where nothing is, so that
    an alpha that reaches too far shows more of the thing and no black rim."""
    colours, alpha = thing[:3], thing[3:]
    near = F.avg_pool2d(thing[None], 5, 1, 2)[0]
    return torch.where(alpha > EPS, colours / alpha.clamp(min=EPS), near[:3] / near[3:].clamp(min=1e-6))


def _effect(ratio: Tensor, alpha: Tensor) -> Tensor:
    """`(1, V, V)`: the object, a rim around it, and wherever light or colour changes by more than a twentieth."""
    changed = (ratio.abs().amax(0, keepdim=True) > 0.05).float()
    return F.max_pool2d(torch.maximum(changed, (alpha > 0.02).float())[None], 5, 1, 2)[0]
