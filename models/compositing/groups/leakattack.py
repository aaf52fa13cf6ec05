"""An attack on a background: knowing an object's outline, where in it was this object removed?

It looks for the place where the outline surrounds a flatter patch than what is around it: log high-pass energy,
convolved with (ring around the outline - outline). On photographs whose objects were inpainted smoothly it finds four
of five, where chance is one of twenty. A position network would learn to do the same.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .masks import blurred, grown
from .shifts import LUMA

NEAR = 0.05  # of the diagonal: a hit
# Found by trial on photographs whose objects OpenCV's Telea inpainting had removed: these find 81 % of them.
HOLE, GAP, RING = 4, 5, 20  # pixels: a hole is larger than its object; then a ring around it, from GAP to RING
FINE, SOFT = 0.7, 0.5  # sigmas, pixels: what is finer counts as texture, whose energy is then softened
FLOOR = 1e-7  # added to energies, which are 1e-5 where there is nothing but the rounding to 8 bits


class Attack(NamedTuple):
    """hit: the outline was found. chance: of a hit by choosing a place blindly, in [0, 1]."""

    hit: bool
    chance: float


def attacked(picture: Tensor, outline: Tensor, corner: tuple[int, int]) -> Attack:
    """picture: `(H, W, 3)`; outline: `(h, w)` bool, whose true place has its upper left at `corner` (y, x)."""
    luma = picture @ torch.tensor(LUMA)
    energy = torch.log(blurred((luma - blurred(luma, FINE)) ** 2, SOFT) + FLOOR)
    score = _contrast(energy, outline)
    best = divmod(int(score.argmax()), score.shape[1])
    ys, xs = torch.arange(score.shape[0])[:, None], torch.arange(score.shape[1])[None]
    near = (ys - corner[0]) ** 2 + (xs - corner[1]) ** 2 <= (NEAR * torch.tensor(luma.shape).float().norm()) ** 2
    return Attack(bool(near[best]), float(near.float().mean()))


def _contrast(energy: Tensor, outline: Tensor) -> Tensor:
    """Mean energy in the ring less that in the outline, for every place of the outline inside the picture."""
    height, width = outline.shape
    frame = (RING, RING, RING, RING)
    framed = F.pad(outline, frame)
    kernels = torch.stack([grown(framed, RING) & ~grown(framed, GAP), grown(framed, HOLE)]).float()
    pictures = torch.stack([F.pad(energy - energy.mean(), frame), F.pad(torch.ones_like(energy), frame)])
    size = pictures.shape[-2:]
    products = torch.fft.rfft2(kernels, s=size).conj()[:, None] * torch.fft.rfft2(pictures)
    sums, weights = torch.fft.irfft2(products, s=size).unbind(1)
    # Where ring or hole leave the picture, their means are over what is left.
    around, within = sums / weights.clamp(min=1)
    contrast = around - within
    return contrast[: size[0] - 2 * RING - height + 1, : size[1] - 2 * RING - width + 1]
