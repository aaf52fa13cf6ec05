"""Paper and pigment grain: noise that is a function of (seed, place on the canvas) and nothing else.

The lattice is counted in design pixels, so the same picture at another size shows the same grain.
"""

from __future__ import annotations

from math import ceil, cos, hypot, radians, sin

import torch
import torch.nn.functional as F
from torch import Tensor

from .canvas import Window, enlarge, positions


def noise(window: Window, scale: float, seed: int, like: Tensor, octaves: int = 1) -> Tensor:
    """(1, 1, H, W), zero mean, unit deviation; `scale` is the size of its largest grain in design pixels."""
    total, power = 0.0, 0.0
    for octave in range(octaves):
        amplitude = 0.5**octave
        total = total + amplitude * _lattice(window, scale / 2**octave, seed * 8 + octave, like)
        power += amplitude**2
    return total / power**0.5


def _lattice(window: Window, scale: float, seed: int, like: Tensor) -> Tensor:
    """Smoothly interpolated white noise. Drawn on the CPU, so that every device shows the same grain."""
    cell = max(scale * window.unit, 1.0)
    size = (ceil(window.whole_height / cell) + 1, ceil(window.whole_width / cell) + 1)
    generator = torch.Generator().manual_seed(seed & 0x7FFFFFFFFFFFFFFF)
    grain = torch.randn((1, 1, *size), generator=generator).to(like)
    # bicubic interpolation of white noise keeps a little over half of its variance in each direction's mean
    return enlarge(grain, window, "bicubic" if cell > 1.5 else "bilinear") * 1.35


def grain_along(window: Window, degrees: float, length: float, width: float, seed: int, like: Tensor) -> Tensor:
    """(1, 1, H, W): as noise, with grains drawn out to `length` x `width` design pixels in one direction."""
    x, y = positions(window, like)
    middle_x, middle_y = window.whole_width / window.unit / 2, window.whole_height / window.unit / 2
    c, s = cos(radians(degrees)), sin(radians(degrees))
    along = (x - middle_x) * c + (y - middle_y) * s
    across = (y - middle_y) * c - (x - middle_x) * s
    reach = 2 * hypot(middle_x, middle_y)
    size = (ceil(reach / width) + 2, ceil(reach / length) + 2)
    generator = torch.Generator().manual_seed(seed & 0x7FFFFFFFFFFFFFFF)
    grain = torch.randn((1, 1, *size), generator=generator).to(like)
    grid = torch.stack([along * (2 / (size[1] * length)), across * (2 / (size[0] * width))], -1)[None]
    return (
        F.grid_sample(grain, grid, padding_mode="border", align_corners=False) * 1.5
    )  # a tent keeps (2/3)^2 of variance


def paper(window: Window, seed: int, like: Tensor) -> Tensor:
    """Tooth of a cold-pressed sheet: fine grain over soft felt marks; unit deviation, clipped at 2.5."""
    grain = 0.8 * noise(window, 2.2, seed, like, 2) + 0.6 * noise(window, 7.0, seed + 101, like, 2)
    return grain.clamp(-2.5, 2.5)
