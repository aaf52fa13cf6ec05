"""Pencil: contours, and tone built from layers of hatching; in graphite or in colour."""

from __future__ import annotations

from math import cos, radians, sin

import torch
from torch import Tensor

from ..analysis import Analysis
from ..canvas import Window, positions
from ..light import exposed
from ..pen import pen
from ..settings import LookSettings
from ..statistics import SetStatistics
from ..texture import grain_along, paper
from ..tone import smoothstep, vibrance

LAYERS = ((-52.0, 0.86, 0.5), (-38.0, 0.62, 0.55), (24.0, 0.40, 0.6))  # degrees, begins below this tone, pressure
SPACING = 3.4  # design pixels between strokes
SHEET = (0.975, 0.0, 0.004)  # OKLab
GRAPHITE = 0.24


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    drawn = torch.lerp(analysis.paint, analysis.flat(settings.detail), 0.5)
    tone = exposed(drawn[:, :1], statistics, 0.8)
    dark = covered(analysis, tone, settings, statistics, seed)
    light = SHEET[0] + dark * (GRAPHITE - SHEET[0])
    return torch.cat([light, torch.zeros_like(light), 0.004 + 0 * light], 1)


def paint_coloured(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    """Each hatch in the colour it lies over; the sheet shows between them, more in the lights."""
    source = vibrance(torch.lerp(analysis.paint, analysis.flat(settings.detail), 0.5), 1.35)
    tone = exposed(source[:, :1], statistics, 0.6)
    dark = covered(analysis, tone, settings, statistics, seed)
    chroma = torch.hypot(source[:, 1:2], source[:, 2:])
    # A pale colour is a pale pencil, not little of a dark one: skin drawn with a dark one looks dirty.
    lead = torch.cat([tone.clamp(0.16, 0.95) * 0.96, source[:, 1:] * 1.25], 1)
    load = (0.55 * smoothstep(chroma, 0.0, 0.08) + 0.40 * (1 - tone) + 0.75 * dark).clamp(0, 0.97)
    tooth = 1 - 0.10 * settings.texture * paper(analysis.window, seed + 3, tone).clamp(-1.5, 1.5) * (1 - dark)
    return torch.lerp(tone.new_tensor(SHEET).view(1, 3, 1, 1).expand_as(lead), lead, (load * tooth).clamp(0, 1))


def covered(analysis: Analysis, tone: Tensor, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    """(1, 1, H, W): how much lead lies on the sheet, 0 .. 1: hatching for the tone, lines for the form."""
    lines = pen(analysis, statistics, settings.line, fine=0.003, broad=0.012)
    wanted = (1 - tone).clamp(0, 1) ** 1.15
    shade = wanted * 0.92
    if settings.texture:
        shade = torch.lerp(shade, hatched(analysis, tone, wanted, seed), min(settings.texture, 1.0) * 0.85)
        tooth = 1 - 0.12 * settings.texture * paper(analysis.window, seed, tone) * (1 - shade)
        shade, lines = shade * tooth, lines * (1 - 0.12 * settings.texture * (1 - lines))
    return 1 - (1 - shade.clamp(0, 1)) * (1 - 0.9 * lines)


def hatched(analysis: Analysis, tone: Tensor, wanted: Tensor, seed: int) -> Tensor:
    """Layers of hatching, each begun where the tone is dark enough; finer where the drawing is."""
    sheet = torch.ones_like(tone)
    for index, (degrees, start, pressure) in enumerate(LAYERS):
        amount = ((start - tone) / 0.55).clamp(0, 1)
        sheet = sheet * (1 - pressure * marks(analysis.window, degrees, amount, seed + 40 + index))
    smooth = 0.25 + 0.4 * analysis.detail
    return torch.lerp(1 - sheet, wanted, smooth)


def marks(window: Window, degrees: float, amount: Tensor, seed: int) -> Tensor:
    """(1, 1, H, W) 0 .. 1: strokes side by side, uneven in length and pressure; `amount` is the share they cover."""
    x, y = positions(window, amount)
    across = y * cos(radians(degrees)) - x * sin(radians(degrees))
    wander = grain_along(window, degrees, 90.0, 14.0, seed, amount)
    stroke = 0.8 * torch.cos(across * (6.2832 / SPACING) + 1.6 * wander) + 0.75 * grain_along(
        window, degrees, 34.0, 1.7, seed + 7, amount
    )
    share = amount.clamp(0.02, 0.98)
    return torch.sigmoid(3.0 * (stroke - torch.log((1 - share) / share) / 1.8)) * smoothstep(amount, 0.0, 0.08)
