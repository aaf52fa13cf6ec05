"""What a lens, a sensor and a file format do to background and composite alike."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

from .light import warmth
from .textures import LUMA


def softened(rgb: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((np.clip(rgb, 0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32) / 255


def out_of_focus(rgb: np.ndarray, row: float, rng: np.random.Generator) -> np.ndarray:
    """Sharp at the row of the subject's foot, softer above it where the ground is farther away."""
    height = rgb.shape[0]
    above = np.clip((row - height * 0.06 - np.arange(height)) / (height * 0.3), 0, 1)[:, None, None]
    return (rgb + (softened(rgb, height * rng.uniform(0.005, 0.02)) - rgb) * above).astype(np.float32)


def developed(background: np.ndarray, composite: np.ndarray, changed: np.ndarray, rng: np.random.Generator):
    """Exposure, tone, vignette, grain and compression, the same numbers for both pictures.

    `changed` `(H, W)`: how much the composite shows of something else; 0 = the two stay equal to the bit.
    Returns background, composite and the tone curve, so that a foreground can be developed alike.
    """
    height, width = changed.shape
    gain = np.clip(rng.uniform(0.40, 0.56) / max(float(background.mean()), 0.05), 0.6, 2.2) * warmth(rng, 0.06)
    power, fog, vivid = rng.uniform(0.85, 1.3), rng.uniform(0, 0.05), rng.uniform(0.85, 1.35)

    def develop(picture: np.ndarray) -> np.ndarray:
        grey = (picture @ LUMA)[..., None]
        bright = np.clip((grey + (picture - grey) * vivid) * gain, 0, None)
        bright = bright / (1 + 0.18 * np.maximum(bright - 0.6, 0))  # the shoulder of a film curve
        return (np.clip(bright, 0, 1) ** power * (1 - fog) + fog).astype(np.float32)

    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    vignette = (1 - rng.uniform(0, 0.22) * (x * x + y * y) / 2)[..., None].astype(np.float32)
    noise = _grain(height, width, rng)
    empty, full = (develop(picture) * vignette for picture in (background, composite))
    if rng.random() < 0.6:
        quality = int(rng.uniform(55, 93))
        rough, other = _compression(empty, quality), _compression(full, quality)
        empty = empty + rough
        full = full + np.where((changed > 0.02)[..., None], other, rough)
    return *(np.clip(picture + noise, 0, 1).astype(np.float32) for picture in (empty, full)), develop


def _grain(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    fine = rng.standard_normal((height, width, 1), np.float32)
    colour = rng.standard_normal((height, width, 3), np.float32)
    return (fine + 0.5 * colour) * rng.uniform(0.002, 0.03)


def _compression(rgb: np.ndarray, quality: int) -> np.ndarray:
    """What JPEG adds."""
    eight = (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)
    held = io.BytesIO()
    Image.fromarray(eight).save(held, "JPEG", quality=quality)
    return (np.asarray(Image.open(held), np.float32) - eight) / 255


def recoloured(rgb: np.ndarray, rng: np.random.Generator, much: float) -> np.ndarray:
    """The thing as another camera took it: exposure, temperature, contrast and saturation off by `much`."""
    rgb = rgb * np.exp(rng.normal(0, 0.28) * much) * np.exp(np.log(warmth(rng, 0.13)) * much)
    rgb = 0.5 + (rgb - 0.5) * np.exp(rng.normal(0, 0.16) * much)
    grey = rgb.mean(axis=2, keepdims=True)
    return np.clip(grey + (rgb - grey) * np.exp(rng.normal(0, 0.2) * much), 0, 1).astype(np.float32)
