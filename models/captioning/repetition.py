"""How strongly a region of a picture repeats itself."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

# A repetition counts when the region overlaps its shifted self by this share of its pixels and of its contrast.
OVERLAP = 0.2
REPEATS = 16  # longest half period looked at, in pixels of the copy: periods up to a quarter of the picture


def periodicity(rest: np.ndarray, region: np.ndarray) -> float:
    """In [-1, 1]: the best shift d by min(rho(d), rho(2d), rho(d) - rho(d / 2)).

    `rest`: `(h, w, 3)` OKLab without its smooth part; `region`: bool, where to look. rho is the normalised
    correlation of the region with itself over its overlap (Padfield, "Masked object registration in the Fourier
    domain", 2012, with two equal pictures). A texture is like itself at small shifts and less and less beyond, so
    its difference is negative; a pattern of period d is like itself at d and 2d and unlike at d / 2.
    """
    height, width = (min(REPEATS, side // 4) for side in region.shape)
    if not height or not width:
        return -1.0
    tone = _main_axis(rest, region)
    known = torch.from_numpy(region).float()
    rho = _correlation(torch.from_numpy(tone).float(), known)
    # The second block holds the shifts to the left: x negative, stored from the end.
    blocks = (rho, torch.roll(rho.flip(1), 1, 1))
    return max(_best_shift(block[: 4 * height + 1, : 4 * width + 1]) for block in blocks)


def _best_shift(rho: Tensor) -> float:
    """`rho`: `(4n + 1, 4m + 1)`, shift 0 at [0, 0]; shifts below (2n, 2m) are judged.

    Half shifts lie between pixels, and a period between two of them is a pixel off at its double.
    """
    n, m = (side // 4 for side in rho.shape)
    maps = rho[None, None]
    size = (4 * n + 1, 4 * m + 1)
    half = torch.nn.functional.interpolate(
        maps[..., : 2 * n + 1, : 2 * m + 1], size, mode="bilinear", align_corners=True
    )
    double = torch.nn.functional.max_pool2d(maps, 3, 1, 1)[..., ::2, ::2]
    half, double, shift = (x[..., : 2 * n, : 2 * m] for x in (half, double, maps))
    return torch.minimum(torch.minimum(shift, double), shift - half).max().item()


def _main_axis(rest: np.ndarray, region: np.ndarray) -> np.ndarray:
    """`(h, w)`: the colours along the line in OKLab on which they differ most, mean 0, 0 outside the region."""
    inside = rest[region] - rest[region].mean(0)
    axis = np.linalg.eigh(inside.T @ inside)[1][:, -1]
    tone = np.zeros(region.shape, np.float32)
    tone[region] = inside @ axis
    return tone


def _correlation(tone: Tensor, known: Tensor) -> Tensor:
    """rho at every shift, exact up to half of each side; -1 where too little overlaps."""
    size = tuple(3 * side // 2 + 1 for side in tone.shape)
    t, k, e = (torch.fft.rfft2(x, size) for x in (tone, known, tone**2))
    power, pairs, here = (torch.fft.irfft2(x, size) for x in (t.abs() ** 2, k.abs() ** 2, e * k.conj()))
    there = torch.roll(here.flip(0, 1), (1, 1), (0, 1))
    energy = (here * there).clamp(min=0).sqrt()
    enough = (pairs >= OVERLAP * pairs[0, 0]) & (energy >= OVERLAP * energy[0, 0])
    return torch.where(enough, power / energy.clamp(min=1e-8), -1.0)
