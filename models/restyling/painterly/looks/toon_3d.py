"""3D toon shading: porcelain surfaces over normals guessed from lightness, lit from above, with a rim of light.

It is a shading: proportions stay the picture's.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..analysis import Analysis
from ..light import bloom, exposed
from ..pen import inked, pen
from ..settings import LookSettings
from ..smooth import gaussian, guided
from ..statistics import SetStatistics
from ..tone import vibrance

KEY, HALF = (0.0, -0.62, 0.78), (0.0, -0.34, 0.94)  # straight above the camera: mirrored pictures stay mirrored
STEEPNESS = 20.0


def paint(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    u = analysis.unit
    lab = torch.lerp(analysis.flat(settings.detail), analysis.paint, 0.6)
    lab = guided(lab, lab, 4 * u, 0.0008)
    lab = vibrance(torch.cat([exposed(lab[:, :1], statistics, 0.5), lab[:, 1:]], 1), 1.3)
    normal = normals(lab[:, :1], u)
    diffuse, gloss = _dot(normal, KEY).clamp(min=0), _dot(normal, HALF).clamp(0, 1) ** 48
    rim = (1 - normal[:, 2:]).clamp(0, 1)
    light = lab[:, :1]
    hollow = (gaussian(light, 2 * u) - gaussian(light, 18 * u)).clamp(-0.2, 0.2)
    lit = light * (0.83 + 0.21 * diffuse) + 0.14 * hollow
    lit = lit + (0.16 * gloss * light + 0.18 * rim * light) * (1 - lit).clamp(min=0)
    lab = torch.cat([lit, lab[:, 1:] * (1 + 0.15 * (1 - diffuse))], 1)
    lab = inked(lab, 0.6 * pen(analysis, statistics, settings.line, fine=0.006, broad=0.016), darkness=0.5, chroma=1.0)
    return bloom(lab, u, 1.4 * settings.bloom, threshold=0.86, sigma=14)


def normals(light: Tensor, unit: float) -> Tensor:
    """(1, 3, H, W) unit vectors: three scales of lightness taken for height."""
    height = 0.5 * gaussian(light, 4 * unit) + 0.9 * gaussian(light, 11 * unit) + 0.6 * gaussian(light, 28 * unit)
    p = F.pad(height, (1, 1, 1, 1), mode="replicate")
    slope = STEEPNESS * unit / 2
    gx, gy = (p[..., 1:-1, 2:] - p[..., 1:-1, :-2]) * slope, (p[..., 2:, 1:-1] - p[..., :-2, 1:-1]) * slope
    return F.normalize(torch.cat([-gx, -gy, torch.ones_like(gx)], 1), dim=1)


def _dot(normal: Tensor, direction: tuple[float, float, float]) -> Tensor:
    return (normal * F.normalize(normal.new_tensor(direction), dim=0).view(1, 3, 1, 1)).sum(1, True)
