"""A background and a cut-out as people hand them in, checked once and brought to the form that the networks take."""

from __future__ import annotations

import torch
from torch import Tensor

from ..errors import TroupeError
from ..geometry import Box, Size
from .groups.cutting import clean_colours

# Mattes and JPEG masks are never quite zero where nothing is. What is fainter cannot be seen and counts as nothing.
FAINT = 8 / 255
# A little beyond 1 is what decoders and filters do; more means that the values are not in [0, 1].
OVERSHOOT = 1.5


def checked_background(picture: Tensor, item: str = "background") -> Tensor:
    """`(H, W, 3)`, float32; values a little beyond [0, 1] stay as they are. Grey, `(H, W)` or `(H, W, 1)`, becomes
    colour; opaque RGBA loses its alpha.

    Raises `TroupeError` for other shapes, for transparency and for values that are not in [0, 1].
    """
    pixels = _checked_picture(picture, item, (1, 3, 4))
    if pixels.shape[-1] == 4 and bool((pixels[..., 3] < 1 - FAINT).any()):
        raise TroupeError("The background is transparent in places", item=item, remedy="Lay it over a colour first.")
    return _coloured(pixels)[..., :3].contiguous()


def checked_foreground(picture: Tensor, mask: Tensor | None = None, item: str = "foreground") -> tuple[Tensor, Box]:
    """`(h, w, 4)`, float32 in [0, 1], straight alpha, cropped to what is there; and the crop, in the picture's pixels.

    picture: `(H, W, 4)`, or `(H, W, 3)` or grey with `mask` `(H, W)`, 1 = subject; of RGBA and a mask the product
    counts. It may be larger than the background: it is scaled to where it goes. One pixel is enough.
    Raises `TroupeError` for a missing or empty mask, for sizes that differ and for values that are not in [0, 1].
    """
    pixels = _checked_picture(picture, item, (1, 3, 4)).clamp(0, 1)
    if mask is None and pixels.shape[-1] != 4:
        raise TroupeError(
            "The foreground has no mask", item=item, remedy="Connect a mask, or use a picture with transparency."
        )
    alpha = pixels[..., 3] if pixels.shape[-1] == 4 else torch.ones(pixels.shape[:2])
    if mask is not None:
        mask = checked_mask(mask, f"mask of {item}")
        _bounds(mask, item)  # Load Image hands over an empty one of 64 x 64 where a picture has no transparency
        alpha = alpha * _fitting(mask, pixels, item)
    box = _bounds(alpha, item)
    crop = (slice(box.top, box.bottom), slice(box.left, box.right))
    colours, alpha = _coloured(pixels)[crop][..., :3], alpha[crop]
    if pixels.shape[-1] != 4:
        colours = clean_colours(colours, alpha)
    return torch.cat([colours, alpha[..., None]], -1), box


def checked_mask(mask: Tensor, item: str) -> Tensor:
    """`(H, W)`, float32 in [0, 1]; bool becomes 0 and 1. Raises `TroupeError` naming `item`."""
    if mask.ndim != 2 or not mask.numel():
        raise TroupeError(
            "This is not one mask", item=f"{item}, shape {tuple(mask.shape)}", remedy="Use one (height, width) mask."
        )
    return _in_range(mask.to("cpu", torch.float32) if mask.dtype == torch.bool else mask, item).clamp(0, 1)


def _checked_picture(picture: Tensor, item: str, channels: tuple[int, ...]) -> Tensor:
    pixels = picture[..., None] if picture.ndim == 2 else picture
    if pixels.ndim != 3:
        raise TroupeError(
            "This is not one picture",
            item=f"{item}, shape {tuple(picture.shape)}",
            remedy="Hand over the pictures of a batch one by one, as (height, width, channels).",
        )
    if not pixels.numel() or pixels.shape[-1] not in channels:
        height, width, depth = pixels.shape
        raise TroupeError(
            f"A picture of {width} x {height} pixels with {depth} channels cannot be used",
            item=item,
            remedy="Use RGB, RGBA or grey, channels last.",
        )
    return _in_range(pixels, item)


def _in_range(values: Tensor, item: str) -> Tensor:
    if not values.is_floating_point():
        raise TroupeError(
            f"The values are {str(values.dtype).removeprefix('torch.')}, not fractions",
            item=item,
            remedy="Divide by 255, so that they go from 0 to 1.",
        )
    values = values.detach().to("cpu", torch.float32)
    broken = int((~torch.isfinite(values)).sum())
    if broken:
        raise TroupeError(
            f"{broken} values are not numbers", item=item, remedy="Look at the step before: it broke the picture."
        )
    low, high = (float(v) for v in values.aminmax())
    if low < 1 - OVERSHOOT or high > OVERSHOOT:
        raise TroupeError(f"The values go from {low:.3g} to {high:.3g}", item=item, remedy="They must go from 0 to 1.")
    return values


def _coloured(pixels: Tensor) -> Tensor:
    return pixels.expand(-1, -1, 3) if pixels.shape[-1] == 1 else pixels


def _fitting(mask: Tensor, pixels: Tensor, item: str) -> Tensor:
    if mask.shape != pixels.shape[:2]:
        own, given = (Size(shape[1], shape[0]) for shape in (pixels.shape, mask.shape))
        raise TroupeError(
            f"The mask is {given.width} x {given.height} pixels and the picture {own.width} x {own.height}",
            item=item,
            remedy="Make them equally large.",
        )
    return mask


def _bounds(alpha: Tensor, item: str) -> Box:
    there = alpha > FAINT
    if not there.any():
        raise TroupeError(
            "The mask is empty",
            item=item,
            remedy="White is what is kept. Load Image gives the mask of what is transparent: invert it.",
        )
    rows, columns = there.any(1).nonzero(), there.any(0).nonzero()
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
