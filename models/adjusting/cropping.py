"""Where to cut a nearer shot out of a full one: close-ups round the head, medium shots down to the waist."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from ..geometry import Box, Size
from ..samples.sample import Sample
from .figure import Figure
from .wishes import Limit

SOURCES = ("full", "long")
NOT_FULL = "not a full shot"
# From straight above or below heads and bodies have other proportions; a sleeper's head is not on top.
UNFIT = {"angle": ("above", "below"), "action": ("lie",)}


class Crop(NamedTuple):
    """How to make one shot. above: room over the head, in head heights. below: how far down from the chin, as a share
    of the way to the feet; shoulders: and no further than this many head heights. aspects: width / height, the
    preferred first. hides: slots that cannot be seen any more, beside those that the vocabulary hides."""

    above: float
    below: float
    shoulders: float
    aspects: tuple[float, ...]
    hides: tuple[str, ...]


#   close-up, 1:1                medium, 3:4                  A grown-up of 7.5 heads, a child of 4, a mascot of 2:
#   +--------------------+       +---------------+            the chin is at 0.13, 0.25, 0.5 of the figure, the
#   |      .------.      | 0.15  |    .-----.    | 0.15       waist two fifths of the way from there to the feet in
#   |      | o  o |      |       |    | o o |    |            all of them. Shoulders are half a head under the chin,
#   |      |  __  |      | head  |    '-----'    | head       but a fifth of the way down on a mascot.
#   |      '------'      |       |   /|     |\   |
#   |   .---'    '---.   | < 0.5 |  / |     | \  |
#   +--------------------+       +----|-----|----+ 0.4 of chin to feet
CROPS = {
    "close-up": Crop(0.15, 0.2, 0.5, (1.0, 4 / 5), ("action",)),
    "medium": Crop(0.15, 0.4, inf, (3 / 4, 1.0, 2 / 3), ()),
}


class Plan(NamedTuple):
    """A crop that could be made: `box` in pixels of the sample's picture."""

    sample: Sample
    shot: str
    box: Box

    @property
    def id(self) -> str:
        return f"{self.sample.id}@{self.shot}"


def plan_crop(sample: Sample, figure: Figure | None, shot: str, limit: Limit) -> Plan | str:
    """Where `sample` can be cropped to `shot`, or why it cannot: "no mask", "not upright", ..."""
    if sample.value("shot") not in SOURCES:
        return NOT_FULL
    if figure is None:
        return "no mask"
    if next((slot for slot, values in UNFIT.items() if sample.value(slot) in values), None):
        return "not upright"
    tall = (figure.bottom - figure.top) * sample.image.height
    if (figure.right - figure.left) * sample.image.width > 1.2 * tall:
        return "not upright"
    if figure.top * sample.image.height < 1:
        return "cut off at the top"
    box = _box(CROPS[shot], figure, sample.image.size)
    if box is None:
        return "too near the edge"
    if box.size.short < limit.pixels:
        return f"smaller than {limit.pixels} px after cropping ({limit.setting})"
    return Plan(sample, shot, box)


def _box(crop: Crop, figure: Figure, size: Size) -> Box | None:
    """The window in pixels, pushed inside the picture; None where the picture is too narrow for every aspect."""
    head = figure.head_height * size.height
    chin = figure.head_top * size.height + head
    top = chin - (1 + crop.above) * head
    bottom = chin + min(crop.below * (figure.bottom * size.height - chin), crop.shoulders * head)
    height = round(bottom - top)
    widths = [round(height * aspect) for aspect in crop.aspects]
    width = next((w for w in widths if w <= size.width and height <= size.height), None)
    if width is None:
        return None
    left = round(figure.head_x * size.width - width / 2)
    return Box(left, round(top), left + width, round(top) + height).moved_inside(size)
