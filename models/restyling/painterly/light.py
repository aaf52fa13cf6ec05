"""Exposure, glow and shade: light handled as a painter does, pooled over the set."""

from __future__ import annotations

import torch
from torch import Tensor

from .smooth import gaussian
from .statistics import SetStatistics


def exposed(light: Tensor, statistics: SetStatistics, amount: float) -> Tensor:
    """Bring the set's middle tone toward 0.62 by a power curve; black and white stay.

    The same curve for every picture of the set.
    """
    middle = min(max(statistics.middle, 0.2), 0.85)
    gamma = torch.tensor(0.62).log().item() / torch.tensor(middle).log().item()
    gamma = min(max(gamma, 0.75), 1.04)  # a dark set is lifted; a light one is meant to be light
    return light.clamp(0, 1) ** (1 + amount * (gamma - 1))


def bloom(lab: Tensor, unit: float, amount: float, threshold: float = 0.82, sigma: float = 12.0) -> Tensor:
    """Bright areas glow over their surroundings: a screen of the blurred highlights, in lightness, so no hue clips."""
    if amount == 0:
        return lab
    glow = gaussian((lab[:, :1] - threshold).clamp(min=0) / (1 - threshold), sigma * unit)
    light = lab[:, :1] + amount * 0.2 * glow * (1 - lab[:, :1]).clamp(min=0)
    return torch.cat([light, lab[:, 1:]], 1)


def cool_shadows(lab: Tensor, amount: float, below: float = 0.6) -> Tensor:
    """Shadows lean to violet, in proportion to their depth and to the colour they have: greys and blacks stay clean."""
    depth = (below - lab[:, :1]).clamp(min=0) * lab[:, :1].clamp(min=0) * 2
    shift = lab.new_tensor([0.0, 0.10, -0.22]).view(1, 3, 1, 1)
    return lab + amount * depth * shift
