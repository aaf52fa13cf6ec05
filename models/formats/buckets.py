"""The bucket that kohya's sd-scripts puts a picture into, and what its centre crop cuts away.

The rule is `BucketManager.select_bucket` and `model_util.make_bucket_resolutions` of sd-scripts (48d368f, 2026-02);
names as there. A picture is scaled to `resized`, then cut to the bucket around its centre.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from ..geometry import Box, Size

STEP = 64  # bucket_reso_steps: what every base model's VAE and patches divide


class Fit(NamedTuple):
    """A picture scaled to `resized`, of which `crop` (in pixels of the scaled picture) is kept."""

    resized: Size
    crop: Box

    @property
    def size(self) -> Size:
        return self.crop.size

    @property
    def cut_away(self) -> float:
        """Share of the picture that is lost, in [0, 1]; all of it where a banner shrinks to no height at all."""
        return 1 - self.size.area / self.resized.area if self.resized.area else 1.0

    def crop_in(self, size: Size) -> tuple[float, float, float, float]:
        """The crop in pixels of the picture before scaling, when that has `size`: left, top, right, bottom."""
        x, y = size.width / self.resized.width, size.height / self.resized.height
        return self.crop.left * x, self.crop.top * y, self.crop.right * x, self.crop.bottom * y


def whole(size: Size) -> Fit:
    return Fit(size, Box.of(size))


def side_limits(resolution: int) -> tuple[int, int]:
    """min_bucket_reso and max_bucket_reso for a square `resolution`: pictures up to 4:1 find their bucket.

    The trainer asserts min <= resolution <= max and wants both to be multiples of the step.
    """
    return max(STEP, resolution // 2 // STEP * STEP), -(-resolution * 2 // STEP) * STEP


@lru_cache(maxsize=16)
def bucket_sizes(resolution: int) -> tuple[Size, ...]:
    """make_bucket_resolutions: widths in steps, each with the tallest height of no more than resolution^2 pixels."""
    least, most = side_limits(resolution)
    square = resolution // STEP * STEP
    sizes = {Size(square, square)}
    for width in range(least, most + 1, STEP):
        height = min(most, resolution**2 // width // STEP * STEP)
        if height >= least:
            sizes |= {Size(width, height), Size(height, width)}
    return tuple(sorted(sizes))


def select_bucket(size: Size, resolution: int, no_upscale: bool) -> Fit:
    """What the trainer makes of a picture of `size` with this resolution and `bucket_no_upscale`.

    Without upscaling a side below one step gives a bucket of 0, on which the trainer stops.
    """
    return _shrink_only(size, resolution) if no_upscale else cover_bucket(size, resolution)


def cover_bucket(size: Size, resolution: int) -> Fit:
    """The bucket of the nearest aspect ratio, covered by the picture, which grows or shrinks to it."""
    sizes = bucket_sizes(resolution)
    ratio = size.width / size.height
    bucket = size if size in sizes else min(sizes, key=lambda s: abs(s.width / s.height - ratio))
    wider = ratio > bucket.width / bucket.height
    scale = bucket.height / size.height if wider else bucket.width / size.width
    return centred(Size(int(size.width * scale + 0.5), int(size.height * scale + 0.5)), bucket)


def _shrink_only(size: Size, resolution: int) -> Fit:
    """Too large: shrink to resolution^2 pixels with one side on a step. Then cut both sides down to steps."""
    resized = size
    if size.area > resolution**2:
        ratio = size.width / size.height
        width = math.sqrt(resolution**2 * ratio)
        by_width, by_height = _to_step(width), _to_step(resolution**2 / width)
        # Of the two ways, the one whose bucket is nearer to the picture's own ratio.
        ratio_by_width = _ratio(by_width, _to_step(by_width / ratio))
        ratio_by_height = _ratio(_to_step(by_height * ratio), by_height)
        if abs(ratio_by_width - ratio) < abs(ratio_by_height - ratio):
            resized = Size(by_width, int(by_width / ratio + 0.5))
        else:
            resized = Size(int(by_height * ratio + 0.5), by_height)
    return centred(resized, Size(*(side - side % STEP for side in resized)))


def _to_step(side: float) -> int:
    """Rounded to a pixel, then down to a step."""
    pixels = int(side + 0.5)
    return pixels - pixels % STEP


def _ratio(width: int, height: int) -> float:
    return width / height if height else math.inf


def centred(resized: Size, bucket: Size) -> Fit:
    """The middle `bucket` of the picture scaled to `resized`, the odd pixel lost at the far side."""
    left, top = (resized.width - bucket.width) // 2, (resized.height - bucket.height) // 2
    return Fit(resized, Box(left, top, left + bucket.width, top + bucket.height))
