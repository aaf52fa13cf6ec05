"""Comic: two or three inks of tone, blacks spotted by XDoG, Ben-Day dots in the half shade."""

from __future__ import annotations

from math import cos, radians, sin

import torch
from torch import Tensor

from ..analysis import Analysis
from ..canvas import Window, positions
from ..light import exposed
from ..pen import inked, pen
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..tone import smoothstep, vibrance
from .anime_cel import cel_shaded

PITCH = 6.0  # design pixels between dots
SCREEN = radians(30)


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    flat = analysis.flat(settings.detail)
    light = exposed(cel_shaded(analysis, flat[:, :1]), statistics, 0.8)
    lab = vibrance(torch.cat([0.05 + 0.95 * light, flat[:, 1:]], 1), 1.4)
    lab = shaded_by_dots(lab, analysis, settings.texture)
    black = torch.maximum(
        pen(analysis, statistics, settings.line, fine=0.003, broad=0.008), spotted(analysis, statistics, settings)
    )
    return inked(lab, black, darkness=0.06, chroma=0.25)


def shaded_by_dots(lab: Tensor, analysis: Analysis, texture: float) -> Tensor:
    """Half tones between light and shade become dots of the shade colour whose area is the tone."""
    if texture == 0:
        return lab
    tone = gaussian(lab[:, :1], 1.5 * analysis.unit)
    amount = (0.80 - tone).clamp(0, 0.55) / 0.55 * smoothstep(tone, 0.18, 0.4)
    dot = screen(analysis.window, amount, lab)
    shade = torch.cat([lab[:, :1] * 0.86, lab[:, 1:] * 1.04], 1)
    lifted = torch.cat([lab[:, :1] * (1 + 0.06 * amount), lab[:, 1:]], 1)
    return torch.lerp(lab, torch.lerp(lifted, shade, dot), min(texture, 1.0))


def screen(window: Window, amount: Tensor, like: Tensor) -> Tensor:
    """Round dots on a turned grid, antialiased over one pixel: area share = amount."""
    x, y = positions(window, like)
    u = (x * cos(SCREEN) + y * sin(SCREEN)) / PITCH
    v = (y * cos(SCREEN) - x * sin(SCREEN)) / PITCH
    distance = torch.hypot(u - u.floor() - 0.5, v - v.floor() - 0.5)
    radius = torch.sqrt(amount.clamp(min=0) / 3.1416)
    return ((radius - distance) * (PITCH * window.unit) + 0.5).clamp(0, 1)


def spotted(analysis: Analysis, statistics: SetStatistics, settings: LookSettings) -> Tensor:
    """Solid blacks: tone below the set's deep shade, sharpened by the broad ridge (XDoG, Winnemoeller 2012, eq. 5)."""
    if settings.line == 0:
        return torch.zeros_like(analysis.calm)
    deep = min(0.34, max(0.2, statistics.tones[1]))
    sharpened = gaussian(analysis.lab[:, :1], 1.0 * analysis.unit) + 3 * analysis.ridges[:, 1:]
    return torch.sigmoid(28 * (deep - sharpened))
