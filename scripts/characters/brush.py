"""Shapes become clean painted pixels: outlines, cel shadows, glints and soft tints, all supersampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .geometry import Colour, Placement, Spots, Tone, smooth

OVER = 4  # canvas pixels per picture pixel, each way
LIGHT = np.array([-0.62, -0.78])  # screen direction towards the lamp


@dataclass(frozen=True)
class Blob:
    """A closed outline, already smooth."""

    spots: np.ndarray


@dataclass(frozen=True)
class Limb:
    """A line with a radius at each spot: arms, fingers, locks, folds."""

    spots: np.ndarray
    radii: np.ndarray


Part = Blob | Limb


def blob(spots: Spots, steps: int = 10) -> Blob:
    return Blob(smooth(spots, True, steps))


def limb(spots: Spots, radii: Sequence[float], steps: int = 8) -> Limb:
    """A limb whose radius flows smoothly between the given spots."""
    path = smooth(spots, False, steps)
    along = np.linspace(0, 1, len(path))
    return Limb(path, np.interp(along, np.linspace(0, 1, len(radii)), radii))


def stroke(spots: Spots, width: float, ends: tuple[float, float] = (0.15, 0.15), steps: int = 12) -> Limb:
    """A pen line that swells in the middle and thins towards its ends."""
    path = smooth(spots, False, steps)
    along = np.linspace(0, 1, len(path))
    swell = np.sin(np.pi * along) ** 0.7
    floor = ends[0] * (1 - along) + ends[1] * along
    return Limb(path, width / 2 * (floor + (1 - floor) * swell))


@dataclass(frozen=True)
class Mask:
    """A patch of coverage and where its top-left corner sits on the canvas."""

    x: int
    y: int
    image: Image.Image

    def within(self, other: Mask) -> Mask:
        """Only what lies inside the other mask too."""
        window = (self.x - other.x, self.y - other.y)
        cut = other.image.crop((*window, window[0] + self.image.width, window[1] + self.image.height))
        return replace(self, image=ImageChops.multiply(self.image, cut))

    def without(self, other: Mask) -> Mask:
        window = (self.x - other.x, self.y - other.y)
        cut = other.image.crop((*window, window[0] + self.image.width, window[1] + self.image.height))
        return replace(self, image=ImageChops.multiply(self.image, ImageChops.invert(cut)))

    def faded(self, share: float) -> Mask:
        return replace(self, image=self.image.point([round(v * share) for v in range(256)]))


class Canvas:
    """Colours and coverage at the supersampled size; black where nothing is drawn."""

    def __init__(self, width: int, height: int, over: int = OVER) -> None:
        self.over = over
        self.rgb = Image.new("RGB", (width * over, height * over))
        self.alpha = Image.new("L", (width * over, height * over))

    def whole(self) -> Mask:
        return Mask(0, 0, self.alpha)

    def shrunk(self) -> tuple[np.ndarray, np.ndarray]:
        """Colour (already weighted by coverage) and coverage, 0..1, at picture size."""
        colour = np.asarray(self.rgb.reduce(self.over), dtype=np.float32) / 255
        cover = np.asarray(self.alpha.reduce(self.over), dtype=np.float32) / 255
        return colour, cover


def _draw_blob(draw: ImageDraw.ImageDraw, spots: np.ndarray, grow: float) -> None:
    draw.polygon([tuple(spot) for spot in spots], fill=255)
    if grow > 0:
        ring = np.vstack([spots, spots[:1]])
        _draw_limb(draw, ring, np.full(len(ring), grow))


def _draw_limb(draw: ImageDraw.ImageDraw, spots: np.ndarray, radii: np.ndarray) -> None:
    steps = np.diff(spots, axis=0)
    length = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-6)
    side = np.stack([-steps[:, 1], steps[:, 0]], axis=1) / length[:, None]
    for index in range(len(steps)):
        a, b, n = spots[index], spots[index + 1], side[index]
        ra, rb = radii[index], radii[index + 1]
        draw.polygon([tuple(a + n * ra), tuple(b + n * rb), tuple(b - n * rb), tuple(a - n * ra)], fill=255)
    for (x, y), r in zip(spots, radii, strict=True):
        draw.ellipse((x - r, y - r, x + r, y + r), fill=255)


@dataclass(frozen=True)
class Pen:
    """Draws on a canvas in local units."""

    canvas: Canvas
    place: Placement
    weight: float = 1.0  # outline strength

    def at(self, x: float, y: float, turn: float = 0.0, sx: float = 1.0, sy: float = 1.0) -> Pen:
        return replace(self, place=self.place.then(x, y, turn, sx, sy))

    def line_width(self) -> float:
        """Canvas pixels: lines thin out slower than the figure shrinks."""
        scale = self.place.scale / self.canvas.over
        return self.weight * self.canvas.over * max(0.75, 1.05 * scale**0.62)

    def mask(self, parts: Sequence[Part], grow: float = 0.0, shift: np.ndarray | None = None) -> Mask:
        """The union of the parts; `grow` and `shift` are in canvas pixels."""
        offset = np.zeros(2) if shift is None else shift
        drawn: list[tuple[np.ndarray, np.ndarray | None]] = []
        for part in parts:
            spots = self.place.apply(part.spots) + offset
            radii = part.radii * self.place.scale + grow if isinstance(part, Limb) else None
            drawn.append((spots, radii))
        low = np.min([s.min(axis=0) - (grow if r is None else r.max()) for s, r in drawn], axis=0)
        high = np.max([s.max(axis=0) + (grow if r is None else r.max()) for s, r in drawn], axis=0)
        low = np.clip(np.floor(low) - 2, 0, self.canvas.rgb.size).astype(int)
        high = np.clip(np.ceil(high) + 3, 0, self.canvas.rgb.size).astype(int)
        size = np.maximum(high - low, 1)
        image = Image.new("L", (int(size[0]), int(size[1])))
        draw = ImageDraw.Draw(image)
        for spots, radii in drawn:
            if radii is None:
                _draw_blob(draw, spots - low, grow)
            else:
                _draw_limb(draw, spots - low, radii)
        return Mask(int(low[0]), int(low[1]), image)

    def lay(self, mask: Mask, colour: Colour, solid: bool = False) -> None:
        """Colour through a mask; only a solid one adds to the figure's coverage."""
        if not solid:
            mask = mask.within(self.canvas.whole())
        self.canvas.rgb.paste(colour, (mask.x, mask.y), mask.image)
        if solid:
            self.canvas.alpha.paste(255, (mask.x, mask.y), mask.image)

    def paint(
        self,
        parts: Sequence[Part],
        look: Tone,
        shade: float = 3.0,
        glint: float = 0.0,
        line: float = 1.0,
        clip: Mask | None = None,
    ) -> Mask:
        """Outline, flat colour, a shadow crescent away from the lamp, and a glint towards it."""
        def held(mask: Mask) -> Mask:
            return mask.within(clip) if clip else mask

        body = held(self.mask(parts))
        if line > 0:
            width = self.line_width() * line
            # Grown, then nudged away from the lamp: heavier lines on the shadow side.
            edge = held(self.mask(parts, width, -LIGHT * width * 0.28))
            self.lay(edge, look.line, solid=clip is None)
        self.lay(body, look.fill, solid=clip is None)
        if shade > 0:
            lit = self.mask(parts, 0.0, LIGHT * shade * self.place.scale)
            self.lay(body.without(lit), look.shade)
        if glint > 0:
            dull = self.mask(parts, 0.0, -LIGHT * glint * self.place.scale)
            self.lay(body.without(dull).faded(0.7), look.glint)
        return body

    def fill(
        self, parts: Sequence[Part], colour: Colour, clip: Mask | None = None, share: float = 1.0, soft: float = 0.0
    ) -> None:
        """Flat colour without a line; `soft` blurs the edge by that many local units."""
        mask = self._blurred(parts, soft * self.place.scale) if soft else self.mask(parts)
        if clip:
            mask = mask.within(clip)
        self.lay(mask.faded(share) if share < 1 else mask, colour)

    def _blurred(self, parts: Sequence[Part], reach: float) -> Mask:
        wide = self.mask(parts, reach * 2.2)
        core = self.mask(parts)
        image = Image.new("L", wide.image.size)
        image.paste(core.image, (core.x - wide.x, core.y - wide.y))
        return replace(wide, image=image.filter(ImageFilter.GaussianBlur(reach)))

    def ink(
        self,
        spots: Spots,
        colour: Colour,
        width: float = 1.0,
        ends: tuple[float, float] = (0.15, 0.15),
        clip: Mask | None = None,
        share: float = 1.0,
    ) -> None:
        """A tapering pen line; width counts in outline widths."""
        units = 2 * width * self.line_width() / self.place.scale
        self.fill([stroke(spots, units, ends)], colour, clip, share)
