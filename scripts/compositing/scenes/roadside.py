"""Luggage, signs, trees and stones."""

from __future__ import annotations

import numpy as np

from .brush import Brush, Drawn
from .palette import LEAF, STONE, bright, cloth, darker, pick, weave


def suitcase(rng: np.random.Generator, side: int) -> Drawn:
    b, colour = Brush(rng, 1.6, 2.2, side), (cloth(rng) if rng.random() < 0.6 else bright(rng))
    wide = rng.uniform(0.4, 0.62)
    if rng.random() < 0.6:
        for k in (-0.18, 0.18):
            b.limb(((0.8 + k, 0.2), (0.8 + k, 0.8)), (0.05, 0.05), (0.55, 0.55, 0.56))
        b.limb(((0.6, 0.2), (1.0, 0.2)), (0.08, 0.08), (0.12, 0.12, 0.13))
    b.box(0.8 - wide, 0.7, 0.8 + wide, 1.98, colour, 0.12, weave(rng), 0.25)
    for k in (-0.5, 0.0, 0.5):
        b.limb(((0.8 + k * wide * 1.2, 0.8), (0.8 + k * wide * 1.2, 1.9)), (0.03, 0.03), darker(colour, 0.75))
    for k in (-0.8, 0.8):
        b.oval(0.8 + k * wide, 2.0, 0.08, 0.09, (0.06, 0.06, 0.07))
    return b.done()


def bag(rng: np.random.Generator, side: int) -> Drawn:
    b, colour = Brush(rng, 1.6, 1.6, side), cloth(rng)
    b.ring(0.8, 0.6, 0.34, 0.07, darker(colour, 0.7))
    b.poly(((0.3, 0.6), (1.3, 0.6), (1.42, 1.4), (0.18, 1.4)), colour, weave(rng), 0.5)
    b.box(0.42, 0.85, 1.18, 1.25, darker(colour, 0.85), 0.08)
    return b.done()


def sign(rng: np.random.Generator, side: int) -> Drawn:
    b, kind = Brush(rng, 1.2, 2.8, side), rng.integers(3)
    b.limb(((0.6, 0.4), (0.6, 2.7)), (0.06, 0.06), (0.5, 0.51, 0.52))
    red, blue = (0.75, 0.1, 0.1), (0.1, 0.25, 0.6)
    if kind == 0:
        b.poly(
            [(0.6 + 0.42 * np.cos(a), 0.55 + 0.42 * np.sin(a)) for a in np.arange(8) * np.pi / 4 + np.pi / 8],
            red,
            bulge=0.02,
        )
        b.box(0.32, 0.47, 0.88, 0.62, (0.9, 0.9, 0.9))
    elif kind == 1:
        b.oval(0.6, 0.55, 0.4, 0.4, red if rng.random() < 0.6 else blue, bulge=0.02)
        b.oval(0.6, 0.55, 0.29, 0.29, (0.92, 0.92, 0.92), bulge=0)
    else:
        b.poly(((0.6, 0.15), (1.02, 0.88), (0.18, 0.88)), red, bulge=0.02)
        b.poly(((0.6, 0.34), (0.87, 0.8), (0.33, 0.8)), (0.93, 0.93, 0.9), bulge=0)
    return b.done()


def hydrant(rng: np.random.Generator, side: int) -> Drawn:
    b, paint = Brush(rng, 1.2, 1.8, side), pick(rng, ((0.75, 0.15, 0.1), (0.85, 0.7, 0.15), (0.6, 0.6, 0.62)))
    b.box(0.2, 0.75, 1.0, 0.98, darker(paint, 0.85), 0.08, bulge=0.8)
    b.box(0.35, 0.45, 0.85, 1.55, paint, 0.05, bulge=0.9)
    b.oval(0.6, 0.45, 0.28, 0.2, darker(paint, 1.1))
    b.oval(0.6, 0.87, 0.14, 0.14, darker(paint, 1.1))
    b.box(0.26, 1.5, 0.94, 1.66, darker(paint, 0.8), 0.03)
    return b.done()


def tree(rng: np.random.Generator, side: int) -> Drawn:
    b, leaf, bark = Brush(rng, 2.6, 3.2, side), pick(rng, LEAF), pick(rng, ((0.3, 0.23, 0.17), (0.4, 0.36, 0.32)))
    b.limb(((1.3, 3.1), (1.3 + rng.uniform(-0.1, 0.1), 2.2), (1.3, 1.2)), (0.24, 0.16, 0.08), bark, "grain")
    if rng.random() < 0.25:  # a fir
        for k in range(6):
            y, w = 0.3 + k * 0.4, 0.25 + k * 0.13
            b.poly(
                ((1.3, y - 0.25), (1.3 + w, y + 0.4), (1.3, y + 0.32), (1.3 - w, y + 0.4)),
                darker(leaf, rng.uniform(0.6, 0.9)),
                "grain",
            )
        return b.done()
    for _ in range(26):
        a, far = rng.uniform(0, 6.28), rng.uniform(0, 0.85) ** 0.7
        r = rng.uniform(0.18, 0.4)
        b.oval(
            1.3 + far * np.cos(a),
            1.15 + far * 0.9 * np.sin(a),
            r,
            r * 0.85,
            darker(leaf, rng.uniform(0.6, 1.25)),
            "grain",
            0.6,
        )
    return b.done()


def stone(rng: np.random.Generator, side: int) -> Drawn:
    b = Brush(rng, 2.0, 1.4, side)
    rim = [
        (1.0 + 0.85 * np.cos(a) * rng.uniform(0.8, 1.05), 0.8 + 0.5 * np.sin(a) * rng.uniform(0.8, 1.05))
        for a in np.linspace(0, 5.9, 12)
    ]
    b.poly(rim, pick(rng, STONE), "grain", 0.7)
    return b.done()
