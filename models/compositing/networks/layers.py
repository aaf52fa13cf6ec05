"""Small parts of the networks, and the exchange of the layer classes that they are made of."""

from __future__ import annotations

import math
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Layers(Protocol):
    """Layer classes that derive from torch's and hold no state of their own, such as the host's `manual_cast`."""

    Conv2d: type[nn.Conv2d]
    Linear: type[nn.Linear]
    GroupNorm: type[nn.GroupNorm]
    LayerNorm: type[nn.LayerNorm]


def with_layers(network: nn.Module, layers: Layers) -> nn.Module:
    """Let `layers` do the work of torch's plain layers in `network`, in place; the weights stay as they are.

    Training uses torch's own. To infer, the host's layers cast and move weights as memory allows. A network
    of a library cannot be handed layer classes when it is built, so they are exchanged afterwards, in all.
    """
    for name in Layers.__annotations__:
        for module in network.modules():
            if type(module) is getattr(nn, name):
                module.__class__ = getattr(layers, name)
    return network


class Block(nn.Module):
    """A 3 x 3 convolution, which halves the sides if `stride` is 2, then one around which a shortcut leads."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1, dropout: float = 0.0) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1)
        self.norm1 = nn.GroupNorm(8, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.norm2 = nn.GroupNorm(8, outputs)
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, x: Tensor) -> Tensor:
        x = F.silu(self.norm1(self.first(x)))
        return x + self.dropout(F.silu(self.norm2(self.second(x))))


class Attention(nn.Module):
    """Multi-head attention of `x` (B, N, D) to `context` (B, M, D) (Vaswani et al. 2017), around a shortcut."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.norm_context = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.to_q, self.to_k, self.to_v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        context = self.norm_context(context)
        q, k, v = map(self._split, (self.to_q(self.norm(x)), self.to_k(context), self.to_v(context)))
        mixed = _attention(q, k, v)
        return x + self.out(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        """(B, N, D) -> (B, heads, N, D / heads)."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def _attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """`softmax(q k^T / sqrt(d)) v`. Torch's fused kernel is slower than the formula to differentiate on a CPU."""
    if q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v)
    return torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5, -1) @ v


class Mixer(nn.Module):
    """One layer of the fusion: background tokens look at the foreground, at one another, and think it over."""

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.cross = Attention(dim, heads)
        self.own = Attention(dim, heads)
        self.norm = nn.LayerNorm(dim)
        self.widen, self.narrow = nn.Linear(dim, 2 * dim), nn.Linear(2 * dim, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, foreground: Tensor) -> Tensor:
        x = self.cross(x, foreground)
        x = self.own(x, x)
        return x + self.dropout(self.narrow(F.gelu(self.widen(self.norm(x)))))


def as_tokens(features: Tensor) -> Tensor:
    """`(B, D, h, w)` to `(B, h * w, D)`."""
    return features.flatten(2).transpose(1, 2)


def as_image(tokens: Tensor, side: int) -> Tensor:
    """`(B, side * side, D)` to `(B, D, side, side)`."""
    return tokens.transpose(1, 2).unflatten(2, (side, side))


def randomise(network: nn.Module, generator: torch.Generator) -> None:
    """torch's own initialisation of convolutions and linear layers, from a generator instead of the world's."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5), generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
