"""The composite told by what it changes: the log-ratio to the plain paste, and a correction of the alpha.

With the paste `P = a F + (1 - a) B` the field is `L = log((C + eps) / (P + eps))`. Inside the foreground that
is its change of colour, outside it is shadow and light on the background. Both are smooth, so a small
picture of them says as much as a large one.
"""

from __future__ import annotations

import torch
from torch import Tensor

# Lifts black: a pure ratio can darken haze but cannot make it.
EPS = 0.05
# Three times brighter or darker; beyond that something was drawn, not lit.
LIMIT = 1.0986
# Brings field values to about unit variance, which the noise schedule expects.
LOG_UNIT, ALPHA_UNIT = 0.35, 0.25


def paste(foreground: Tensor, alpha: Tensor, background: Tensor) -> Tensor:
    """`a F + (1 - a) B`; `(..., 3, H, W)` with `alpha` `(..., 1, H, W)`."""
    return background + alpha * (foreground - background)


def log_ratio(composite: Tensor, pasted: Tensor) -> Tensor:
    """`L`, clamped to a factor of three either way."""
    return torch.log((composite.clamp(min=0) + EPS) / (pasted.clamp(min=0) + EPS)).clamp(-LIMIT, LIMIT)


def relit(pasted: Tensor, ratio: Tensor) -> Tensor:
    """The composite that `L` makes of a paste, in [0, 1]."""
    return ((pasted + EPS) * torch.exp(ratio) - EPS).clamp(0, 1)


def to_field(ratio: Tensor, alpha_change: Tensor) -> Tensor:
    """`(B, 3, H, W)` and `(B, 1, H, W)` to the `(B, 4, H, W)` that is diffused."""
    return torch.cat([ratio / LOG_UNIT, alpha_change / ALPHA_UNIT], 1)


def from_field(field: Tensor) -> tuple[Tensor, Tensor]:
    """The log-ratio and the alpha correction that `to_field` joined."""
    return (field[:, :3] * LOG_UNIT).clamp(-LIMIT, LIMIT), (field[:, 3:] * ALPHA_UNIT).clamp(-1, 1)
