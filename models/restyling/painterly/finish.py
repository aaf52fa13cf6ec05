"""The last touches that every look shares: contrast, key, colour, warmth, and how much of the source shows through."""

from __future__ import annotations

import torch
from torch import Tensor

from .analysis import Analysis
from .settings import LookSettings
from .statistics import SetStatistics


def finished(lab: Tensor, analysis: Analysis, settings: LookSettings, statistics: SetStatistics) -> Tensor:
    """OKLab (1, 3, H, W) -> OKLab. The set's middle tone is the pivot, so a set keeps its order."""
    light, ab = lab[:, :1], lab[:, 1:]
    if settings.contrast != 1 or settings.lightness:
        light = _toned(light.clamp(0, 1), settings.contrast, settings.lightness, statistics.middle)
    if settings.chroma != 1:
        ab = ab * settings.chroma
    if settings.warmth:
        ab = ab + settings.warmth * _warmth(light)
    painted = torch.cat([light, ab], 1)
    return painted if settings.strength == 1 else torch.lerp(analysis.lab, painted, settings.strength)


def _toned(light: Tensor, contrast: float, key: float, middle: float) -> Tensor:
    """Gain around the middle, shift most in the midtones; black and white stay put, smoothly."""
    pivot = min(max(middle, 0.25), 0.75)
    below = pivot * (light / pivot).clamp(max=1) ** contrast
    above = (1 - pivot) * (1 - ((1 - light) / (1 - pivot)).clamp(0, 1) ** contrast)
    toned = below + above
    return toned + key * 4 * toned * (1 - toned) * 0.75


def _warmth(light: Tensor) -> Tensor:
    """(1, 2, H, W) shift of a, b for warmth 1: lights take the sun's colour, deep shadows half the sky's against it."""
    sun = (light - 0.22).clamp(-0.12, 0.55) * (1 - light.clamp(0, 1) ** 6 * 0.7)
    return torch.cat([0.03 * sun, 0.11 * sun], 1)
