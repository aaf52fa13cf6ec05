"""An object is cut out of its picture with a clean edge, and takes nothing of its surroundings with it."""

from __future__ import annotations

import torch
from torch import Tensor

from ...errors import TroupeError
from ...geometry import Box, Size
from ...pixels import resized, shrunk
from .masks import blurred, bounds, membrane, shrunk_mask

THRESHOLD = 0.5
# The edge's softness in pixels: a photograph's own at small sizes, and growing with the object, as outlines do.
SOFTNESS, LEAST_SOFT, MOST_SOFT = 0.004, 0.6, 3.0
# The softened mask is 0.5 at the outline. Between these values it becomes alpha, half a softness further in.
CLEAR, OPAQUE = 0.4, 0.99
# Longest side at which colours are carried outwards.
CARRIED_SIDE = 512


def cut_out(picture: Tensor, mask: Tensor) -> tuple[Tensor, Box]:
    """The object as `(h, w, 4)` straight alpha and the box that it fills in the picture.

    picture: `(H, W, 3)`; mask: `(H, W)`, above 0.5 = object. The edge lies slightly inside the outline and is one or
    two pixels soft. Colours along it, and beyond it, come from inside the object.
    Raises `TroupeError` for an empty mask, for sizes that differ and for values that are no numbers.
    """
    inside = solid(picture, mask)
    outline = bounds(inside)
    sigma = min(MOST_SOFT, max(LEAST_SOFT, SOFTNESS * max(outline.size)))
    around = outline.grown(4 * MOST_SOFT).clipped(Size(mask.shape[1], mask.shape[0]))
    picture, mask, inside = (
        pixels[around.top : around.bottom, around.left : around.right] for pixels in (picture, mask, inside)
    )
    alpha = _edge(inside, sigma) * mask.clamp(0, 1)
    whole = torch.cat((_clean(picture, inside, sigma), alpha[..., None]), dim=-1)
    box = bounds(alpha > 0)
    cutout = whole[box.top : box.bottom, box.left : box.right].contiguous()
    left, top = around.left, around.top
    return cutout, Box(box.left + left, box.top + top, box.right + left, box.bottom + top)


def solid(picture: Tensor, mask: Tensor) -> Tensor:
    """The mask as `(H, W)` bool, when both can be used; see `cut_out` for the errors."""
    if picture.ndim != 3 or picture.shape[-1] != 3 or not picture.numel():
        raise TroupeError("Not a colour picture", item=f"shape {tuple(picture.shape)}", remedy="Use (H, W, 3).")
    if mask.shape != picture.shape[:2]:
        sizes = f"the mask has {_size(mask)}, the picture {_size(picture)} pixels"
        raise TroupeError("Mask and picture differ in size", item=sizes, remedy="Make them equally large.")
    if not (picture.isfinite().all() and mask.isfinite().all()):
        what = "picture" if mask.isfinite().all() else "mask"
        raise TroupeError(f"The {what} has values that are no numbers (NaN or infinite)", remedy="Make it anew.")
    inside = mask > THRESHOLD
    if not inside.any():
        remedy = "Draw white over the object."
        raise TroupeError("The mask is empty", item=f"its brightest value is {float(mask.max()):.2f}", remedy=remedy)
    return inside


def _size(pixels: Tensor) -> str:
    return "x".join(str(side) for side in reversed(pixels.shape[:2]))


def clean_colours(picture: Tensor, alpha: Tensor) -> Tensor:
    """`(H, W, 3)` with the surroundings taken out of the colours along the edge of `alpha` `(H, W)`.

    A picture with a mask beside it shows its old background through every half-transparent pixel.
    """
    inside = alpha > THRESHOLD
    if not inside.any():
        return picture
    return _clean(picture, inside, min(MOST_SOFT, max(LEAST_SOFT, SOFTNESS * max(alpha.shape))))


def _carried(picture: Tensor, core: Tensor) -> Tensor:
    """The colours of `core` carried outwards. They are smooth out there, so a large picture is asked small."""
    height, width = core.shape
    if max(height, width) <= CARRIED_SIDE:
        return membrane(picture, core)
    weight = shrunk(core.float(), CARRIED_SIDE)
    small = shrunk(picture * core[..., None], CARRIED_SIDE) / weight.clamp(min=1e-3)[..., None]
    return resized(membrane(small, weight > 0.5 * float(weight.max())), width, height)


def _edge(inside: Tensor, sigma: float) -> Tensor:
    soft = blurred(inside.float(), sigma)
    alpha = ((soft - CLEAR) / (OPAQUE - CLEAR)).clamp(0, 1) * inside
    # What is as thin as the edge itself would vanish.
    return alpha if alpha.max() > THRESHOLD else inside.float()


def _clean(picture: Tensor, inside: Tensor, sigma: float) -> Tensor:
    """The picture's colours inside, carried outwards from `core`, where no light of the surroundings is mixed in."""
    core = shrunk_mask(inside, max(1, round(1.5 * sigma)))
    if not core.any():
        core = inside
    carried = _carried(picture, core)
    own = blurred(core.float(), max(0.5, sigma / 2))[..., None]
    return torch.where(core[..., None], picture, carried + (picture - carried) * own * inside[..., None])
