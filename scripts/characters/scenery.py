"""The furniture of the scenes: clouds, trees, houses and pots in quiet two-tone colours, with no outlines."""

from __future__ import annotations

import math
import random

import numpy as np

from .backdrops import span
from .brush import Blob, Part, Pen, blob, limb
from .geometry import Tone, hexed, mix, oval, rounded_box

GROUND = 74.0  # the horizon, in hundredths of the picture height


def flat(colour: str, shadow: float = 0.14) -> Tone:
    """A quiet two-tone material without a line of its own."""
    lit = hexed(colour)
    dark = mix(lit, (70, 70, 110), shadow)
    return Tone(lit, dark, mix(lit, (60, 50, 90), 0.35), mix(lit, (255, 255, 255), 0.3))


def lay(pen: Pen, parts: list[Part], colour: str, shade: float = 0.0) -> None:
    pen.paint(parts, flat(colour), shade=shade, line=0)


def box(pen: Pen, x0: float, y0: float, x1: float, y1: float, colour: str, r: float = 0.4, shade: float = 0.0) -> None:
    lay(pen, [Blob(rounded_box(x0, y0, x1, y1, r))], colour, shade)


def cloud(pen: Pen, x: float, y: float, size: float, colour: str = "#fbfaf6") -> None:
    puffs = [(-7, 0, 4), (-2.5, -2.6, 5), (3, -1.6, 4.4), (7.5, 0.6, 3.2)]
    parts: list[Part] = [Blob(oval(x + dx * size, y + dy * size, r * size, r * size, 30)) for dx, dy, r in puffs]
    parts.append(Blob(rounded_box(x - 11 * size, y, x + 10.7 * size, y + 4 * size, 1.9 * size)))
    pen.paint(parts, Tone(hexed(colour), mix(hexed(colour), (150, 175, 210), 0.28), (0, 0, 0), (255, 255, 255)), shade=1.1 * size, line=0)


def hills(pen: Pen, y: float, height: float, colour: str, phase: float) -> None:
    wide = span(pen)
    xs = np.linspace(-2, wide + 2, 60)
    ys = y - height * (0.55 + 0.45 * np.sin(xs / 17 + phase)) - height * 0.25 * np.sin(xs / 7.3 + phase * 2)
    lay(pen, [Blob(np.vstack([np.stack([xs, ys], axis=1), [(wide + 2, 101), (-2, 101)]]))], colour)


def tree(pen: Pen, x: float, y: float, size: float, leaf: str, trunk: str = "#9a7a62") -> None:
    lay(pen, [limb([(x, y), (x + 0.3 * size, y - 9 * size), (x, y - 15 * size)], [1.5 * size, 1.0 * size, 0.7 * size])], trunk, 0.5 * size)
    crowns = [(-4.6, -14, 5), (4.8, -14.6, 5.2), (0, -20, 6.4), (-1, -13, 5), (3, -18, 5)]
    lay(pen, [Blob(oval(x + dx * size, y + dy * size, r * size, r * size, 30)) for dx, dy, r in crowns], leaf, 1.7 * size)


def fir(pen: Pen, x: float, y: float, size: float, leaf: str) -> None:
    box(pen, x - 0.6 * size, y - 4 * size, x + 0.6 * size, y, "#84705f")
    for wide, low in ((5.6, -3), (4.7, -8.5), (3.6, -13.5)):
        top = low - 8.5
        lay(pen, [blob([(x - wide * size, y + low * size, 1), (x, y + (low + 1.1) * size), (x + wide * size, y + low * size, 1), (x, y + top * size, 1)])], leaf, 0.9 * size)


def bush(pen: Pen, x: float, y: float, size: float, leaf: str) -> None:
    lay(pen, [Blob(oval(x + dx * size, y - dy * size, r * size, r * size, 28)) for dx, dy, r in ((-4, 2, 3.2), (0, 3.4, 4), (4, 2.2, 3.4), (0, 1, 3.5))], leaf, 1.0 * size)


def tuft(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    for lean in (-1.2, 0, 1.2):
        lay(pen, [limb([(x + lean * 0.3, y), (x + lean * 0.6, y - 1.2 * size), (x + lean * size, y - 2.2 * size)], [0.35, 0.28, 0.08], 4)], colour)


def flower(pen: Pen, x: float, y: float, size: float, colour: str) -> None:
    lay(pen, [limb([(x, y), (x, y - 2.4 * size)], [0.18, 0.18], 3)], "#8fae86")
    for k in range(5):
        a = math.radians(k * 72 - 90)
        lay(pen, [Blob(oval(x + 0.75 * size * math.cos(a), y - 3 * size + 0.75 * size * math.sin(a), 0.6 * size, 0.6 * size, 14))], colour)
    lay(pen, [Blob(oval(x, y - 3 * size, 0.5 * size, 0.5 * size, 14))], "#f5d98a")


def lawn(pen: Pen, rng: random.Random, colour: str, blade: str) -> None:
    wide = span(pen)
    box(pen, -2, GROUND, wide + 2, 102, colour)
    for _ in range(16):
        tuft(pen, rng.uniform(0, wide), rng.uniform(GROUND + 4, 98), rng.uniform(0.8, 1.3), blade)


def house(pen: Pen, x: float, width: float, height: float, wall: str, rng: random.Random) -> None:
    top = GROUND - height
    box(pen, x, top, x + width - 0.3, GROUND, wall)
    lay(pen, [blob([(x - 1, top + 1, 1), (x + width * 0.5, top - 9, 1), (x + width + 0.7, top + 1, 1)])], rng.choice(["#b98a7c", "#8e97a8", "#a98f7c"]))
    for row in range(int((height - 16) // 12)):
        for column in (0.26, 0.68):
            cx, cy = x + width * column, top + 7 + row * 12
            box(pen, cx - 2.5, cy - 3.4, cx + 2.7, cy + 3.6, "#f6f0e4", 0.6)
            box(pen, cx - 1.9, cy - 2.8, cx + 2.1, cy + 3.0, "#a9c1cf", 0.4)
            box(pen, cx - 0.1, cy - 2.8, cx + 0.3, cy + 3.0, "#f6f0e4", 0.1)
    box(pen, x + width * 0.36, GROUND - 13, x + width * 0.64, GROUND, "#8f7b73", 1.2)
    box(pen, x + width * 0.30, GROUND - 15.4, x + width * 0.70, GROUND - 13, "#dd9f8d" if rng.random() < 0.5 else "#8fb3a8", 0.8)


def lamp_post(pen: Pen, x: float) -> None:
    box(pen, x - 0.6, 38, x + 0.6, 83, "#6f7684", 0.5)
    box(pen, x - 1.6, 80, x + 1.6, 83.4, "#6f7684", 0.5)
    lay(pen, [blob([(x - 2.4, 32, 1), (x + 2.4, 32, 1), (x + 1.5, 38, 1), (x - 1.5, 38, 1)])], "#fdf0c4")
    lay(pen, [blob([(x - 3, 32, 1), (x, 29, 1), (x + 3, 32, 1)])], "#6f7684")


def window(pen: Pen, x: float, y: float) -> None:
    box(pen, x - 13, y - 18, x + 13, y + 18, "#fbf6ec", 1)
    box(pen, x - 11.2, y - 16.2, x + 11.2, y + 16.2, "#c2dde8", 0.5)
    lay(pen, [blob([(x - 11.2, y + 16.2, 1), (x - 11.2, y + 8), (x - 3, y + 4), (x + 5, y + 9), (x + 11.2, y + 6), (x + 11.2, y + 16.2, 1)])], "#b4d1a9")
    cloud(pen, x + 2, y - 7, 0.5)
    box(pen, x - 0.7, y - 16.2, x + 0.7, y + 16.2, "#fbf6ec", 0)
    box(pen, x - 11.2, y - 0.7, x + 11.2, y + 0.7, "#fbf6ec", 0)
    for sign in (-1, 1):
        lay(pen, [blob([(x + sign * 8, y - 20, 1), (x + sign * 17, y - 20, 1), (x + sign * 16.5, y + 22, 1), (x + sign * 13, y + 21), (x + sign * 12.4, y), (x + sign * 9.6, y - 12)])], "#d8b7a6", 0.8)
    box(pen, x - 18, y - 21.4, x + 18, y - 19.8, "#a98465", 0.8)


def pot_plant(pen: Pen, x: float, y: float) -> None:
    for lean in (-7, -3.4, 0.4, 4, 7.4):
        lay(pen, [limb([(x, y - 8), (x + lean * 0.5, y - 16), (x + lean, y - 24 + abs(lean) * 0.8)], [0.6, 2.1, 0.4], 8)], "#93b48c", 0.5)
    lay(pen, [blob([(x - 5, y - 9, 1), (x + 5, y - 9, 1), (x + 3.8, y, 1), (x - 3.8, y, 1)])], "#cf8f72", 0.8)
