"""A photographer frames the subject: how large and where it is in the picture settles where the camera is."""

from __future__ import annotations

import numpy as np

from ....models.geometry import Box, Size
from .camera import Camera
from .stage import Place, Spot
from .things import Thing

MIDDLE, SPREAD = 0.47, 0.55  # median and log deviation of max(w/W, h/H), as in photographs with one subject
SMALLEST, LARGEST = 0.08, 0.95
MARGIN = 2  # pixels: nothing touches the border, as in the photographs that we take for truth
TRIES = 60


def any_box(rng: np.random.Generator, size: Size, aspect: float) -> Box | None:
    """A box for a thing of width / height `aspect`, near the middle mostly; None where it would be tiny."""
    scale = float(np.clip(np.exp(rng.normal(np.log(MIDDLE), SPREAD)), SMALLEST, LARGEST))
    tall = scale * min(size.height, size.width / aspect)
    height, width = round(tall), round(tall * aspect)
    if height < 5 or width < 4:
        return None
    left = round(size.width * rng.normal(0.5, 0.17) - width / 2)
    top = round(size.height * rng.normal(0.54, 0.12) - height / 2)
    left = min(max(left, MARGIN), size.width - MARGIN - width)
    top = min(max(top, MARGIN), size.height - MARGIN - height)
    return Box(left, top, left + width, top + height) if left >= 0 and top >= 0 else None


def framed(
    rng: np.random.Generator, size: Size, thing: Thing, aspect: float, tall: float, place: Place
) -> tuple[Camera, Spot, Box] | None:
    """The camera under which a thing `tall` metres, standing at `Spot`, fills `Box`; None where the place forbids all.

    pixels a metre = box height / tall = (foot - horizon) / eye, which gives the horizon.
    """
    for _ in range(TRIES):
        box = any_box(rng, size, aspect)
        if box is None:
            continue
        metre, foot = box.size.height / tall, float(box.bottom)
        eye, focal = rng.uniform(*place.eye), rng.uniform(*place.focal) * size.long
        vanish, middle = size.width * rng.normal(0.5, 0.33), box.centre[0]
        if thing.lane == "sky":
            horizon, z = foot + rng.uniform(0.05, 0.7) * size.height, rng.uniform(6, 25)
        else:
            horizon, z = foot - eye * metre, focal / metre
        low, high = place.horizon if thing.lane != "sky" else (0.3, 1.2)
        if low <= horizon / size.height <= high and place.depth[0] <= z <= place.depth[1]:
            return Camera(*size, horizon, vanish, eye, focal), Spot((middle - vanish) / metre, z, thing.lane), box
    return None
