"""Light: which way it falls, how hard it is, its colour; how it shades a thing and what shadow it throws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from ....models.geometry import Box
from .brush import Drawn

LONGEST = 2.2  # metres of shadow per metre of height: later in the day nobody photographs


class Light(NamedTuple):
    """`toward`: unit vector to the light (right, up, at us). `direct`, `around`: colours `(3,)` of sun or lamp, of sky.

    `hard`: 0 for a cloudy sky, 1 for bare sun. A thing a metre tall throws its shadow `throw` metres: right, away.
    `touch`: how dark it gets where a thing meets the ground; bright surroundings leave little. `second`: where another
    lamp hangs, as `toward`.
    """

    toward: np.ndarray
    direct: np.ndarray
    around: np.ndarray
    hard: float
    touch: float = 1.0
    second: np.ndarray | None = None

    @property
    def throw(self) -> tuple[float, float]:
        right, up, ours = self.toward
        return -right / max(up, 0.25), ours / max(up, 0.25)

    @property
    def level(self) -> np.ndarray:
        """What an upright wall or the ground receives, `(3,)`."""
        return self.around + self.direct * 0.62


def warmth(rng: np.random.Generator, spread: float) -> np.ndarray:
    """Gains `(3,)` of a colour temperature, mean about 1."""
    warm, green = rng.normal(0, spread), rng.normal(0, spread * 0.3)
    return np.exp(np.array([warm, green, -warm])).astype(np.float32)


def any_light(rng: np.random.Generator, indoors: bool) -> Light:
    hard = rng.uniform(0, 0.5) if indoors else (rng.uniform(0.6, 1.0) if rng.random() < 0.6 else rng.uniform(0, 0.25))
    toward = _anywhere(rng)
    share = 0.25 + 0.45 * hard
    sun = warmth(rng, 0.10 if indoors else 0.05) * (1.05 if toward[1] > 0.5 else 1.0)
    sky = np.array([0.95, 1.0, 1.08], np.float32) if not indoors else warmth(rng, 0.05)
    gain = np.exp(rng.normal(0.05, 0.22))
    second = _anywhere(rng) if indoors and rng.random() < 0.5 else None
    return Light(toward, sun * share * 1.5 * gain, sky * (1 - share) * gain, hard, rng.uniform(0.3, 1.0), second)


def _anywhere(rng: np.random.Generator) -> np.ndarray:
    """A unit vector to something above us."""
    up, angle = rng.uniform(0.3, 0.95), rng.uniform(0, 2 * np.pi)
    flat = np.sqrt(1 - up**2)
    return np.array([np.cos(angle) * flat, up, np.sin(angle) * flat], np.float32)


def shaded(drawn: Drawn, light: Light) -> np.ndarray:
    """The thing's colours `(h, w, 3)` under `light`, from the slopes of its relief."""
    steep = drawn.relief.shape[0] / 26
    sy, sx = np.gradient(drawn.relief)
    nx, ny = np.clip(-sx * steep, -2.5, 2.5), np.clip(-sy * steep, -2.5, 2.5)
    size = np.sqrt(nx * nx + ny * ny + 1)
    right, up, ours = light.toward
    front = max(ours, 0.25)  # flat surfaces see some light even when it stands behind the thing
    facing = np.clip((nx * right - ny * up + front) / size, 0, 1.2)
    below = np.linspace(1.06, 0.84, drawn.alpha.shape[0], dtype=np.float32)[:, None]
    rgb = drawn.rgb * (light.around * below[..., None] + light.direct * facing[..., None])
    if drawn.gloss:
        shine = np.clip((nx * right - ny * up + 0.7) / size, 0, 1) ** 14 * (drawn.gloss * (0.35 + 0.4 * light.hard))
        rgb += shine[..., None] * light.direct
    return rgb.astype(np.float32)


def blurred(mask: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def cast_shadow(
    alpha: np.ndarray, box: Box, shape: tuple[int, int], light: Light, flatness: float, foot: float
) -> np.ndarray:
    """`(H, W)` cover of the silhouette laid along the ground from row `foot`, sharper there than far from it."""
    tall = alpha.shape[0]
    across, away = (float(np.clip(v, -LONGEST, LONGEST)) for v in light.throw)
    fall = away * flatness
    if abs(fall) < 0.05:
        fall = 0.05 if fall >= 0 else -0.05
    # Softened while it stands, so that the ground foreshortens the soft edge too.
    soft = (0.4 + tall * 0.006 * (2 - light.hard), 0.6 + tall * 0.03 * (1.7 - light.hard))
    pad = int(3 * soft[1]) + 1
    standing = np.pad(alpha, ((pad, 0), (pad, pad)))
    # The ground at (x, y) is behind the silhouette's point v above the foot and u from the left.
    #   v = (foot - y) / fall        u = x - across * v
    to_u = (1.0, across / fall, -across * foot / fall - box.left + pad)
    to_v = (0.0, 1 / fall, tall + pad - foot / fall)
    near, far = (_laid(blurred(standing, radius), shape, (*to_u, *to_v)) for radius in soft)
    reach = np.clip((foot - (np.arange(shape[0]) + 0.5)) / fall / max(tall, 1), 0, 1)[:, None]
    return (near * (1 - reach) + far * reach).astype(np.float32)


def _laid(mask: np.ndarray, shape: tuple[int, int], affine: tuple[float, ...]) -> np.ndarray:
    image = Image.fromarray((mask * 255).astype(np.uint8))
    flat = image.transform((shape[1], shape[0]), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
    return np.asarray(flat, np.float32) / 255


def contact_shadow(alpha: np.ndarray, box: Box, shape: tuple[int, int], flatness: float) -> np.ndarray:
    """`(H, W)` cover: dark and narrow where the thing touches the ground, wider and weaker around it."""
    left, top, right, bottom = box
    tall, wide = alpha.shape
    rows = max(1, round(tall * 0.07))
    feet, body = alpha[-rows:].max(axis=0), alpha[-max(1, tall // 3) :].max(axis=0)
    y = np.arange(shape[0], dtype=np.float32)[:, None] + 0.5
    cover = np.zeros(shape, np.float32)
    for profile, spread, deep, share in ((feet, 0.05, 0.2, 0.85), (body, 0.04, 0.3, 0.6), (body, 0.16, 0.6, 0.4)):
        row = np.zeros(shape[1], np.float32)
        row[left:right] = profile
        width = max(0.6, spread * wide)
        reach = np.arange(-int(3 * width) - 1, int(3 * width) + 2)
        kernel = np.exp(-0.5 * (reach / width) ** 2)
        row = np.convolve(row, kernel / kernel.sum(), mode="full")[len(reach) // 2 :][: shape[1]]
        thick = max(0.7, deep * min(wide, tall) * 0.5 * min(1.0, flatness + 0.06))
        middle = bottom - thick * 0.5
        cover = np.maximum(cover, share * row[None, :] * np.exp(-0.5 * ((y - middle) / thick) ** 2))
    return cover


def mirrored(rgb: np.ndarray, alpha: np.ndarray, box: Box, shape: tuple[int, int],
             wave: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The thing upside down below its foot, and its cover: for wet floors and water (`wave`: pixels of ripple)."""
    left, _, right, bottom = box
    rows = min(alpha.shape[0], shape[0] - bottom)
    picture, cover = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32)
    if rows <= 0 or bottom < 0:
        return picture, cover
    fade = np.linspace(1, 0.15, alpha.shape[0], dtype=np.float32)[:rows, None]
    flip, under = rgb[::-1][:rows], alpha[::-1][:rows] * fade
    if wave:
        shift = np.round(wave * rng.normal(0, 1, rows)).astype(int)
        columns = np.clip(np.arange(right - left)[None, :] + shift[:, None], 0, right - left - 1)
        flip, under = flip[np.arange(rows)[:, None], columns], under[np.arange(rows)[:, None], columns]
    picture[bottom : bottom + rows, left:right], cover[bottom : bottom + rows, left:right] = flip, under
    return picture, blurred(cover, 0.8)
