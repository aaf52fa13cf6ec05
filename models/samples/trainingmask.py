"""A character's mask as masked training wants it: a little larger than the character, with a soft edge."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

# Trainers shrink a picture to about this area (1024 x 1024), and its mask to an eighth of that, one cell for each
# cell of the latent: what is not wider than a cell there is gone. A cell is 8 pixels of the shrunk picture.
TRAINED_SIDE = 1024


def training_mask(mask: Image.Image, dilate: int = 8) -> Image.Image:
    """`mask`: `L`, 255 = character, of the picture's size. All that lies within `dilate` pixels of the character
    (pixels of the picture as it is trained, so more in a larger one) is as white as the character; from there it
    falls to black over about as many pixels again. 0 returns the mask as it is.
    """
    radius = math.ceil(dilate * max(1.0, math.sqrt(mask.width * mask.height) / TRAINED_SIDE))
    box = mask.getbbox()
    if dilate <= 0 or box is None:
        return mask
    soft = max(1, radius // 2)
    # The blur's square window eats this much of a round edge, measured along its diagonal; it is added first.
    margin = math.ceil(soft * math.sqrt(2))
    reach = radius + margin + soft
    left, top = max(0, box[0] - reach), max(0, box[1] - reach)
    right, bottom = min(mask.width, box[2] + reach), min(mask.height, box[3] + reach)
    pixels = np.asarray(mask.crop((left, top, right, bottom)))
    pixels = _blurred(_dilated(pixels, radius + margin), soft)
    grown = Image.new("L", mask.size)
    grown.paste(Image.fromarray(pixels), (left, top))
    return grown


def _dilated(pixels: np.ndarray, radius: int) -> np.ndarray:
    """Grey dilation with a disc, `(H, W)` uint8: the maximum over the disc's rows, each a run of pixels."""
    padded = np.pad(pixels, ((radius, radius), (0, 0)))
    result = pixels.copy()
    for dy in range(radius + 1):
        wide = _row_maximum(padded, math.isqrt(radius * radius - dy * dy))
        for start in {radius - dy, radius + dy}:
            np.maximum(result, wide[start : start + len(pixels)], out=result)
    return result


def _row_maximum(pixels: np.ndarray, half: int) -> np.ndarray:
    """The maximum over `x - half .. x + half` in every row, from windows of doubling length."""
    width = pixels.shape[1]
    window = np.pad(pixels, ((0, 0), (half, half)))
    length, wanted = 1, 2 * half + 1
    while length < wanted:
        step = min(length, wanted - length)
        window = np.maximum(window[:, :-step], window[:, step:])
        length += step
    return window[:, :width]


def _blurred(pixels: np.ndarray, radius: int) -> np.ndarray:
    """A box blur: unlike a Gaussian's, its edge ends, so the white core stays white."""
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(radius)))
