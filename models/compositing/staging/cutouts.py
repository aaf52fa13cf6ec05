"""A sample's character as a cut-out, and the sides at which its picture cuts it off."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import TroupeError
from ...geometry import Size
from ...pixels import from_pillow
from ...samples.sample import Sample, read_mask, read_picture
from ..groups.cutting import cut_out
from ..groups.straight import decode_straight
from ..inputs import checked_foreground

# A gap to the border below this share of the picture is no gap: masks are a pixel or two generous or mean.
TOUCH = 0.01
# Of the outline's width (or height), a share that lies on the border. A head or a toe that just touches has less.
CUT_THROUGH = 0.15
# What shows a part of the character ends somewhere, also where its picture goes on: a bust does not stand on a lawn.
PARTS = ("extreme close-up", "close-up", "medium")
WHOLE = ("full", "long")


class CutOut(NamedTuple):
    """foreground: `(h, w, 4)`, straight alpha, cropped to what is there. cut: of left, top, right and bottom those
    sides at which the character goes on and the picture does not."""

    foreground: Tensor
    cut: frozenset[str]


def cut_out_of(sample: Sample) -> CutOut:
    """Of a sample that has a mask. Raises `TroupeError` with the reason for files that cannot be used."""
    if sample.mask.channel == "alpha" and sample.mask.path == sample.image.path:
        decoded = decode_straight(Path(sample.image.path))
        if decoded.alpha is None:
            raise TroupeError("its picture has no alpha channel any more", remedy="Load the set again.")
        rgb, mask = from_pillow(decoded.image), from_pillow(decoded.alpha)
        foreground, _ = checked_foreground(torch.cat((rgb, mask[..., None]), -1), item=sample.id)
    else:
        rgb = read_picture(sample).rgb
        mask = from_pillow(read_mask(sample, Size(rgb.shape[1], rgb.shape[0])))
        whole, _ = cut_out(rgb, mask)
        foreground, _ = checked_foreground(whole, item=sample.id)
    return CutOut(foreground, sides_cut(mask, sample.value("shot")))


def sides_cut(mask: Tensor, shot: str = "") -> frozenset[str]:
    """`(H, W)`, 1 = the character. `shot`: what is known of the framing; it decides about the lower side."""
    inside = mask > 0.5
    by_side = {"left": inside.T, "top": inside, "right": inside.T.flip(0), "bottom": inside.flip(0)}
    cut = {side for side, rows in by_side.items() if _cut(rows)}
    if shot in PARTS:
        cut.add("bottom")
    elif shot in WHOLE:
        cut.discard("bottom")
    return frozenset(cut)


def _cut(rows: Tensor) -> bool:
    """Whether the outline meets the first rows broadly."""
    near = rows[: math.ceil(TOUCH * len(rows))].any(0)
    return int(near.sum()) > CUT_THROUGH * max(1, int(rows.any(0).sum()))
