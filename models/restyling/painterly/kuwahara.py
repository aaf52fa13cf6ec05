"""Anisotropic Kuwahara filtering: a pixel takes the colour of the calmest petal of an ellipse along the flow."""

from __future__ import annotations

from math import atan2, cos, exp, hypot, pi

import torch
import torch.nn.functional as F
from torch import Tensor

from .canvas import resized
from .flow import Flow, _grid, _normalised

SECTORS = 8
RINGS = 3  # the disc is read at 29 points: rings of thirds of its radius


def anisotropic_kuwahara(lab: Tensor, flow: Flow, radius: float) -> Tensor:
    """(1, 3, H, W) OKLab -> the same, painted (Kyprianidis, Kang, Doellner 2009, eq. 9 to 13).

    The ellipse (eq. 7, alpha = 1) is sampled in its own frame, so that sector weights are constants. flow may be of a
    smaller size, and radius is in its pixels: petals are averages, so they are gathered there and enlarged; the choice
    among them is made at full size, so borders come out sharp.
    """
    stacked = torch.cat([lab, (lab * lab).sum(1, True)], 1)
    petals = stacked.new_zeros(SECTORS, 4, *flow.x.shape[-2:])
    mass = [0.0] * SECTORS
    home = _grid(flow.x)
    stretch = 1 + flow.coherence
    major = torch.cat([flow.x, flow.y], 1) * (radius * stretch)
    minor = torch.cat([-flow.y, flow.x], 1) * (radius / stretch)
    for u, v in disc_points():
        place = _normalised(torch.add(home, major, alpha=u).add_(minor, alpha=v))
        sample = F.grid_sample(stacked, place, padding_mode="border", align_corners=False)
        for k, weight in enumerate(sector_weights(u, v)):
            if weight > 1e-4:
                petals[k].add_(sample[0], alpha=weight)
                mass[k] += weight
    return _calmest(petals / petals.new_tensor(mass).view(-1, 1, 1, 1), lab.shape[-2:])


def _calmest(petals: Tensor, size: tuple[int, int]) -> Tensor:
    """Mean of the petals weighted by 1 / (1 + (variance scale)^(q/2)) (eq. 12), q = 8."""
    out = petals.new_zeros(1, 3, *size)
    total = petals.new_zeros(1, 1, *size)
    for petal in petals:
        *mean, square = resized(petal[None], size).split(1, 1)
        for part in mean:
            square.addcmul_(part, part, value=-1)
        fourth = square.clamp_(min=0).mul_(2500).square_().square_()  # the variance's
        weight = fourth.add_(1e-6 + 1e-3).reciprocal_()
        total += weight
        for channel, part in zip(out.split(1, 1), mean, strict=True):
            channel.addcmul_(part, weight)
    return out.div_(total)


def disc_points() -> list[tuple[float, float]]:
    span = range(-RINGS, RINGS + 1)
    return [(i / RINGS, j / RINGS) for j in span for i in span if i * i + j * j <= 1.05 * RINGS**2]


def sector_weights(u: float, v: float) -> list[float]:
    """Weight of a disc point in each sector: a raised cosine over the angle, a Gaussian over the radius."""
    fade = exp(-2 * (u * u + v * v))
    if hypot(u, v) < 1e-6:
        return [fade / SECTORS] * SECTORS
    weights = []
    for k in range(SECTORS):
        off = (atan2(v, u) - 2 * pi * k / SECTORS + pi) % (2 * pi) - pi
        inside = abs(off) < 2 * pi / SECTORS
        weights.append(fade * cos(off * SECTORS / 4) ** 2 if inside else 0.0)
    return weights
