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
#   over the mean difference       up to 12       any             from 30
BEYOND_SHIFT, PEAK, PEAK_OVER_MEAN = 0.27, 0.06, 18.0
EVEN = 0.001  # added to the mean: half of an 8-bit step is no difference

MARGIN = SIDE // 16  # what a crop moves in or out of the picture
LARGEST_SHIFT, LARGEST_SCALE = SIDE / 32, 0.06
STEPS = 8


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
    difference = np.abs(_laid_over(first, second) - first)[MARGIN:-MARGIN, MARGIN:-MARGIN].mean(2)
    peak, mean = float(difference.max()), float(difference.mean())
    return peak <= PEAK and peak <= PEAK_OVER_MEAN * (mean + EVEN)


def _laid_over(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`b` shifted and scaled along both axes to fit `a`: Gauss-Newton (Baker, Matthews 2004, section 3.2, inverse
    compositional in spirit: the gradient is a's and is computed once). (128, 128, 3) each."""
    inside = slice(MARGIN, -MARGIN)
    grey, moving = a.mean(2), b.mean(2)
    place = np.arange(SIDE) - (SIDE - 1) / 2
    down, right = np.gradient(grey)
    slopes = np.stack([right * place, right, down * place[:, None], down], -1)[inside, inside].reshape(-1, 4)
    unit = np.array([SIDE / 2, 1, SIDE / 2, 1])  # a scale of 1 moves the border by half the side
    hessian = slopes.T @ slopes + np.diag(1e-4 * unit**2)
    limit = np.array([LARGEST_SCALE, LARGEST_SHIFT] * 2)
    p = np.zeros(4)
    for _ in range(STEPS):
        error = (_warped(moving, p) - grey)[inside, inside].ravel()
        step = np.linalg.solve(hessian, slopes.T @ error)
        p = np.clip(p - step, -limit, limit)
        if (np.abs(step) * unit).max() < 0.01:
            break
    return _warped(b, p)


def _warped(image: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Read at (1 + p0) x + p1, (1 + p2) y + p3 from the middle; linear interpolation, borders repeated."""
    place = np.arange(SIDE) - (SIDE - 1) / 2
    for axis, (scale, shift) in ((1, p[:2]), (0, p[2:])):
        at = np.clip(place * (1 + scale) + shift + (SIDE - 1) / 2, 0, SIDE - 1)
        before = np.minimum(at.astype(int), SIDE - 2)
        part = (at - before).astype(np.float32)
        part = part.reshape([-1 if k == axis else 1 for k in range(image.ndim)])
        image = np.take(image, before, axis) * (1 - part) + np.take(image, before + 1, axis) * part
    return image
