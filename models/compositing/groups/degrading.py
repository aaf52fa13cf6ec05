"""Background and composite are spoilt alike, so that no difference between them tells where something was repaired."""

from __future__ import annotations

import io

import torch
from PIL import Image
from torch import Generator, Tensor

from ...pixels import from_pillow, to_pillow
from .masks import blurred

QUALITY = (60, 95)  # JPEG, as found on the net
BLUR = (0.0, 0.7)  # sigma, pixels
NOISE = (0.0, 0.02)  # standard deviation, in [0, 1]


def degraded(pictures: tuple[Tensor, ...], generator: Generator) -> tuple[Tensor, ...]:
    """Each of the equally large `(H, W, 3)` under the same blur, the very same noise and the same JPEG quality."""
    blur, noise, quality = torch.rand(3, generator=generator).tolist()
    field = torch.randn(pictures[0].shape, generator=generator) * _between(NOISE, noise)
    sigma, level = _between(BLUR, blur), round(_between(QUALITY, quality))
    return tuple(_compressed((blurred(picture, sigma) + field).clamp(0, 1), level) for picture in pictures)


def _between(limits: tuple[float, float], draw: float) -> float:
    return limits[0] + (limits[1] - limits[0]) * draw


def _compressed(picture: Tensor, quality: int) -> Tensor:
    file = io.BytesIO()
    to_pillow(picture).save(file, "JPEG", quality=quality)
    file.seek(0)
    with Image.open(file) as image:
        return from_pillow(image)
