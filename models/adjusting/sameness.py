"""Whether two pictures that hash alike are one picture saved twice, or one character drawn twice.

Drawings of a character on a plain ground have nearly equal fingerprints whatever the character does. One picture
saved twice differs a little everywhere; a raised arm or another mouth differs much in one place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

LOOK = 32  # side of the copy for the quick check, SIDE and SOFT (a blur) of the one for the careful check; pixels
SIDE = 128
SOFT = 2.4

# Measured on pictures saved again as JPEG 60 with 2 % to 4 % cut off, also off one side (111 photographs, 28 pictures
# of figures, 31 film frames, 135 drawings), against drawings that differ in pose or in the face alone:
#                                  saved again    another pose    another face
#   beyond what a shift explains   up to 0.25     from 0.275      any
#   largest difference, aligned    up to 0.058    from 0.23       close-up from 0.17, full figure from 0.034
#     of pictures 96 pixels wide   up to 0.093
#   over the mean difference       up to 12       any             from 30
BEYOND_SHIFT, PEAK, PEAK_OVER_MEAN = 0.27, 0.12, 18.0
EVEN = 0.001  # added to the mean: half of an 8-bit step is no difference

INSIDE = slice(SIDE // 16, -(SIDE // 16))  # the border, where a crop moves things in or out, is left aside
LARGEST_SHIFT, LARGEST_SCALE = SIDE / 32, 0.06
UNIT = np.array([SIDE / 2, 1, SIDE / 2, 1])  # pixels by which the border moves for one of each parameter
STEPS, NEAR = 8, 0.02  # at most so many; a step of so many pixels is the last
GREY = np.full(3, 1 / 3, np.float32)


def look(image: Image.Image) -> np.ndarray:
    """(32, 32, 3) uint8: small enough to keep for every picture."""
    return np.asarray(image.convert("RGB").resize((LOOK, LOOK), Image.Resampling.BOX))


def thumbnail(image: Image.Image) -> Image.Image:
    """128 x 128, RGB, blurred: what `is_same` compares."""
    small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(SOFT))


class Reach(NamedTuple):
    """Of N looks, flattened: what each pixel shows, and the least and the most that is shown within one pixel of it.
    (N, 30 * 30 * 3) uint8 each; the outermost pixels have no neighbours and are left out."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def reach(looks: np.ndarray) -> Reach:
    """looks: (N, 32, 32, 3) uint8."""
    inner = LOOK - 2
    near = [looks[:, y : y + inner, x : x + inner] for y in range(3) for x in range(3)]
    parts = looks[:, 1:-1, 1:-1], np.minimum.reduce(near), np.maximum.reduce(near)
    return Reach(*(np.ascontiguousarray(part).reshape(len(looks), -1) for part in parts))


def may_be_same(a: Reach, b: Reach) -> np.ndarray:
    """The quick check, (P,) bool, for P pairs: nothing in one lies far outside what the other shows within a pixel of
    that place, so a shift by 3 % of the side could explain the difference."""
    limit = round(BEYOND_SHIFT * 255)
    return (_outside(a, b) <= limit) & (_outside(b, a) <= limit)


def _outside(a: Reach, b: Reach) -> np.ndarray:
    """(P,) uint8; the maximum and minimum keep the unsigned differences from wrapping round."""
    above = np.maximum(a.value, b.high) - b.high
    below = b.low - np.minimum(a.value, b.low)
    return np.maximum(above.max(1), below.max(1))


def is_same(a: Image.Image, b: Image.Image) -> bool:
    """The careful check, for thumbnails: laid over each other as well as possible, they differ little and evenly."""
    first, second = (np.asarray(image, np.float32) / 255 for image in (a, b))
    p = _best_fit(first @ GREY, second @ GREY)
    difference = np.abs(_warped(second, p) - first)[INSIDE, INSIDE] @ GREY
    peak, mean = float(difference.max()), float(difference.mean())
    return peak <= PEAK and peak <= PEAK_OVER_MEAN * (mean + EVEN)


def _best_fit(still: np.ndarray, moving: np.ndarray) -> np.ndarray:
    """The shift and scale along both axes, as `_warped` takes them, that fit `moving` to `still`; (128, 128) each.

    Gauss-Newton on the squared difference (Lucas, Kanade 1981), with the slopes of the picture that stands still, so
    that they are computed once (after Baker, Matthews 2004, section 3.2).
    """
    place = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    down, right = np.gradient(still)
    slopes = np.stack([part[INSIDE, INSIDE].ravel() for part in (right * place, right, down * place[:, None], down)])
    hessian = slopes @ slopes.T + np.diag(1e-4 * UNIT**2)
    limit = np.array([LARGEST_SCALE, LARGEST_SHIFT] * 2)
    p = np.zeros(4)
    for _ in range(STEPS):
        error = (_warped(moving, p) - still)[INSIDE, INSIDE].ravel()
        step = np.linalg.solve(hessian, slopes @ error)
        p = np.clip(p - step, -limit, limit)
        if (np.abs(step) * UNIT).max() < NEAR:
            break
    return p


def _warped(image: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Read at (1 + p0) x + p1, (1 + p2) y + p3 from the middle; linear interpolation, borders repeated."""
    place = np.arange(SIDE) - (SIDE - 1) / 2
    for axis, (scale, shift) in ((1, p[:2]), (0, p[2:])):
        at = np.clip(place * (1 + scale) + shift + (SIDE - 1) / 2, 0, SIDE - 1)
        before = np.minimum(at.astype(int), SIDE - 2)
        part = (at - before).astype(np.float32)
        part = part.reshape([-1 if k == axis else 1 for k in range(image.ndim)])
        here = np.take(image, before, axis)
        image = here + part * (np.take(image, before + 1, axis) - here)
    return image
