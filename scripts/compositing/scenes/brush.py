"""A thing is drawn part by part, with its colours, its cover and how its parts bulge, so any light can shade it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[float, float, float]
Point = tuple[float, float]


class Drawn(NamedTuple):
    """`rgb` `(h, w, 3)` without light, `alpha` and `relief` `(h, w)`, all in [0, 1]; cut tight around the alpha.

    clear: how much of the light passes through, `(h, w)` in [0, 1]; of a clear part `rgb` is the tint.
    """

    rgb: np.ndarray
    alpha: np.ndarray
    relief: np.ndarray
    gloss: float = 0.0
    clear: np.ndarray | None = None

    @property
    def aspect(self) -> float:
        return self.alpha.shape[1] / self.alpha.shape[0]


class Brush:
    """A canvas `width` x `height` units, y down, of `side` pixels along its longer edge."""

    def __init__(self, rng: np.random.Generator, width: float, height: float, side: int) -> None:
        self.rng, self.scale = rng, side / max(width, height)
        size = (max(4, round(width * self.scale)), max(4, round(height * self.scale)))
        self.rgb = Image.new("RGB", size)
        self.cover, self.relief, self.through = (Image.new("L", size) for _ in range(3))
        self.gloss, self.clear = 0.0, 0.0  # clear: of what is laid from now on

    def poly(self, points: Sequence[Point], colour: Colour, pattern: str = "", bulge: float = 0.3) -> None:
        spots = [(x * self.scale, y * self.scale) for x, y in points]
        self._lay(spots, 0.0, lambda draw, ox, oy: draw.polygon([(x - ox, y - oy) for x, y in spots], 255), colour,
                  pattern, bulge)  # fmt: skip

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, pattern: str = "", bulge: float = 0.5):
        s = self.scale
        box = ((x - rx) * s, (y - ry) * s), ((x + rx) * s, (y + ry) * s)
        self._lay(box, 0.0, lambda draw, ox, oy: draw.ellipse([(a - ox, b - oy) for a, b in box], 255), colour,
                  pattern, bulge)  # fmt: skip

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, round_by: float = 0.0,
            pattern: str = "", bulge: float = 0.15) -> None:  # fmt: skip
        s = self.scale
        corners = (left * s, top * s), (right * s, bottom * s)
        self._lay(corners, 0.0, lambda draw, ox, oy: draw.rounded_rectangle(
            [(a - ox, b - oy) for a, b in corners], round_by * s, 255), colour, pattern, bulge)  # fmt: skip

    def limb(self, points: Sequence[Point], widths: Sequence[float], colour: Colour, pattern: str = "",
             bulge: float = 0.5) -> None:  # fmt: skip
        """A bent tube: `widths` at `points`."""
        s = self.scale
        spots, half = [(x * s, y * s) for x, y in points], [w * s / 2 for w in widths]

        def stroke(draw: ImageDraw.ImageDraw, ox: float, oy: float) -> None:
            for (x, y), r in zip(spots, half, strict=True):
                draw.ellipse((x - r - ox, y - r - oy, x + r - ox, y + r - oy), 255)
            for (x0, y0), (x1, y1), r0, r1 in zip(spots, spots[1:], half, half[1:], strict=False):
                length = max(np.hypot(x1 - x0, y1 - y0), 1e-6)
                nx, ny = (y0 - y1) / length, (x1 - x0) / length
                quad = ((x0 + nx * r0, y0 + ny * r0), (x1 + nx * r1, y1 + ny * r1),
                        (x1 - nx * r1, y1 - ny * r1), (x0 - nx * r0, y0 - ny * r0))  # fmt: skip
                draw.polygon([(x - ox, y - oy) for x, y in quad], 255)

        self._lay(spots, max(half), stroke, colour, pattern, bulge, thick=2 * min(half))

    def ring(self, x: float, y: float, r: float, width: float, colour: Colour) -> None:
        s, edge = self.scale, max(1, round(width * self.scale))
        box = ((x - r) * s, (y - r) * s), ((x + r) * s, (y + r) * s)
        self._lay(box, 0.0, lambda draw, ox, oy: draw.ellipse(
            [(a - ox, b - oy) for a, b in box], outline=255, width=edge), colour, "", 0.0)  # fmt: skip

    def _lay(self, spots, margin, stroke, colour, pattern, bulge, thick=None) -> None:
        xs, ys = [p[0] for p in spots], [p[1] for p in spots]
        left, top = int(min(xs) - margin) - 2, int(min(ys) - margin) - 2
        width, height = int(max(xs) + margin) + 3 - left, int(max(ys) + margin) + 3 - top
        mask = Image.new("L", (width, height))
        stroke(ImageDraw.Draw(mask), left, top)
        round_by = (thick or min(width, height) - 4) * 0.5 * bulge
        tall = mask.filter(ImageFilter.BoxBlur(round_by)) if round_by >= 1 else mask
        self.rgb.paste(self._fill(width, height, colour, pattern), (left, top), mask)
        self.cover.paste(255, (left, top), mask)
        self.relief.paste(tall, (left, top), mask)
        self.through.paste(round(255 * self.clear), (left, top), mask)

    def _fill(self, width: int, height: int, colour: Colour, pattern: str):
        base = np.clip(np.array(colour), 0.02, 0.98) * 255
        if not pattern:
            return tuple(int(c) for c in base)
        return Image.fromarray(_patterned(self.rng, width, height, base, pattern, self.scale))

    def done(self) -> Drawn:
        left, top, right, bottom = self.cover.getbbox()
        crop = (left, top, right, bottom)
        rgb, cover, relief, clear = (np.asarray(i.crop(crop), np.float32) / 255 for i in (
            self.rgb, self.cover, self.relief.filter(ImageFilter.GaussianBlur(1.2)), self.through))  # fmt: skip
        return Drawn(rgb, cover, relief, self.gloss, clear if clear.any() else None)


def _patterned(rng, width: int, height: int, base: np.ndarray, pattern: str, scale: float) -> np.ndarray:
    """Stripes, checks, blotches, specks or grain of one colour family, `(h, w, 3)` uint8."""
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    step = max(3.0, rng.uniform(0.03, 0.09) * scale * (2.0 if pattern == "blotch" else 1.0))
    if pattern == "stripe":
        mark = (((y if rng.random() < 0.6 else x) / step % 1) < rng.uniform(0.25, 0.5)) * np.ones((height, width))
    elif pattern == "check":
        mark = ((x / step % 1) < 0.35) * 0.6 + ((y / step % 1) < 0.35) * 0.6
    elif pattern == "blotch":
        rough = rng.random((max(2, int(height / step) + 2), max(2, int(width / step) + 2)))
        grown = Image.fromarray((rough * 255).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
        mark = np.clip((np.asarray(grown, np.float32) / 255 - 0.55) * 5, 0, 1)
    elif pattern == "speck":
        rough = rng.random((max(1, height // 3 + 1), max(1, width // 3 + 1))) < 0.12
        mark = np.repeat(np.repeat(rough, 3, 0), 3, 1)[:height, :width].astype(np.float32)
    else:  # grain
        rough = rng.random((height // 2 + 1, width // 2 + 1)).astype(np.float32)
        mark = np.repeat(np.repeat(rough, 2, 0), 2, 1)[:height, :width] * 0.22
    other = np.clip(base * rng.uniform(0.35, 0.75) if base.mean() > 110 else base * 1.6 + 35, 0, 255)
    if pattern in ("stripe", "check", "blotch") and rng.random() < 0.3:
        other = rng.uniform(0, 255, 3)
    rgb = base + (other - base) * np.clip(mark, 0, 1)[..., None]
    return np.clip(rgb, 0, 255).astype(np.uint8)
