"""Pixels laid into pixels: a thing shaded, fitted to its box, hazed, with its shadows, over a picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image

from ....models.geometry import Box
from .light import Light, blurred, cast_shadow, contact_shadow, mirrored

LEAST = 0.012  # weaker shadows are none
FIRST = 0.6  # share of the first of two lamps
ROOM = 1.6  # the brightest colour that 8 bits hold on the way


class Ground(NamedTuple):
    """How the thing meets what it is on. `flatness`: see `Camera.flatness`. `hangs`: on a wall, or seen from above."""

    flatness: float
    gloss: float = 0.0
    ripple: bool = False
    hangs: bool = False
    air: bool = False


def fitted(rgb: np.ndarray, alpha: np.ndarray, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """`(height, width, 3)` and `(height, width)`: averaged with alpha taken into account."""
    stacked = np.dstack([np.clip(rgb / ROOM, 0, 1), np.clip(alpha, 0, 1)])
    image = Image.fromarray((stacked * 255 + 0.5).astype(np.uint8), "RGBA")
    small = np.asarray(image.resize((width, height), Image.Resampling.HAMMING), np.float32) / 255
    return small[..., :3] * ROOM, small[..., 3]


def on_canvas(patch: np.ndarray, box: Box, shape: tuple[int, int]) -> np.ndarray:
    """`(H, W)`: the patch at its box, the part that lies inside."""
    canvas = np.zeros(shape, np.float32)
    left, top, right, bottom = max(box.left, 0), max(box.top, 0), min(box.right, shape[1]), min(box.bottom, shape[0])
    if right > left and bottom > top:
        canvas[top:bottom, left:right] = patch[top - box.top : bottom - box.top, left - box.left : right - box.left]
    return canvas


def shadow(
    alpha: np.ndarray, box: Box, shape: tuple[int, int], light: Light, ground: Ground
) -> tuple[np.ndarray, np.ndarray]:
    """`(H, W)` each: the share of all light kept out where the thing touches, and of the direct light behind it."""
    near, far = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    if ground.air or ground.ripple:
        return near, far
    if ground.hangs:
        whole = on_canvas(alpha, box, shape)
        right, up = light.toward[0], light.toward[1]
        reach = 1 + 0.05 * min(box.size) * (0.5 + light.hard)
        soft = blurred(whole, reach * (1.2 - 0.6 * light.hard))
        return 0.6 * blurred(whole, 1.2), 0.9 * np.roll(soft, (round(reach * up), round(-reach * right)), (0, 1))
    if _inside(box, shape):
        near = contact_shadow(alpha, box, shape, ground.flatness) * (0.85 - 0.15 * light.hard) * light.touch
    if light.hard > 0.12:
        # A thing has depth: its shadow begins a little inside of its picture's lower edge.
        foot = box.bottom - 0.02 * box.size.height
        far = _cast(alpha, box, shape, light, ground.flatness, foot) * min(1.0, 0.2 + 0.85 * light.hard)
    return near, far


def _cast(
    alpha: np.ndarray, box: Box, shape: tuple[int, int], light: Light, flatness: float, foot: float
) -> np.ndarray:
    """The shadows of one lamp or of two."""
    first = cast_shadow(alpha, box, shape, light, flatness, foot)
    if light.second is None:
        return first
    other = cast_shadow(alpha, box, shape, light._replace(toward=light.second), flatness, foot)
    return FIRST * first + (1 - FIRST) * other


def _inside(box: Box, shape: tuple[int, int]) -> bool:
    return box.left >= 0 and box.right <= shape[1]


def put(scene: np.ndarray, rgb: np.ndarray, alpha: np.ndarray, box: Box, light: Light, ground: Ground,
        rng: np.random.Generator, solid: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The scene `(H, W, 3)` with the thing in it, and where it changed `(H, W)`, 0 = equal to the bit.

    solid: `(h, w)`, how much light each point of the thing keeps out; None: as much as it covers.
    """
    shape = scene.shape[:2]
    near, far = shadow(alpha if solid is None else solid, box, shape, light, ground)
    shine = (ground.gloss or ground.ripple) and _inside(box, shape)
    picture, cover = mirrored(rgb, alpha, box, shape, 1.2 if ground.ripple else 0.0, rng) if shine else (None, near * 0)
    cover = cover * ground.gloss
    whole = on_canvas(alpha, box, shape)
    changed = np.maximum(np.maximum(near, far), np.maximum(cover, whole))
    changed[changed < LEAST] = 0
    out = scene.copy()
    if not changed.any():
        return out, changed
    part = _around(changed)
    left_over = (light.around / light.level)[None, None]  # what the sky still gives where the sun is hidden
    mixed = scene[part] * (1 - near[part][..., None]) * (1 - far[part][..., None] * (1 - left_over))
    if picture is not None:
        mixed = mixed + (picture[part] - mixed) * cover[part][..., None]
    colours = np.dstack([on_canvas(rgb[..., k], box, shape)[part] for k in range(3)])
    mixed = mixed + (colours - mixed) * whole[part][..., None]
    out[part] = np.where((changed[part] > 0)[..., None], mixed, scene[part])
    return out, changed


def _around(cover: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns that hold all of `cover`."""
    rows, columns = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def hazed(rgb: np.ndarray, z: float, half: float, colour: np.ndarray) -> np.ndarray:
    share = 1 - 2.0 ** (-z / half)
    return rgb + (colour - rgb) * np.float32(share)
