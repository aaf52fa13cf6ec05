"""Poster: the set's own palette and nothing else, clean shapes with smooth borders."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..flow import along_flow
from ..pen import inked, pen
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..tone import soft_bins, vibrance

METRIC = (1.0, 2.2, 2.2)
STEP = 0.13  # lightness between two shades of one colour


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    u = analysis.unit
    flat = torch.lerp(analysis.flat(settings.detail), analysis.paint, 0.5)
    smooth = along_flow(gaussian(flat, 0.9 * u), analysis.flow, 3.0 * u)
    shapes = nearest_colours(smooth, statistics, 0.022)
    shade = soft_bins((smooth[:, :1] - shapes[:, :1]) / STEP, 1, 9.0) * STEP  # a face keeps its modelling
    hue = torch.lerp(shapes[:, 1:], smooth[:, 1:], 0.5)  # a blush is too small a colour for the palette
    lab = vibrance(torch.cat([shapes[:, :1] + shade, hue], 1), 1.25)
    return inked(lab, pen(analysis, statistics, 0.7 * settings.line, fine=0.012, broad=0.025), darkness=0.35)


def nearest_colours(lab: Tensor, statistics: SetStatistics, softness: float) -> Tensor:
    """Each pixel as the softmax-weighted mean of the palette: `softness` is the width of a border in OKLab."""
    metric = lab.new_tensor(METRIC)
    palette = lab.new_tensor([c.lab for c in statistics.clusters])
    points = (lab[0].flatten(1).T * metric) @ (palette * metric).T
    points.mul_(2).sub_(((palette * metric) ** 2).sum(1))
    return (torch.softmax(points.div_(2 * softness**2), 1) @ palette).T.reshape(lab.shape)
