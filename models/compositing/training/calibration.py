"""How much to trust what was learnt: heat and colours are scaled to what held-out groups bear out.

A network that has seen few groups knows them by heart and is too sure of itself elsewhere. One factor on its logits,
chosen by the likelihood of what it was not trained on, mends that (temperature scaling, Guo et al. 2017, "On
Calibration of Modern Neural Networks"). Only the heat is scaled, not the marginals under it: so a network that has
learnt little falls back on what is known without looking, and not on nothing. Likewise one factor on the change of
the thing's colours, by the least absolute error over what inference begins with, which is the measure of colours
(`measuring/colour.py`): who cannot tell keeps the thing as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from ..model import CompositingModel
from ..networks.composition import View
from ..schedule import denoised
from ..view import map_through
from .batch import Batch
from .chance import chance_for
from .objective import position_loss

# More than this is nothing that so few groups can vouch for.
TRUSTS = tuple(n / 10 for n in range(16))
# Errors this near to the least are as good: a share.
TIE = 0.005
# 0 would be a network that was never trained, which begins anew when it is trained further.
FACTORS = TRUSTS[1:]


class Calibration(NamedTuple):
    """heat, colours: the factors. nll: mean -log p of the true cells with the first, in nats."""

    heat: float
    nll: float
    colours: float


@torch.no_grad()
def calibrate(
    model: CompositingModel, batches: Sequence[Batch], beat: Callable[[], None] = lambda: None
) -> Calibration:
    """Let `model` have both factors, in place; `batches` are held-out ones. `beat` is called before each."""
    heat, nll = _scaled_heat(model.eval(), batches, beat)
    return Calibration(heat, nll, trust_colours(model, batches, beat))


@torch.no_grad()
def trust_colours(model: CompositingModel, batches: Sequence[Batch], beat: Callable[[], None] = lambda: None) -> float:
    """Let `model` have the factor f on its change of colour inside that makes `sum |t - f p|` least over truth `t` and
    prediction `p` in one step from noise, in place. Of factors that are as good, the least one."""
    device = model.position.prior_x.device
    wrong, said = torch.zeros(len(TRUSTS), dtype=torch.float64), 0.0
    for number, batch in enumerate(batches):
        beat()
        batch = batch.to(device)
        located = model.locate(batch.seen)
        view = batch.view._replace(place=map_through(located.place_map(), batch.window, batch.view.place.shape[-1]))
        shape = (len(batch.cell), *model.composition.template_shape)
        noise = torch.randn(shape, generator=chance_for(0, "calibration", number)).to(device)
        predict = partial(_predicted, model, view, located.fused)
        found = model.composition.field(denoised(noise, predict, 1), view)[:, :3]
        inside = view.alpha * batch.colours.view(-1, 1, 1, 1)
        wrong += torch.stack([((batch.field[:, :3] - f * found).abs() * inside).sum().double().cpu() for f in TRUSTS])
        said += float((found.abs() * inside).sum())
    if said > 0:
        good = wrong <= (1 + TIE) * wrong.min()
        model.colour_trust.fill_(TRUSTS[int(good.nonzero()[0])])
    return float(model.colour_trust)


def _predicted(model: CompositingModel, view: View, fused: Tensor, x: Tensor, timestep: Tensor) -> Tensor:
    return model.predict(x, timestep, view, fused)


def _scaled_heat(model: CompositingModel, batches: Sequence[Batch], beat: Callable[[], None]) -> tuple[float, float]:
    network = model.position
    device = network.prior_x.device
    sums, count = torch.zeros(len(FACTORS), dtype=torch.float64), sum(len(batch.cell) for batch in batches)
    for batch in batches:
        beat()
        batch = batch.to(device)
        located, prior = model.locate(batch.seen), network.prior()
        allowed = torch.isfinite(located.logits)
        heat = located.logits.masked_fill(~allowed, 0.0) - prior
        for i, factor in enumerate(FACTORS):
            logits = (prior + factor * heat).masked_fill(~allowed, -torch.inf)
            sums[i] += float(position_loss(located._replace(logits=logits), batch)[1]) * len(batch.cell)
    best = int(sums.argmin())
    for part in (network.heat.weight, network.heat.bias):
        part.mul_(FACTORS[best])
    return FACTORS[best], float(sums[best]) / max(count, 1)
