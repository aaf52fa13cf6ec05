"""Anime cel: flat local colours, two or three steps of shade with drawn borders, coloured lines, a little glow."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..flow import along_flow
from ..light import bloom, cool_shadows, exposed
from ..pen import inked, pen
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..tone import soft_bins, vibrance

STEP = 0.085  # lightness between two steps of shade


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    flat = analysis.flat(settings.detail)
    light = exposed(cel_shaded(analysis, flat[:, :1]), statistics, 0.9)
    lab = vibrance(torch.cat([light, flat[:, 1:]], 1), 1.3)
    lab = cool_shadows(lab, 0.5)
    lab = inked(lab, pen(analysis, statistics, settings.line, broad=0.018))
    return bloom(lab, analysis.unit, settings.bloom)


def cel_shaded(analysis: Analysis, light: Tensor) -> Tensor:
    """Quantise the shading, not the colour: bins are measured from each region's own base, so flat art keeps its tones.

    Averaging along the flow first gives the borders between steps the curve of a brush.
    """
    u = analysis.unit
    base = analysis.forms[:, :1]
    shade = along_flow(gaussian(light - base, 0.8 * u), analysis.flow, 2.5 * u)
    return base + soft_bins(shade / STEP, 1, 4.0) * STEP
