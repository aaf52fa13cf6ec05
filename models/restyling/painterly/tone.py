"""Curves for lightness and colour: soft steps, soft bins, vibrance, washes of pigment."""

from __future__ import annotations

import torch
from torch import Tensor

from .colour import chroma_of


def smoothstep(x: Tensor, low: float, high: float) -> Tensor:
    t = ((x - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def soft_bins(x: Tensor, levels: int, sharpness: Tensor | float) -> Tensor:
    """Luminance quantisation with soft borders (Winnemoeller, Olsen, Gooch 2006, eq. 10), identity at 0 and 1.

    sharpness: slope of the step between two bins, 1 = none. Bins sit at 0, 1/n .. 1, so white paper stays white.
    """
    scaled = x * levels
    centre = torch.round(scaled)
    offset = (scaled - centre) * 2  # -1 .. 1 within a bin
    shape = torch.sign(offset) * offset.abs() ** sharpness
    return (centre + shape / 2) / levels


def vibrance(lab: Tensor, gain: float, reach: float = 0.17) -> Tensor:
    """Chroma times `gain` for pale colours, less and less for those that are vivid already; hue stays.

    A gain in the manner of c (1 + k exp(-(c / reach)^2)) is increasing in c for k < 1.
    """
    lift = 1 + (gain - 1) * torch.exp(-((chroma_of(lab) / reach) ** 2))
    return torch.cat([lab[:, :1], lab[:, 1:] * lift], 1)


def wash(rgb: Tensor, density: Tensor) -> Tensor:
    """Pigment density law (Bousseau et al. 2006, eq. 1): density 1 leaves the colour, 2 nearly squares it."""
    return rgb - (rgb - rgb * rgb) * (density - 1)
