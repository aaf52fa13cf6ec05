"""Smooth curves, placements and colours are plain values that every drawing shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]
Spots = Sequence[Sequence[float]]


def hexed(text: str) -> Colour:
    """'#rrggbb' as three numbers."""
    return (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """A colour `share` of the way from the first to the second."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))


@dataclass(frozen=True)
class Tone:
    """One material: its lit colour, its shadow, its outline and its glint."""

    fill: Colour
    shade: Colour
    line: Colour
    glint: Colour


def tone(fill: str, shade: str, line: str, glint: str = "") -> Tone:
    lit = hexed(fill)
    return Tone(lit, hexed(shade), hexed(line), hexed(glint) if glint else mix(lit, (255, 255, 255), 0.35))


@dataclass(frozen=True)
class Placement:
    """Where local drawing units land on the canvas (an affine map)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def apply(self, spots: Spots) -> np.ndarray:
        where = np.asarray(spots, dtype=float)
        x, y = where[:, 0], where[:, 1]
        return np.stack([self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f], axis=1)

    @property
    def scale(self) -> float:
        return math.sqrt(abs(self.a * self.e - self.b * self.d))

    @property
    def mirrored(self) -> bool:
        return self.a * self.e - self.b * self.d < 0

    def then(self, x: float, y: float, turn: float = 0.0, sx: float = 1.0, sy: float = 1.0) -> Placement:
        """A nested placement: moved, turned clockwise by degrees, then scaled."""
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        la, lb, ld, le = cos * sx, -sin * sy, sin * sx, cos * sy
        return Placement(
            self.a * la + self.b * ld,
            self.a * lb + self.b * le,
            self.a * x + self.b * y + self.c,
            self.d * la + self.e * ld,
            self.d * lb + self.e * le,
            self.d * x + self.e * y + self.f,
        )


def _hermite_run(spots: np.ndarray, closed: bool, steps: int) -> np.ndarray:
    """A curve through the spots, with spacing-aware tangents so that it never loops."""
    count = len(spots)
    if count < 3 and not closed:
        return spots
    padded = np.vstack([spots[-1], spots, spots[:2]]) if closed else np.vstack(
        [2 * spots[0] - spots[1], spots, 2 * spots[-1] - spots[-2]]
    )
    gaps = np.maximum(np.linalg.norm(np.diff(padded, axis=0), axis=1), 1e-6) ** 0.5
    slopes = np.diff(padded, axis=0) / gaps[:, None]
    blend = (gaps[:-1] / (gaps[:-1] + gaps[1:]))[:, None]
    tangents = slopes[:-1] * (1 - blend) + slopes[1:] * blend
    share = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for index in range(count if closed else count - 1):
        start, end, gap = padded[index + 1], padded[index + 2], gaps[index + 1]
        leave, arrive = tangents[index] * gap, tangents[(index + 1) % len(tangents)] * gap
        pieces.append(
            start * (2 * share**3 - 3 * share**2 + 1)
            + leave * (share**3 - 2 * share**2 + share)
            + end * (3 * share**2 - 2 * share**3)
            + arrive * (share**3 - share**2)
        )
    if not closed:
        pieces.append(spots[-1:])
    return np.vstack(pieces)


def smooth(spots: Spots, closed: bool = True, steps: int = 10) -> np.ndarray:
    """A smooth path through the spots; a spot with a third value is a sharp corner."""
    where = np.array([spot[:2] for spot in spots], dtype=float)
    corners = [index for index, spot in enumerate(spots) if len(spot) > 2]
    if not corners:
        return _hermite_run(where, closed, steps)
    if closed:
        turn = corners[0]
        where = np.vstack([where[turn:], where[:turn], where[turn : turn + 1]])
        cuts = [index - turn for index in corners] + [len(where) - 1]
    else:
        cuts = sorted({0, *corners, len(where) - 1})
    runs = [_hermite_run(where[a : b + 1], False, steps) for a, b in zip(cuts, cuts[1:], strict=False)]
    return np.vstack(runs)


def flipped(spots: Spots) -> list[tuple[float, ...]]:
    """The same spots mirrored left to right, in reverse order so that paths join up."""
    return [(-spot[0], *spot[1:]) for spot in reversed(spots)]


def both_sides(half: Spots) -> list[tuple[float, ...]]:
    """A symmetric outline from its right half, listed top to bottom."""
    return [tuple(spot) for spot in half] + [s for s in flipped(half) if abs(s[0]) > 1e-6]


def oval(x: float, y: float, rx: float, ry: float, count: int = 40) -> np.ndarray:
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], axis=1)


def rounded_box(x0: float, y0: float, x1: float, y1: float, r: float) -> np.ndarray:
    angle = np.linspace(0, math.pi / 2, 7)
    arcs = [(x1 - r, y1 - r, 0.0), (x0 + r, y1 - r, 90.0), (x0 + r, y0 + r, 180.0), (x1 - r, y0 + r, 270.0)]
    return np.vstack(
        [
            np.stack([x + r * np.cos(angle + math.radians(t)), y + r * np.sin(angle + math.radians(t))], axis=1)
            for x, y, t in arcs
        ]
    )
