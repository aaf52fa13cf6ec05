"""COCO's polygons as masks, and which of its photographs are never trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

OVER = 4  # polygons are drawn so many times larger and reduced, which gives masks their soft edge
HELD_OUT = 0.3


def is_holdout(image_id: int) -> bool:
    """About 30 % of all images, always the same ones, whatever else is in the set."""
    return lot_of(image_id) < HELD_OUT


def lot_of(image_id: int) -> float:
    """A number in [0, 1) that the id alone settles."""
    first = hashlib.sha256(str(image_id).encode()).digest()[:8]
    return int.from_bytes(first, "big") / 2**64


def rasterised(polygons: Sequence[Sequence[float]], width: int, height: int) -> Tensor:
    """`(height, width)` in [0, 1]; each polygon is x0, y0, x1, y1, ... in pixels."""
    large = Image.new("L", (width * OVER, height * OVER))
    for polygon in polygons:
        ImageDraw.Draw(large).polygon([value * OVER for value in polygon], fill=255)
    return torch.from_numpy(np.array(large.reduce(OVER))).to(torch.float32).div_(255)
