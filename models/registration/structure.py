"""Where a picture has edges, whatever style they are drawn in."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

# Edge energy is compared within about this many pixels, so a faint pencil line and an ink line weigh alike.
NEIGHBOURHOOD = 48
CEILING = 3.0  # a lone line on plain ground is many times its neighbourhood; it must not outweigh fur
FLOOR = 0.01  # gradient per pixel below which there is nothing to amplify but noise


def structure_energy(rgb: Tensor) -> Tensor:
    """`(H, W, 3)` in [0, 1] -> `(H, W)`: locally normalised gradient energy, high-pass, zero in flat areas.

    The energy is the root of the larger eigenvalue of the colour structure tensor (Di Zenzo 1986):
    it sees edges between equally light colours and does not care which side is lighter, so a
    restyled edge answers like the source's.
    """
    planes = rgb.permute(2, 0, 1).unsqueeze(1)  # HWC -> C1HW
    energy = _gradient_energy(_smooth(planes))
    relative = energy / (_local_mean(energy) + FLOOR)
    relative = relative / (1 + relative / CEILING)
    return (relative - _local_mean(relative))[0, 0]


def _smooth(planes: Tensor) -> Tensor:
    """Binomial 5 x 5, sigma 1: single-pixel noise is no structure."""
    taps = planes.new_tensor([1, 4, 6, 4, 1]) / 16
    planes = F.conv2d(F.pad(planes, (2, 2, 0, 0), mode="replicate"), taps.view(1, 1, 1, 5))
    return F.conv2d(F.pad(planes, (0, 0, 2, 2), mode="replicate"), taps.view(1, 1, 5, 1))


def _gradient_energy(planes: Tensor) -> Tensor:
    """Central differences; C1HW -> 11HW."""
    padded = F.pad(planes, (1, 1, 1, 1), mode="replicate")
    gx = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    gy = (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2
    a, b, c = ((p * q).sum(0, keepdim=True) for p, q in ((gx, gx), (gx, gy), (gy, gy)))
    root = torch.sqrt(((a - c) / 2) ** 2 + b * b)
    return torch.sqrt((a + c) / 2 + root)


def _local_mean(energy: Tensor) -> Tensor:
    """Blur over NEIGHBOURHOOD pixels, computed at an eighth of the size."""
    height, width = energy.shape[-2:]
    small = F.interpolate(energy, (max(1, height // 8), max(1, width // 8)), mode="area")
    radius = max(1, NEIGHBOURHOOD // 16)
    for _ in range(2):
        small = F.avg_pool2d(F.pad(small, (radius,) * 4, mode="replicate"), 2 * radius + 1, stride=1)
    return F.interpolate(small, (height, width), mode="bilinear", align_corners=False)
