"""Watercolour: transparent washes on white paper, dark rims where a wash dried, a breath of pencil below."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..colour import chroma_of, oklab, srgb
from ..flow import along_flow
from ..light import exposed
from ..pen import pen
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..texture import noise, paper
from ..tone import smoothstep, soft_bins, vibrance, wash
from .ink_wash import bled


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    lab = torch.lerp(analysis.flat(0.7 * settings.detail), analysis.paint, 0.3)
    lab = along_flow(bled(analysis, lab, settings.texture, seed, 2.6), analysis.flow, 2.0 * analysis.unit)
    light = 1 - 0.80 * (1 - exposed(lab[:, :1], statistics, 1.0)) ** 1.2
    pale = 1 - 0.8 * smoothstep(chroma_of(lab), 0.05, 0.15)
    light = torch.lerp(light, layered(light), 0.7)
    light = light + 0.35 * (1 - light) * (1 - analysis.saliency) * pale * smoothstep(
        light, 0.4, 0.75
    )  # background washes are thinned with water
    colour = srgb(vibrance(torch.cat([light, lab[:, 1:]], 1), 1.2))
    colour = wash(colour, 1 + dried(analysis, light) + pooled(analysis, light, settings.texture, seed))
    colour = wash(colour, 1 + granulation(analysis, light, settings.texture, seed))
    lab = oklab(colour.clamp(0, 1))
    pencil = 0.6 * pen(analysis, statistics, settings.line, fine=0.005, broad=0.03)
    return torch.lerp(lab, lab * 0.42 + lab.new_tensor([0.02, 0.002, 0.004]).view(1, 3, 1, 1), pencil)


def layered(light: Tensor) -> Tensor:
    """Glazes over one another: soft steps of tone, as each wash dries before the next."""
    return soft_bins(light, 9, 2.5)


def dried(analysis: Analysis, light: Tensor) -> Tensor:
    """Pigment carried to the rim of a wash (Bousseau et al. 2006, section 3.2): dark side of every border,
    and the light side left a little paler, where the brush stopped short."""
    u = analysis.unit
    rim = gaussian(light, 3.0 * u) - gaussian(light, 0.7 * u)
    return (5.0 * rim.clamp(0, 0.2) + 2.0 * rim.clamp(-0.2, 0)) * (1 - 0.6 * analysis.detail)


def pooled(analysis: Analysis, light: Tensor, texture: float, seed: int) -> Tensor:
    """Density that follows the form: a region a little denser toward its dark side, plus a trace of slow flow.

    The trace is a few percent and dies out on lights and darks; clouds of it on flat colour would be blotches.
    """
    u = analysis.unit
    slope = gaussian(light, 30 * u) - gaussian(light, 6 * u)
    slow = noise(analysis.window, 120, seed + 31, light, 2).clamp(-1.5, 1.5)
    middle = smoothstep(light, 0.15, 0.4) * (1 - smoothstep(light, 0.85, 1.0))
    return 0.5 * slope.clamp(-0.15, 0.15) + 0.07 * texture * slow * middle


def granulation(analysis: Analysis, light: Tensor, texture: float, seed: int) -> Tensor:
    """Pigment settles in the valleys of the paper: seen in the middle tones only."""
    if texture == 0:
        return torch.zeros_like(light)
    middle = 4 * light.clamp(0, 1) * (1 - light.clamp(0, 1))
    return 0.045 * texture * middle * paper(analysis.window, seed, light)
