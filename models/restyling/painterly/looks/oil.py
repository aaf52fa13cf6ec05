"""Oil: two layers of brush strokes along the form, the finer where the picture asks for it, lit from above left."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..light import exposed
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..strokes import Brush, lay_strokes, relief
from ..tone import smoothstep, vibrance

BROAD = Brush(spacing=9.0, length=1.9, width=0.62, bristle=1.0, wander=0.5)
FINE = Brush(spacing=4.0, length=1.9, width=0.6, bristle=0.7, wander=0.25)


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    lab = vibrance(analysis.paint, 1.22)
    light = lab[:, :1]
    light = light + 0.25 * (light - gaussian(light, 18 * analysis.unit)).clamp(-0.2, 0.2)  # chiaroscuro
    lab = torch.cat([exposed(light, statistics, 0.3), lab[:, 1:]], 1)
    if settings.texture == 0:
        return lab
    return brushed(lab, analysis, settings, seed)


def brushed(lab: Tensor, analysis: Analysis, settings: LookSettings, seed: int) -> Tensor:
    u = analysis.unit
    broad, height = lay_strokes(lab, analysis, BROAD, seed)
    fine, fine_height = lay_strokes(lab, analysis, FINE, seed + 1)
    lost = gaussian((broad - lab).abs().sum(1, True), 1.5 * u)  # what the broad brush could not say (Hertzmann 1998)
    finer = smoothstep(lost + 0.03 * analysis.detail, 0.02, 0.06)
    painted = torch.lerp(broad, fine, finer)
    height = torch.lerp(height, 0.5 * fine_height, finer)
    wet = smoothstep(analysis.detail, 0.35, 0.9) * smoothstep((fine - lab).abs().sum(1, True), 0.02, 0.08)
    painted = torch.lerp(painted, lab, wet)  # eyes and mouths get the smallest brush: the painted picture itself
    lit = relief(gaussian(height, 0.4 * u), 0.06 * settings.texture) * (1 - 0.7 * wet)
    lit = lit * smoothstep(painted[:, :1], 0.05, 0.45) * (0.35 + 0.65 * analysis.saliency)
    return painted * (1 + lit)
