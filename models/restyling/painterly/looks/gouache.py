"""Gouache: opaque, matt, few tones; broad flat strokes in the open areas, clean shapes, hardly a line."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..light import cool_shadows, exposed
from ..pen import inked, pen
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..strokes import Brush, lay_strokes, relief
from ..texture import noise
from ..tone import smoothstep, vibrance
from .anime_cel import cel_shaded

FLAT_BRUSH = Brush(spacing=11.0, length=1.9, width=0.75, bristle=0.5, wander=0.7)


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    flat = torch.lerp(analysis.paint, analysis.flat(settings.detail), 0.5)
    light = exposed(cel_shaded(analysis, flat[:, :1]), statistics, 0.6)
    lab = cool_shadows(vibrance(torch.cat([light, flat[:, 1:]], 1), 1.15), 0.7)
    lab = torch.cat([0.05 + 0.93 * lab[:, :1], lab[:, 1:]], 1)  # matt: neither deep black nor glossy white
    if settings.texture:
        lab = brushed(lab, analysis, settings.texture, seed)
    return inked(lab, 0.55 * pen(analysis, statistics, settings.line, fine=0.007, broad=0.022), darkness=0.45)


def brushed(lab: Tensor, analysis: Analysis, texture: float, seed: int) -> Tensor:
    """Strokes only where there is room for them; a dry chalky bloom over all but the darks."""
    painted, height = lay_strokes(lab, analysis, FLAT_BRUSH, seed)
    lost = gaussian((painted - lab).abs().sum(1, True), 1.0 * analysis.unit)
    room = (1 - smoothstep(lost, 0.02, 0.06)) * (1 - 0.8 * analysis.detail) * min(texture, 1.0)
    lab = torch.lerp(lab, painted, room)
    chalk = noise(analysis.window, 2.0, seed + 5, lab, 2).clamp(-2, 2)
    lit = texture * (relief(height, 0.02) * room + 0.006 * chalk) * smoothstep(lab[:, :1], 0.1, 0.5)
    return lab * (1 + lit)
