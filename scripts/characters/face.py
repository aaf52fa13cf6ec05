"""Eyes, brows, mouths and blush: the moving parts of a face, in their own small units."""

from __future__ import annotations

import math

import numpy as np

from .brush import Blob, Mask, Pen, blob, stroke
from .expressions import Expression
from .geometry import Colour, Tone, hexed, mix, oval

LASH = hexed("#3a2c4a")
WHITE = (255, 254, 250)
MOUTH_DARK = hexed("#8c3440")
TONGUE = hexed("#e5807f")


def _lidded(spots: list[tuple[float, float]], eyes: float) -> list[tuple[float, float]]:
    """Lower the upper lid towards the lower one as the eye closes."""
    return [(x, y if y > 2 else 2 + (y - 2) * (0.25 + 0.75 * eyes) if eyes < 1 else y * eyes) for x, y in spots]


def draw_big_eye(pen: Pen, mood: Expression, iris: Tone, clip: Mask | None, outer: float) -> None:
    """A storybook eye; `outer` is +1 when its outer corner points to picture right."""
    local = pen.at(0, 0, 0, outer, 1)
    if mood.eyes < 0.1:
        local.ink([(-8.6, 3.4), (-5, -1.6), (0.2, -3.6), (5.6, -1.8), (9.6, 3.6)], LASH, 1.75, (0.5, 0.35), clip)
        local.ink([(8, 0.6), (11.6, -0.6)], LASH, 0.9, (0.7, 0.1), clip)
        return
    rim = _lidded([(-7.6, 2.6), (-6, -5.6), (0, -10), (6, -8.2), (8.6, -1.5), (7.8, 4.6), (4.6, 9), (0, 10.2), (-4.6, 8.4)], mood.eyes)
    shape = blob(rim)
    white = local.mask([shape])
    if clip:
        white = white.within(clip)
    local.lay(white, WHITE)
    gx, gy = mood.gaze[0] * 2.4 * outer, 0.9 + mood.gaze[1] * 2.6
    size = mood.iris
    local.fill([Blob(oval(gx, gy, 7.0 * size, 9.0 * size))], mix(iris.line, LASH, 0.25), white)
    local.fill([Blob(oval(gx, gy + 0.3, 6.1 * size, 8.1 * size))], iris.shade, white)
    local.fill([Blob(oval(gx, gy + 4.2 * size, 5.0 * size, 4.6 * size))], iris.fill, white, soft=0.9)
    local.fill([Blob(oval(gx, gy + 6.0 * size, 3.2 * size, 2.0 * size))], iris.glint, white, 0.85, soft=0.6)
    local.fill([Blob(oval(gx, gy + 0.2, 3.0 * size, 4.3 * size))], mix(iris.line, (30, 16, 30), 0.6), white)
    lid = [(x, y + 3.4) for x, y in rim]
    local.lay(white.without(local.mask([blob(lid)])).faded(0.30), (70, 60, 110))
    # The catch light stays on the lamp's side even when the whole head is mirrored.
    lamp = pen.at(outer * gx, gy, 0, -1 if pen.place.mirrored else 1, 1)
    lamp.fill([Blob(oval(-2.5 * size, -3.7 * size, 2.5 * size, 2.9 * size))], (255, 255, 255), white)
    lamp.fill([Blob(oval(2.7 * size, 4.0 * size, 1.25 * size, 1.4 * size))], (255, 255, 255), white, 0.9)
    lash = _lidded([(-8.6, 1.4), (-6.2, -6), (0, -10.6), (6.2, -8.8), (9.0, -2.6), (10.4, 0.6)], mood.eyes)
    local.ink(lash, LASH, 2.2, (0.25, 0.45), clip)
    local.ink([lash[3], (lash[3][0] + 3.6, lash[3][1] + 1.0), (lash[3][0] + 6, lash[3][1] - 1.4)], LASH, 1.0, (0.8, 0.05), clip)
    local.ink([(1.2, 10.8), (5, 9.8), (8.2, 6)], LASH, 0.75, (0.1, 0.5), clip)
    if mood.eyes <= 1.0:
        crease = _lidded([(-4.6, -11.4), (0.6, -13.8), (6.4, -11.8)], mood.eyes)
        local.ink(crease, mix(LASH, (190, 120, 110), 0.5), 0.6, (0.1, 0.1), clip)


def draw_brow(pen: Pen, mood: Expression, colour: Colour, outer: float, width: float = 1.3) -> None:
    local = pen.at(0, -mood.brow_up, 0, outer, 1).at(0, 0, -mood.brow_tilt)
    local.ink([(-6.8, 1.2), (-1, -1.2), (7, 0.9)], colour, width, (0.65, 0.12))


def draw_mouth(pen: Pen, kind: str, line: Colour, clip: Mask | None = None) -> None:
    if kind == "smile":
        pen.ink([(-7.2, -1.6), (-3.6, 1.6), (0, 2.4), (3.6, 1.6), (7.2, -1.6)], line, 1.15, (0.3, 0.3), clip)
        pen.ink([(-2, 5.4), (0, 5.9), (2, 5.4)], line, 0.55, (0.1, 0.1), clip, 0.5)
    elif kind == "laugh":
        _open_mouth(pen, [(-8, -2.4, 1), (0, -1.0), (8, -2.4, 1), (6.2, 5), (0, 9), (-6.2, 5)], line, clip)
    elif kind == "oh":
        _open_mouth(pen, [(0, -3.4), (3.4, -1.4), (3.6, 3), (0, 5.8), (-3.6, 3), (-3.4, -1.4)], line, clip)
    elif kind == "firm":
        pen.ink([(-5.8, 0.0), (-1, 0.8), (5.8, -0.8)], line, 1.2, (0.4, 0.4), clip)
        pen.ink([(-1.8, 4.4), (0, 4.9), (1.8, 4.4)], line, 0.6, (0.1, 0.1), clip, 0.55)
    elif kind == "sad":
        pen.ink([(-5.4, 2.4), (0, -0.6), (5.4, 2.4)], line, 1.1, (0.25, 0.25), clip)
    elif kind == "aside":
        pen.ink([(-2.4, 1.0), (1.4, 0.6), (5.0, -1.2)], line, 1.1, (0.3, 0.4), clip)
    else:
        pen.ink([(-4.6, -0.4), (0, 1.2), (4.6, -0.4)], line, 1.05, (0.25, 0.25), clip)


def _open_mouth(pen: Pen, spots: list[tuple[float, ...]], line: Colour, clip: Mask | None) -> None:
    shape = blob(spots)
    inside = pen.paint([shape], Tone(MOUTH_DARK, MOUTH_DARK, line, MOUTH_DARK), shade=0, line=0.8, clip=clip)
    low, high = shape.spots[:, 1].max(), shape.spots[:, 1].min()
    pen.fill([Blob(oval(0, low + 0.6, 5.2, (low - high) * 0.40))], TONGUE, inside)
    if low - high > 10:
        teeth = blob([(-9, -5), (9, -5), (6.6, 0.5), (0, 1.5), (-6.6, 0.5)])
        pen.fill([teeth], (255, 252, 246), inside)


def draw_blush(pen: Pen, colour: Colour, share: float, clip: Mask | None) -> None:
    pen.fill([Blob(oval(0, 0, 6.4, 3.6))], colour, clip, share, soft=2.0)


def star(x: float, y: float, size: float, turn: float = 0.0, dent: float = 0.52) -> Blob:
    """A plump five-pointed star."""
    spots: list[tuple[float, ...]] = []
    for k in range(10):
        r = size if k % 2 == 0 else size * dent
        angle = math.radians(turn - 90 + k * 36)
        spots.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    ring = np.array(spots)
    # Cut each corner a little so that the points are round rather than needles.
    nxt = np.roll(ring, -1, axis=0)
    cut = np.stack([ring * 0.82 + nxt * 0.18, ring * 0.18 + nxt * 0.82], axis=1).reshape(-1, 2)
    return blob(cut.tolist(), 4)


def strand(pen: Pen, spots: list[tuple[float, float]], colour: Colour, width: float, clip: Mask) -> None:
    """One hair line, clipped to the hair."""
    pen.lay(pen.mask([stroke(spots, width, (0.1, 0.3))]).within(clip), colour)
