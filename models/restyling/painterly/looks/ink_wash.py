"""Ink wash (shuimo): five tones of ink on rice paper, bare paper where nothing happens, a brush that breathes."""

from __future__ import annotations

import torch
from torch import Tensor

from ..analysis import Analysis
from ..colour import chroma_of, oklab
from ..flow import displaced
from ..pen import pen
from ..settings import LookSettings
from ..smooth import gaussian
from ..statistics import SetStatistics
from ..texture import noise, paper
from ..tone import smoothstep, soft_bins

RICE_PAPER = (0.968, 0.951, 0.905)  # sRGB
INK = (0.062, 0.066, 0.080)


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    lab = bled(analysis, analysis.flat(settings.detail), settings.texture, seed)
    density = ink_density(analysis, lab[:, :1], statistics)
    grain = settings.texture * paper(analysis.window, seed, lab)
    density = density * (1 + 0.06 * grain * (1 - density) * smoothstep(density, 0.02, 0.3))
    stroke = brush_contours(analysis, settings, statistics, seed)
    cover = 1 - (1 - 0.96 * density.clamp(0, 1)) * (1 - 0.92 * stroke)
    sheet = lab.new_tensor(RICE_PAPER).view(1, 3, 1, 1) * (1 + 0.004 * grain)
    painted = oklab((sheet + cover * (lab.new_tensor(INK).view(1, 3, 1, 1) - sheet)).clamp(0, 1))
    return glazed(painted, gaussian(lab[:, 1:], 1.5 * analysis.unit), analysis.saliency, cover, settings.pigment)


def bled(analysis: Analysis, lab: Tensor, texture: float, seed: int, reach: float = 1.6) -> Tensor:
    """Wet edges: colours read from up to `reach` design pixels away, only where an edge is, and never in a face."""
    if texture == 0:
        return lab
    window, u = analysis.window, analysis.unit
    edge = smoothstep(analysis.flow.energy, 0.004, 0.04)
    amplitude = texture * reach * u * edge * (1 - analysis.detail) ** 2
    dx, dy = (noise(window, 14, seed + k, lab, 2).clamp(-2, 2) / 2 for k in (11, 12))
    return displaced(lab, amplitude * dx, amplitude * dy)


def ink_density(analysis: Analysis, light: Tensor, statistics: SetStatistics) -> Tensor:
    """(1, 1, H, W), 0 = paper, 1 = burnt ink: five tones (jiao nong zhong dan qing) between the set's extremes."""
    u = analysis.unit
    low, high = statistics.tones[0], max(0.62, (statistics.tones[4] + statistics.tones[5]) / 2)
    depth = ((high - gaussian(light, 0.7 * u)) / max(high - low, 0.25)).clamp(0, 1)
    tone = 0.16 * depth + 0.84 * depth**2.0
    tone = torch.lerp(tone, soft_bins(tone, 4, 3.0), 0.6)
    tone = tone * (tone + (1 - tone) * (0.3 + 0.7 * analysis.saliency))  # liu bai: light, empty areas stay paper
    rim = (gaussian(tone, 0.8 * u) - gaussian(tone, 4.0 * u)).clamp(min=0)
    return tone + 0.55 * rim  # pigment gathers on the inner rim of a wash


def brush_contours(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    """Contours whose pressure swells and fades along the stroke."""
    ink = pen(analysis, statistics, settings.line, fine=0.004, broad=0.010)
    pressure = torch.tanh(1.4 * noise(analysis.window, 26, seed + 21, ink, 2))
    return ink * (0.82 + 0.18 * min(settings.texture, 1.0) * pressure)


def glazed(painted: Tensor, ab: Tensor, saliency: Tensor, cover: Tensor, pigment: float) -> Tensor:
    """Mineral colour over the ink: muted at pigment 0.5, the subject's own colours at 1."""
    chroma = torch.hypot(ab[:, :1], ab[:, 1:])
    ceiling = 0.02 + 0.27 * pigment
    muted = ab * (ceiling * torch.tanh(chroma / ceiling) / (chroma + 1e-5))
    amount = pigment**0.7 * (0.55 + 0.45 * saliency) * (1 - 0.55 * cover)
    light = painted[:, :1] - 0.30 * amount * chroma_of(torch.cat([chroma, muted], 1))
    return torch.cat([light, painted[:, 1:] * (1 - 0.5 * amount) + amount * muted], 1)
