"""A picture of where the thing could stand: warm where it is likely, with the candidates' boxes numbered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor

from ...geometry import Box, Size
from ...oklab import LMS_TO_LAB, RGB_TO_LMS
from ...pixels import from_pillow, to_pillow
from ...samples.lettering import font_for, width_of
from .proposals import Candidate

# What is left of the background's light, so that the colours of the heat stand out from it.
DIMMED = 0.5
# Of the background under the most likely place, this share is covered.
COVER = 0.85
LINE, EDGE, OTHER = "#ffffff", "#14161a", "#c9ced6"
# Below this side there is no room for letters.
LETTERED = 96


def heatmap_picture(background: Tensor, log_prob: Tensor, candidates: Sequence[Candidate] = ()) -> Tensor:
    """`(H, W, 3)` and `(SCALES, CELLS, CELLS)` to `(H, W, 3)`, float32 in [0, 1].

    The heat is the foot point's probability over all sizes, relative to the likeliest place; its square root is
    shown, so that a place a hundred times less likely can still be seen.
    """
    height, width = background.shape[:2]
    heat = heat_of(log_prob)[None, None]
    heat = F.interpolate(heat, (height, width), mode="bilinear", align_corners=False)[0, 0]
    grey = background.float().mean(-1, keepdim=True)
    dimmed = DIMMED * (background + grey) / 2
    table = heat_colours()
    colours = table[(heat * (len(table) - 1)).round().long()]
    cover = (COVER * heat)[..., None]
    return from_pillow(_outlined(to_pillow(dimmed + cover * (colours - dimmed)), candidates))


def heat_of(log_prob: Tensor) -> Tensor:
    """`(CELLS, CELLS)` in [0, 1], 1 at the likeliest place."""
    places = log_prob.detach().to("cpu", torch.float32).exp().sum(0)
    return (places / places.max()).sqrt()


@lru_cache(maxsize=1)
def heat_colours(steps: int = 256) -> Tensor:
    """`(steps, 3)` sRGB from dark violet through blue-green to light yellow; do not change it.

    In OKLab (Ottosson 2020) the lightness grows evenly from 0.3 to 0.95 and the hue turns evenly from 305 to 100
    degrees: brighter is always more, on a grey printer and to a colour-blind eye too.
    """
    at = torch.linspace(0, 1, steps, dtype=torch.float64)
    hue = torch.deg2rad(305 - 205 * at)
    # About as wide as sRGB goes along this path: blue-green in the middle has the least room.
    chroma = 0.1 + 0.05 * (2 * at - 1) ** 2
    lab = torch.stack([0.3 + 0.65 * at, chroma * hue.cos(), chroma * hue.sin()], -1)
    to_lms, to_rgb = (torch.linalg.inv(torch.tensor(m, dtype=torch.float64)) for m in (LMS_TO_LAB, RGB_TO_LMS))
    linear = ((lab @ to_lms.T) ** 3 @ to_rgb.T).clamp(0, 1)
    # The transfer curve of sRGB (IEC 61966-2-1).
    srgb = torch.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return srgb.float()


def _outlined(image: Image.Image, candidates: Sequence[Candidate]) -> Image.Image:
    pen = ImageDraw.Draw(image)
    stroke = max(1, round(max(image.size) / 280))
    # The best last: it lies on top.
    for number, candidate in reversed(list(enumerate(candidates, 1))):
        left, top, right, bottom = candidate.box.rounded()
        colour = LINE if number == 1 else OTHER
        edges = (left, top, right - 1, bottom - 1)
        for reach, ink in ((stroke, EDGE), (0, colour)):
            _frame(pen, edges, stroke + reach, ink)
        _foot(pen, (left + right) / 2, bottom, 2 * stroke, colour)
    if min(image.size) >= LETTERED:
        _label(pen, Size(*image.size), candidates)
    return image


def _frame(pen: ImageDraw.ImageDraw, edges: tuple[int, int, int, int], width: int, ink: str) -> None:
    left, top, right, bottom = edges
    pen.rectangle((left, top, max(left, right), max(top, bottom)), outline=ink, width=width)


def _foot(pen: ImageDraw.ImageDraw, x: float, y: float, radius: int, ink: str) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink, outline=EDGE)


def _label(pen: ImageDraw.ImageDraw, size: Size, candidates: Sequence[Candidate]) -> None:
    """Number and probability over each box's upper left corner, or as near below as no earlier label lies."""
    letters = max(11, round(size.long / 34))  # read on a node, where a picture is 350 pixels wide
    taken: list[Box] = []
    for number, candidate in enumerate(candidates, 1):
        text = f"{number}  {_percent(candidate.probability)}"
        wide, high = math.ceil(width_of(text, letters)) + letters, round(letters * 1.5)
        left, top = round(candidate.box.left), round(candidate.box.top) - high
        label = Box(left, top, left + wide, top + high).moved_inside(size)
        while any(_meet(label, other) for other in taken) and label.bottom + high <= size.height:
            label = Box(label.left, label.top + high, label.right, label.bottom + high)
        taken.append(label)
        pen.rectangle((label.left, label.top, label.right - 1, label.bottom - 1), fill=EDGE)
        ink = LINE if number == 1 else OTHER
        pen.text(label.centre, text, fill=ink, font=font_for(text, letters), anchor="mm")


def _meet(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def _percent(probability: float) -> str:
    return f"{probability:.0%}" if probability >= 0.095 else f"{probability:.1%}"
