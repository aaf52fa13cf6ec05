"""Pictures as tensors: `(H, W, 3)`, float32 in [0, 1], RGB, upright; masks `(H, W)` in [0, 1], 1 = subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from PIL import Image


class Picture(NamedTuple):
    """One picture in memory and, where somebody knows it, where its subject is."""

    rgb: Tensor
    mask: Tensor | None = None


def from_pillow(image: Image.Image) -> Tensor:
    """An `L` picture becomes `(H, W)`, any other `(H, W, 3)`."""
    array = np.array(image if image.mode in ("L", "RGB") else image.convert("RGB"))
    return torch.from_numpy(array).to(torch.float32).div_(255)


def to_pillow(pixels: Tensor) -> Image.Image:
    """`(H, W)` or `(H, W, 3)`, any float type and device, clamped to [0, 1] and rounded to 8 bits."""
    from PIL import Image

    array = pixels.detach().to("cpu", torch.float32).clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
    return Image.fromarray(array)


def resized(pixels: Tensor, width: int, height: int) -> Tensor:
    """`(H, W)` or `(H, W, C)` to `height` x `width`; antialiased bicubic, clamped to [0, 1]."""
    if pixels.shape[:2] == (height, width):
        return pixels
    flat = pixels.ndim == 2
    image = pixels.unsqueeze(-1) if flat else pixels
    image = image.permute(2, 0, 1).unsqueeze(0)  # HWC -> BCHW
    image = torch.nn.functional.interpolate(image, (height, width), mode="bicubic", antialias=True)
    image = image[0].permute(1, 2, 0).clamp(0, 1)  # BCHW -> HWC
    return image[..., 0] if flat else image


def shrunk(pixels: Tensor, side: int) -> Tensor:
    """`resized` so that the longest side is `side` at most; smaller ones stay as they are."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    return resized(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
