"""Given a background and a cut-out: the fused feature, and from it how likely the cut-out stands where, how large.

One pass gives a whole distribution over places and sizes (the 3-D heatmap of TopNet, Zhu et al. 2023), so a
prior, a mask or a temperature can still act on it, and `-log p` of the truth is its measure.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ModelConfig
from ..grid import CELLS, SCALES, visible_share
from .layers import Block, Mixer, as_image, as_tokens


class PositionInput(NamedTuple):
    """What the network sees.

    background: `(B, 3, S, S)` in [0, 1], stretched to a square. foreground: `(B, 4, F, F)`, colours times
    alpha and alpha, its own aspect kept, centred on nothing. shape: `(B, 2)`, the logarithms of the
    foreground's and of the background's width / height.
    """

    background: Tensor
    foreground: Tensor
    shape: Tensor

    @property
    def aspect(self) -> Tensor:
        """`(B,)`: the thing's width / height in a frame that counts as square."""
        return torch.exp(self.shape[:, 0] - self.shape[:, 1])


class Located(NamedTuple):
    """What it says. logits: `(B, SCALES, CELLS, CELLS)`, -inf where too much of the box would leave the frame.

    offsets: `(B, 3, CELLS, CELLS)`, x, y and scale within the cell, in [-0.5, 0.5] cells.
    fused: `(B, N, D)`, the fused feature, which the composition network looks at.
    """

    logits: Tensor
    offsets: Tensor
    fused: Tensor

    def log_prob(self) -> Tensor:
        """`(B, SCALES, CELLS, CELLS)`: log-probabilities in float32."""
        return self.logits.float().flatten(1).log_softmax(1).view_as(self.logits)

    def place_map(self) -> Tensor:
        """`(B, 1, CELLS, CELLS)` in [0, 1]: how likely each place is over all sizes, 1 at the likeliest."""
        places = self.log_prob().exp().sum(1, keepdim=True)
        return places / places.amax((2, 3), keepdim=True).clamp(min=1e-12)


class PositionNetwork(nn.Module):
    """Two encoders, cross-attention, and a decoder back to the grid of cells."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        c, d = config.width, config.tokens
        self.visible = config.visible
        self.token_side = config.background_side // 8
        self.background = nn.ModuleList([Block(3, c, 2), Block(c, 2 * c, 2), Block(2 * c, d, 2, config.dropout)])
        self.foreground = nn.Sequential(Block(4, c, 2), Block(c, 2 * c, 2), Block(2 * c, d, 2, config.dropout))
        self.background_place = nn.Parameter(sinusoids(self.token_side, d))
        self.foreground_place = nn.Parameter(sinusoids(config.foreground_side // 8, d))
        self.shape = nn.Sequential(nn.Linear(2, d), nn.SiLU(), nn.Linear(d, d))
        self.mixers = nn.ModuleList(Mixer(d, config.heads, config.dropout) for _ in range(config.layers))
        # Two more for x and y: how far down a place lies settles much of how large a thing is there (Liu et al. 2018).
        self.up1, self.up2 = Block(d + 2 * c + 2, 2 * c), Block(2 * c + c + 2, c)
        self.heat, self.offset = nn.Conv2d(c, SCALES, 1), nn.Conv2d(c, 3, 1)
        # What is known before anything was seen: independent marginals over scale, y and x.
        self.prior_scale = nn.Parameter(torch.zeros(SCALES))
        self.prior_y, self.prior_x = nn.Parameter(torch.zeros(CELLS)), nn.Parameter(torch.zeros(CELLS))
        nn.init.zeros_(self.heat.weight)
        nn.init.zeros_(self.heat.bias)

    def forward(self, seen: PositionInput) -> Located:
        skips, x = [], seen.background * 2 - 1
        for block in self.background:
            x = block(x)
            skips.append(x)
        y = self.foreground(seen.foreground * 2 - 1)
        shape = self.shape(seen.shape)[:, None]
        fused, thing = as_tokens(x) + self.background_place + shape, as_tokens(y) + self.foreground_place + shape
        for mixer in self.mixers:
            fused = mixer(fused, thing)
        x = as_image(fused, self.token_side)
        x = self.up1(torch.cat([_doubled(x), skips[1], _coordinates(skips[1])], 1))
        x = self.up2(torch.cat([_doubled(x), skips[0], _coordinates(skips[0])], 1))
        if x.shape[-1] != CELLS:
            x = F.interpolate(x, (CELLS, CELLS), mode="area")
        logits = self.heat(x).float() + self.prior()
        logits = logits.masked_fill(visible_share(seen.aspect) < self.visible, -torch.inf)
        return Located(logits, self.offset(x).float().tanh() / 2, fused)

    def prior(self) -> Tensor:
        """`(SCALES, CELLS, CELLS)` logits; where training starts, because the heat is zero there."""
        return self.prior_scale[:, None, None] + self.prior_y[:, None] + self.prior_x


def sinusoids(side: int, dim: int) -> Tensor:
    """`(1, side * side, dim)`: sines and cosines of the row and of the column (Vaswani et al. 2017, 3.5)."""
    count = dim // 4
    waves = torch.arange(side)[:, None] / 10 ** (4 * torch.arange(count) / count)
    line = torch.cat([waves.sin(), waves.cos()], 1)  # (side, dim / 2)
    rows, columns = line[:, None].expand(-1, side, -1), line[None].expand(side, -1, -1)
    return torch.cat([rows, columns], 2).flatten(0, 1)[None]


def _coordinates(like: Tensor) -> Tensor:
    """`(B, 2, h, w)`: y and x from -1 to 1."""
    height, width = like.shape[-2:]
    ys = torch.linspace(-1, 1, height, device=like.device, dtype=like.dtype)[:, None].expand(height, width)
    xs = torch.linspace(-1, 1, width, device=like.device, dtype=like.dtype).expand(height, width)
    return torch.stack([ys, xs]).expand(len(like), -1, -1, -1)


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
