"""Given a picture of any size, one whose sides a network can divide, and the way back to the pixel."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def padded(pixels: Tensor, multiple: int) -> Tensor:
    """`(H, W)` or `(H, W, C)` grown at the right and the bottom to sides that `multiple` divides.

    The edge is repeated: scaling instead would move every pixel, and a black rim would be drawn as a frame.
    """
    height, width = pixels.shape[:2]
    down, right = -height % multiple, -width % multiple
    if not (down or right):
        return pixels
    flat = pixels.ndim == 2
    image = (pixels.unsqueeze(-1) if flat else pixels).permute(2, 0, 1).unsqueeze(0)  # HWC -> BCHW
    grown = F.pad(image, (0, right, 0, down), mode="replicate")[0].permute(1, 2, 0)  # BCHW -> HWC
    return grown[..., 0] if flat else grown


def padded_to_ratio(pixels: Tensor, ratio: float) -> Tensor:
    """`(H, W, C)` grown at the right or the bottom, the edge repeated, until width / height is `ratio`."""
    height, width = pixels.shape[:2]
    wider, higher = max(width, round(height * ratio)), max(height, round(width / ratio))
    if wider / width <= higher / height:
        higher = height if wider > width else higher
    else:
        wider = width
    image = pixels.permute(2, 0, 1).unsqueeze(0)  # HWC -> BCHW
    return F.pad(image, (0, wider - width, 0, higher - height), mode="replicate")[0].permute(1, 2, 0)  # BCHW -> HWC


def back_to(pixels: Tensor, height: int, width: int) -> Tensor:
    """What `padded` added taken off again."""
    return pixels[:height, :width]


def laid_over(source: Tensor, drawn: Tensor, mask: Tensor | None) -> Tensor:
    """`drawn` where `mask` `(H, W)` is 1 and `source` to the bit where it is 0; without a mask, `drawn`."""
    if mask is None:
        return drawn
    share = mask.unsqueeze(-1)
    return source * (1 - share) + drawn * share
