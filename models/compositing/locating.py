"""Given a model, a background and a cut-out: what its position network says, in one place for all who ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from .model import CompositingModel
from .networks.position import Located, PositionInput
from .seeing import position_input


@torch.no_grad()
def located_in(model: CompositingModel, background: Tensor, foreground: Tensor) -> Located:
    """Of `(H, W, 3)` and `(h, w, 4)`, a batch of one, without dropout, computed where the weights are."""
    # The host's layers cast weights to where their input is; this parameter belongs to no layer and stays put.
    device = model.position.prior_x.device
    seen = position_input(background, foreground, model.config)
    with _evaluating(model.position):
        return model.locate(PositionInput(*(part.to(device) for part in seen)))


@contextmanager
def _evaluating(network: nn.Module) -> Iterator[None]:
    """Training shows previews; it must find its network as it left it."""
    training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(training)
