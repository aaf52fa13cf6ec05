"""A frozen linear layer with a small change that is learned beside it (LoRA, Hu et al. 2021)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Enough for a new condition, 3 million weights on Stable Diffusion 1.5.
RANK = 16


class LowRank(nn.Module):
    """`W x + up down x` with `down` `(rank, in)` and `up` `(out, rank)`, which starts at zero.

    What is learned stays in float32 whatever the precision of `base`, else small steps of an optimiser
    would be rounded away.
    """

    def __init__(self, base: nn.Linear, rank: int = RANK) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.zeros(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def begin(self, generator: torch.Generator) -> None:
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5), generator=generator)
        nn.init.zeros_(self.up)

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + F.linear(F.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))


def with_low_rank(network: nn.Module, rank: int = RANK) -> nn.Module:
    """Give q, k, v and out of every attention of a diffusers `network` its low-rank change, in place."""
    for name, module in network.named_modules():
        if name.rpartition(".")[2] in ("attn1", "attn2"):
            for part in ("to_q", "to_k", "to_v"):
                setattr(module, part, LowRank(getattr(module, part), rank))
            module.to_out[0] = LowRank(module.to_out[0], rank)
    return network
