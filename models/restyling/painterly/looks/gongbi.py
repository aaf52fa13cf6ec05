"""Gongbi: even, fine outlines; mineral colours laid flat and drawn out to the light (fen ran) on tea-toned silk."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..colour import chroma_of
from ..light import exposed
from ..pen import inked, pen
from ..settings import LookSettings
from ..smooth import gaussian, guided
from ..statistics import SetStatistics
from ..texture import noise
from ..tone import smoothstep

SILK = (0.968, 0.003, 0.018)  # OKLab


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    u = analysis.unit
    flat = analysis.flat(settings.detail)
    light = exposed(flat[:, :1], statistics, 1.0)
    light = drawn_out(light, u)
    lab = torch.cat([light, mineral(flat[:, 1:])], 1)
    lab = on_silk(lab, analysis.saliency)
    weave = settings.texture * noise(analysis.window, 1.6, seed, lab).clamp(-2, 2)
    lab = lab * (1 + 0.005 * weave * smoothstep(light, 0.15, 0.5))
    return inked(lab, pen(analysis, statistics, settings.line, fine=0.003, broad=0.020), darkness=0.22, chroma=0.55)


def drawn_out(light: Tensor, unit: float) -> Tensor:
    """Each region darker at its borders, lighter in its heart: the difference to its edge-kept mean, laid on softly."""
    border = (guided(light, light, 4 * unit, 0.0004) - gaussian(light, 11 * unit)).clamp(-0.12, 0.12)
    return light + 0.25 * border


def mineral(ab: Tensor) -> Tensor:
    """Azurite, malachite, cinnabar: vivid colours bend to about 0.2 chroma, pale ones stay clear."""
    chroma = torch.hypot(ab[:, :1], ab[:, 1:])
    return ab * (0.20 * torch.tanh(1.15 * chroma / 0.20) / (chroma + 1e-5))


def on_silk(lab: Tensor, saliency: Tensor) -> Tensor:
    """Silk shows through light paint and in empty ground; blacks stay ink."""
    silk = lab.new_tensor(SILK).view(1, 3, 1, 1)
    thin = smoothstep(lab[:, :1], 0.45, 1.05) * 0.8
    pale = 1 - smoothstep(chroma_of(lab), 0.04, 0.12)  # a red dress stays red, however large
    empty = 0.5 * (1 - saliency) * smoothstep(lab[:, :1], 0.3, 0.7) * pale
    veil = torch.cat([lab[:, :1] * silk[:, :1], lab[:, 1:] + silk[:, 1:]], 1)
    return torch.lerp(torch.lerp(lab, veil, thin), silk.expand_as(lab), empty)
