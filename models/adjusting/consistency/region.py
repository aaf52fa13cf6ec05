"""The character alone: its part of a picture on neutral ground, so that the place it is in has no say."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from ...geometry import Box, Size
from ...pixels import Picture

NEUTRAL = 0.5
MARGIN = 0.05  # of the figure's longer side, so that no outline touches the border
GRID = 8  # side of the outline: coarse enough that a hand moved a little is no other figure


def subject_box(mask: torch.Tensor) -> Box | None:
    """The box round all that is more subject than not in `mask` ((H, W) in [0, 1]); None for an empty one."""
    solid = mask >= 0.5
    rows, columns = solid.any(1).nonzero(), solid.any(0).nonzero()
    if not len(rows):
        return None
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def alone(picture: Picture) -> Picture:
    """The subject with a small margin, what is not subject painted grey; the whole picture where no mask tells."""
    box = None if picture.mask is None else subject_box(picture.mask)
    if box is None:
        return Picture(picture.rgb)
    height, width = picture.mask.shape
    around = box.grown(round(MARGIN * box.size.long)).clipped(Size(width, height))
    part = np.s_[around.top : around.bottom, around.left : around.right]
    rgb, mask = picture.rgb[part], picture.mask[part][..., None]
    return Picture(rgb * mask + NEUTRAL * (1 - mask), picture.mask[part])


def outline(mask: Image.Image) -> np.ndarray | None:
    """(64,), of length one: how much of each cell of an 8 x 8 grid over the subject's box is subject. None for an
    empty mask. mask: `L`."""
    values = torch.from_numpy(np.array(mask)).float() / 255
    box = subject_box(values)
    if box is None:
        return None
    grid = np.asarray(mask.crop(box).resize((GRID, GRID), Image.Resampling.BOX), float).ravel()
    return grid / np.linalg.norm(grid)
