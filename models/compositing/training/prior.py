"""What is known before anything was seen: where and how large the training groups' things are."""

from __future__ import annotations

import torch

from ..grid import Position, position_of
from ..measuring.prior import Marginals
from ..model import CompositingModel
from ..seeing import size_of
from .source import Source

# Groups that are looked at; more change three marginals little.
ENOUGH = 500


def positions_in(source: Source, most: int = ENOUGH) -> list[Position]:
    """The different positions of up to `most` groups, evenly picked.

    One position twice (the same thing taken out in two ways) would vouch for itself when the prior's width is
    chosen by leaving one out.
    """
    step = max(1, -(-len(source) // most))
    groups = (source[i] for i in range(0, len(source), step))
    return list(dict.fromkeys(position_of(group.box, size_of(group.background)) for group in groups))


@torch.no_grad()
def begin_with_prior(model: CompositingModel, source: Source) -> None:
    """Let a fresh position network start as the marginals of its training groups: it can only learn from there."""
    if model.position.heat.weight.any():
        return
    prior = Marginals.fit(positions_in(source))
    for parameter, known in zip(
        (model.position.prior_scale, model.position.prior_y, model.position.prior_x),
        (prior.scale, prior.y, prior.x),
        strict=True,
    ):
        parameter.copy_(known)
