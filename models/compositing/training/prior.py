"""What is known before anything was seen: where and how large the training groups' things are."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ...progress import Progress, silent
from ..grid import Position, position_of, visible_share
from ..measuring.prior import Marginals
from ..model import CompositingModel
from ..seeing import size_of
from .batch import Batch
from .source import Source

# Groups that are looked at; more change three marginals little.
ENOUGH = 500


def positions_in(source: Source, most: int = ENOUGH, progress: Progress = silent) -> list[Position]:
    """The different positions of up to `most` groups, evenly picked.

    One position twice (the same thing taken out in two ways) would vouch for itself when the prior's width is
    chosen by leaving one out.
    """
    step = max(1, -(-len(source) // most))
    found = {}
    for i in range(0, len(source), step):
        progress(i, len(source), "looking at the groups")
        group = source[i]
        found[position_of(group.box, size_of(group.background))] = True
    return list(found)


def prior_nll(prior: Marginals, batches: Sequence[Batch], visible: float) -> float:
    """Mean -log p of the true cells in nats, over the cells that the network may use, too: the floor to beat."""
    total, count = 0.0, 0
    for batch in batches:
        allowed = visible_share(batch.seen.aspect) >= visible
        for (scale, y, x), own in zip(batch.cell.tolist(), allowed, strict=True):
            if own[scale, y, x]:
                total, count = total - float(prior.log_prob(own)[scale, y, x]), count + 1
    return total / max(count, 1)


@torch.no_grad()
def begin_with(model: CompositingModel, prior: Marginals) -> None:
    """Let a fresh position network start as the marginals of its training groups: it can only learn from there."""
    if model.position.heat.weight.any():
        return
    for parameter, known in zip(
        (model.position.prior_scale, model.position.prior_y, model.position.prior_x),
        (prior.scale, prior.y, prior.x),
        strict=True,
    ):
        parameter.copy_(known)
