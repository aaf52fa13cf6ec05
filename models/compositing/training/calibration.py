"""How much to trust what was learnt: the heat is scaled to what held-out groups bear out.

A network that has seen few groups knows them by heart and is too sure of itself elsewhere. One factor on its logits,
chosen by the likelihood of what it was not trained on, mends that (temperature scaling, Guo et al. 2017, "On
Calibration of Modern Neural Networks"). Only the heat is scaled, not the marginals under it: so a network that has
learnt little falls back on what is known without looking, and not on nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch

from ..model import CompositingModel
from .batch import Batch
from .objective import position_loss

# 0 would be a network that was never trained, which begins anew when it is trained further.
FACTORS = tuple(n / 10 for n in range(1, 16))


class Calibration(NamedTuple):
    """heat: the factor. nll: mean -log p of the true cells with it, in nats."""

    heat: float
    nll: float


@torch.no_grad()
def calibrate(model: CompositingModel, batches: Sequence[Batch]) -> Calibration:
    """Scale the heat of `model` in place; `batches` are held-out ones."""
    network = model.position.eval()
    device = network.prior_x.device
    sums, count = torch.zeros(len(FACTORS), dtype=torch.float64), sum(len(batch.cell) for batch in batches)
    for batch in batches:
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
    return Calibration(FACTORS[best], float(sums[best]) / max(count, 1))
