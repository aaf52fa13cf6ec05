"""What has to be taken out of a picture with an object: its outline, a margin, and the shadow at its foot."""

from __future__ import annotations

import torch
from torch import Tensor

from .copyfill import SEAM
from .masks import bounds, grown

# Outlines drawn by hand miss hair and hands by several pixels; the fill needs a strip of true background to fade in.
MARGIN, LEAST_MARGIN = 0.03, SEAM + 4
FOOT = 0.35  # share of the object's height, from below, that throws the shadow next to it


def hole_of(mask: Tensor, shadow_growth: float) -> Tensor:
    """`(H, W)` bool around the object of `mask` `(H, W)` bool.

    shadow_growth: how far the foot is extended downwards and to both sides, as a share of the object's height.
    """
    box = bounds(mask)
    height = box.size.height
    margin = max(LEAST_MARGIN, round(MARGIN * max(box.size)))
    reach = round(shadow_growth * height)
    foot = torch.zeros_like(mask)
    start = box.bottom - max(1, round(FOOT * height))
    foot[start : box.bottom] = mask[start : box.bottom]
    # To the sides twice as far as down: the ground is seen at a slant.
    return grown(mask, margin) | grown(foot, margin + 2 * reach, margin, margin + 2 * reach, margin + reach)
