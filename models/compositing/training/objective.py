"""The target loss: how far the position and the composite are from the sample's (B3)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..model import CompositingModel
from ..networks.position import Located
from ..schedule import STEPS, alphas_bar, noised, velocity, weight_of
from ..view import map_through
from .batch import Batch
from .settings import TrainSettings


class Draw(NamedTuple):
    """The chance in one step: noise as `field`, timesteps `(B,)`, which auxiliary information is withheld `(B,)`."""

    noise: Tensor
    timestep: Tensor
    keep_fused: Tensor
    keep_place: Tensor

    def to(self, device: torch.device) -> Draw:
        return Draw(*(t.to(device) for t in self))

    def share(self, rank: int, world: int) -> Draw:
        """What concerns the examples that process `rank` of `world` has."""
        return Draw(*(t[rank::world] for t in self))


class Losses(NamedTuple):
    """position: cross-entropy to the smeared truth plus offsets. nll: -log p of the true cell, in nats.
    composition: weighted error of v. Means over the examples that count."""

    position: Tensor
    nll: Tensor
    composition: Tensor


def drawn(count: int, template: tuple[int, int, int], settings: TrainSettings, generator: torch.Generator) -> Draw:
    """Chance for `count` examples. Timesteps, but for the share of pure noise, are spread evenly over them."""
    lots = (torch.arange(count) + torch.rand((), generator=generator)) / count
    lots = lots[torch.randperm(count, generator=generator)] / max(1 - settings.pure_noise, 1e-6)
    keep = lambda share: (torch.rand(count, generator=generator) >= share).float()  # noqa: E731
    return Draw(
        torch.randn((count, *template), generator=generator),
        (lots * STEPS).long().clamp(max=STEPS - 1),
        keep(settings.drop_fused),
        keep(settings.drop_place),
    )


class Objective(nn.Module):
    """Both losses of a batch. One forward pass, so that data parallelism can wrap it."""

    def __init__(self, model: CompositingModel, settings: TrainSettings) -> None:
        super().__init__()
        self.model, self.settings = model, settings
        self.register_buffer("alphas_bar", alphas_bar(), persistent=False)

    def forward(self, batch: Batch, draw: Draw, compose: bool = True) -> Losses:
        located = self.model.locate(batch.seen)
        position, nll = position_loss(located, batch)
        composition = self.composition_loss(located, batch, draw) if compose else torch.zeros_like(position)
        return Losses(position, nll, composition)

    def composition_loss(self, located: Located, batch: Batch, draw: Draw) -> Tensor:
        """The gradient passes through the fused feature and the place map into the position network."""
        counting = batch.colours.nonzero().flatten()
        if not len(counting):
            return torch.zeros((), device=batch.colours.device)
        located, batch, draw = (_rows(part, counting) for part in (located, batch, draw))
        place = map_through(located.place_map(), batch.window, batch.view.place.shape[-1])
        view = batch.view._replace(place=place * _each(draw.keep_place, place))
        fused = located.fused * _each(draw.keep_fused, located.fused)
        network, alpha_bar = self.model.composition, self.alphas_bar[draw.timestep]
        x0 = network.target(view, batch.field, batch.composite)
        predicted = self.model.predict(noised(x0, draw.noise, alpha_bar), draw.timestep, view, fused)
        error = (predicted.float() - velocity(x0, draw.noise, alpha_bar)).pow(2).mean(1, keepdim=True)
        region = 1 + (self.settings.effect_weight - 1) * network.reduced(batch.effect)
        per_example = (error * region).sum((1, 2, 3)) / region.sum((1, 2, 3))
        return (per_example * weight_of(alpha_bar)).mean()


def position_loss(located: Located, batch: Batch) -> tuple[Tensor, Tensor]:
    """Cross-entropy to the smeared truth and L1 on the offsets at the true cell; and the true cell's -log p.

    Truth that lies in cells which are out of bounds is left out; an example all of whose truth is, does
    not count.
    """
    log_p = located.log_prob()
    allowed = log_p.isfinite()
    target = batch.target * allowed
    mass = target.sum((1, 2, 3))
    counts = (mass > 1e-3).float()
    target = target / mass.clamp(min=1e-3).view(-1, 1, 1, 1)
    log_p = log_p.masked_fill(~allowed, 0.0)
    entropy = -(target * log_p).sum((1, 2, 3))
    rows = torch.arange(len(log_p), device=log_p.device)
    s, y, x = batch.cell.unbind(1)
    offset = (located.offsets[rows, :, y, x] - batch.offset).abs().sum(1)
    inside = counts * allowed[rows, s, y, x]
    nll = -(log_p[rows, s, y, x] * inside).sum() / inside.sum().clamp(min=1)
    return ((entropy + offset) * counts).sum() / counts.sum().clamp(min=1), nll


def _rows(parts: tuple, rows: Tensor) -> tuple:
    """A named tuple of tensors, or of such, with these rows of each."""
    return type(parts)(*(_rows(part, rows) if isinstance(part, tuple) else part[rows] for part in parts))


def _each(per_example: Tensor, like: Tensor) -> Tensor:
    return per_example.view(-1, *[1] * (like.ndim - 1)).to(like.dtype)
