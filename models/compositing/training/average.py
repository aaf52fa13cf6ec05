"""The running average of the weights, which is what gets evaluated and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn


class Average:
    """An exponential moving average of the trained weights, with the warm-up of Polyak averaging:
    decay = min(`decay`, (1 + n) / (10 + n)) after n steps."""

    def __init__(self, named: dict[str, Tensor], decay: float) -> None:
        self.decay = decay
        self.weights = {name: tensor.detach().clone() for name, tensor in named.items()}

    @torch.no_grad()
    def update(self, named: dict[str, Tensor], step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        get_ema_multi_avg_fn(decay)([self.weights[name] for name in named], list(named.values()), step)

    @contextmanager
    def in_place_of(self, named: dict[str, Tensor]) -> Iterator[None]:
        """Within the block the averaged weights take the place of `named`."""
        held = {name: tensor.detach().clone() for name, tensor in named.items()}
        with torch.no_grad():
            for name, tensor in named.items():
                tensor.copy_(self.weights[name])
        try:
            yield
        finally:
            with torch.no_grad():
                for name, tensor in named.items():
                    tensor.copy_(held[name])
