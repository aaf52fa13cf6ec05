"""Drawn lines: ink where the flow-aligned difference of Gaussians dips."""

from __future__ import annotations

import torch
from torch import Tensor

from .analysis import Analysis
from .statistics import SetStatistics
from .tone import smoothstep


def pen(
    analysis: Analysis, statistics: SetStatistics, weight: float, fine: float = 0.004, broad: float = 0.012
) -> Tensor:
    """(1, 1, H, W) ink, 0 = paper, 1 = line. weight: 0 none, 1 as designed, 2 double.

    fine, broad: how deep a dip in lightness must be to be drawn by the thin and by the broad nib. A set of low
    contrast is drawn with a lighter hand, or its lines would be lost (soft threshold: Winnemoeller 2006, eq. 12).
    """
    if weight == 0:
        return torch.zeros_like(analysis.lab[:, :1])
    range_ = min(max(statistics.white - statistics.black, 0.3), 0.7)
    dips = -analysis.ridges * (0.7 / range_)
    thin = torch.tanh(110 * min(weight, 1.5) * (dips[:, :1] - fine / max(weight, 0.5)).clamp(min=0))
    thick = torch.tanh(70 * weight * (dips[:, 1:] - broad / max(weight, 0.5)).clamp(min=0))
    steady = 0.25 + 0.75 * smoothstep(analysis.flow.coherence, 0.15, 0.5)  # grain has no direction, a contour has
    ink = (0.7 * thin + 0.6 * thick).clamp(max=1) * steady
    return (ink * min(weight, 1.0)).clamp(0, 1)


def inked(lab: Tensor, ink: Tensor, darkness: float = 0.28, chroma: float = 0.8) -> Tensor:
    """Lines in a dark shade of the colour they run over, never lighter than it."""
    light = torch.minimum(lab[:, :1], lab[:, :1] * darkness + 0.05)
    return torch.lerp(lab, torch.cat([light, lab[:, 1:] * chroma], 1), ink)
