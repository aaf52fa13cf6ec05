"""The cut-out, in its own pixels, brought to its box in one resampling."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from ...errors import TroupeError
from ...geometry import Box, Size
from ..grid import Frame


def covered(box: Frame, size: Size) -> Box:
    """The pixels of a picture of `size` that `box` touches; raises `TroupeError` where there are none."""
    edges = Box(math.floor(box.left), math.floor(box.top), math.ceil(box.right), math.ceil(box.bottom)).clipped(size)
    if box.width <= 0 or box.height <= 0 or edges.size.area <= 0:
        place = "left {:g}, top {:g}, right {:g}, bottom {:g}".format(*box)
        raise TroupeError("The box lies outside of the background", item=place, remedy="Move it inside.")
    return edges


def warped(foreground: Tensor, box: Frame, pixels: Box) -> Tensor:
    """`(h, w, 4)` straight alpha, stretched over `box`, as `pixels` show it: `(H, W, 4)`, colours times alpha.

    Bicubic, antialiased when it shrinks, at any fraction of a pixel, in one step: a second one would blur. `pixels`
    are those that the box covers or some of them; only these are computed. Colours are multiplied by alpha first, so
    what hides where alpha is 0 stays hidden. A pixel that the box covers in part is covered in part.
    """
    height, width = foreground.shape[:2]
    across, down = width / box.width, height / box.height  # the cut-out's pixels per pixel of the picture
    # The outermost pixels reach beyond the cut-out by less than one of the picture's.
    margin_x, margin_y = math.ceil(across), math.ceil(down)
    left, top = (pixels.left - box.left) * across + margin_x, (pixels.top - box.top) * down + margin_y
    source = (left, top, left + pixels.size.width * across, top + pixels.size.height * down)
    thing = foreground.permute(2, 0, 1)  # HWC -> CHW
    thing = torch.cat([thing[:3] * thing[3:], thing[3:]])
    planes = F.pad(thing, (margin_x, margin_x, margin_y, margin_y), mode="replicate").numpy()
    shown = _in_range(torch.stack([_cut(plane, pixels.size, source) for plane in planes], -1))
    rows, columns = _overlap(pixels.top, pixels.bottom, *box[1::2]), _overlap(pixels.left, pixels.right, *box[::2])
    return shown.mul_((rows[:, None] * columns)[..., None])


def _overlap(first: int, last: int, start: float, stop: float) -> Tensor:
    """How much of each pixel from `first` to `last` (exclusive) lies between `start` and `stop`."""
    edges = torch.arange(first, last + 1, dtype=torch.float64).clamp(start, stop)
    return edges.diff().float()


def _cut(plane: np.ndarray, size: Size, source: tuple[float, float, float, float]) -> Tensor:
    resized = Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC, _inside(source, plane))
    return torch.from_numpy(np.array(resized))


def _inside(source: tuple[float, float, float, float], plane: np.ndarray) -> tuple[float, float, float, float]:
    """Pillow refuses a box that a rounding error moved out."""
    height, width = plane.shape
    left, top, right, bottom = source
    return max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height))


def _in_range(thing: Tensor) -> Tensor:
    """A bicubic kernel overshoots at edges, colours and alpha alike: scale both back, so that no bright rim is left."""
    colours, alpha = thing[..., :3], thing[..., 3:]
    colours /= alpha.clamp(min=1)
    alpha.clamp_(0, 1)
    torch.minimum(colours.clamp_(min=0), alpha, out=colours)
    return thing
