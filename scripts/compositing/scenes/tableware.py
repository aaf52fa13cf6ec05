"""What people eat and drink from, and eat."""

from __future__ import annotations

import numpy as np

from .brush import Brush, Drawn
from .palette import LEAF, bright, darker, pick, weave

WHITE, BLACK = (0.88, 0.87, 0.84), (0.1, 0.1, 0.11)
GLASS = (
    (0.15, 0.32, 0.18),
    (0.35, 0.2, 0.1),
    (0.6, 0.72, 0.76),
    (0.8, 0.82, 0.84),
    (0.9, 0.92, 0.94),
    (0.55, 0.68, 0.8),
)


def bottle(rng: np.random.Generator, side: int) -> Drawn:
    b = Brush(rng, 1.0, 2.4, side)
    b.gloss = 0.8
    clear = rng.random() < 0.6
    glass = pick(rng, GLASS) if clear else bright(rng)
    b.clear = rng.uniform(0.5, 0.95) if clear else 0.0
    w, neck, shoulder = rng.uniform(0.2, 0.36), rng.uniform(0.07, 0.13), rng.uniform(0.6, 1.0)
    right = ((neck, 0.2), (neck, shoulder - 0.2), (w, shoulder + 0.15), (w, 2.2))
    b.poly([(0.5 + x, y) for x, y in right] + [(0.5 - x, y) for x, y in right[::-1]], glass, bulge=0.9)
    b.oval(0.5, 2.2, w, 0.07, glass)
    if clear and rng.random() < 0.6:  # what is left in it
        level, w_in = rng.uniform(shoulder + 0.2, 1.9), w * 0.93
        drink = pick(rng, ((0.8, 0.86, 0.9), (0.5, 0.3, 0.08), (0.75, 0.45, 0.1), (0.45, 0.08, 0.12)))
        b.box(0.5 - w_in, level, 0.5 + w_in, 2.18, drink, 0.03, bulge=0.9)
    b.clear = 0.0
    b.box(0.5 - neck * 1.15, 0.1, 0.5 + neck * 1.15, 0.3, bright(rng), 0.03, bulge=0.6)
    if rng.random() < 0.75:
        top = shoulder + rng.uniform(0.25, 0.45)
        b.box(
            0.5 - w,
            top,
            0.5 + w,
            top + rng.uniform(0.4, 0.7),
            WHITE if rng.random() < 0.5 else bright(rng),
            0,
            "blotch" if rng.random() < 0.5 else "",
            0.9,
        )
    return b.done()


def cup(rng: np.random.Generator, side: int) -> Drawn:
    b, colour = Brush(rng, 1.7, 1.4, side), (WHITE if rng.random() < 0.4 else bright(rng))
    b.gloss, turn, low = 0.4, float(rng.choice([-1, 1])), rng.uniform(0.28, 0.44)
    b.ring(0.85 + turn * 0.46, 0.72, 0.24, 0.09, darker(colour, 0.9))
    b.poly(
        ((0.4, 0.3), (1.3, 0.3), (0.85 + low, 1.2), (0.85 - low, 1.2)),
        colour,
        weave(rng) if rng.random() < 0.3 else "",
        0.9,
    )
    b.oval(0.85, 1.2, low, 0.09, colour)
    b.oval(0.85, 0.3, 0.45, 0.14, darker(colour, 1.08))
    b.oval(0.85, 0.32, 0.39, 0.11, (0.22, 0.13, 0.08) if rng.random() < 0.6 else darker(colour, 0.7), bulge=0)
    return b.done()


def tumbler(rng: np.random.Generator, side: int) -> Drawn:
    """A glass, on a stem or without."""
    b, glass, low, stem = Brush(rng, 1.2, 2.2, side), pick(rng, GLASS[2:]), rng.uniform(0.26, 0.4), rng.random() < 0.4
    b.gloss, b.clear, foot = 0.9, rng.uniform(0.65, 0.95), rng.uniform(1.2, 1.4) if stem else rng.uniform(1.3, 2.1)
    b.poly(((0.18, 0.2), (1.02, 0.2), (0.6 + low, foot), (0.6 - low, foot)), glass, bulge=0.9)
    b.oval(0.6, foot, low, 0.08, glass)
    if rng.random() < 0.6:
        drink = pick(rng, ((0.8, 0.86, 0.9), (0.5, 0.3, 0.08), (0.8, 0.5, 0.1), (0.4, 0.05, 0.1)))
        top = rng.uniform(0.5, foot - 0.15)
        wide = 0.42 + (low - 0.42) * (top - 0.2) / (foot - 0.2)
        b.poly(((0.6 - wide, top), (0.6 + wide, top), (0.6 + low, foot), (0.6 - low, foot)), drink, bulge=0.9)
    b.oval(0.6, 0.2, 0.42, 0.07, darker(glass, 1.05), bulge=0)
    if stem:
        b.clear = 0.5
        b.limb(((0.6, foot), (0.6, 2.0)), (0.12, 0.07), glass)
        b.oval(0.6, 2.05, rng.uniform(0.26, 0.36), 0.08, glass)
    return b.done()


def bowl(rng: np.random.Generator, side: int) -> Drawn:
    b, colour = Brush(rng, 2.2, 1.4, side), (WHITE if rng.random() < 0.4 else bright(rng))
    b.gloss = 0.4
    b.poly([(1.1 + 0.95 * np.cos(a), 0.55 + 0.65 * np.sin(a)) for a in np.linspace(0, np.pi, 16)], colour, bulge=0.7)
    b.box(0.75, 1.12, 1.45, 1.24, darker(colour, 0.9), 0.04)
    b.oval(1.1, 0.55, 0.95, 0.24, darker(colour, 1.05))
    b.oval(1.1, 0.58, 0.85, 0.19, darker(colour, 0.6), bulge=0)
    for _ in range(rng.integers(0, 9)):
        b.oval(1.1 + rng.uniform(-0.5, 0.5), 0.5 + rng.uniform(-0.12, 0.08), 0.2, 0.18, bright(rng), "grain", 0.8)
    return b.done()


def fruit(rng: np.random.Generator, side: int) -> Drawn:
    b, kind = Brush(rng, 1.6, 1.6, side), rng.integers(4)
    b.gloss = 0.5
    if kind == 0:  # banana
        b.limb(
            [(0.8 + 0.6 * np.cos(a), 0.55 + 0.6 * np.sin(a)) for a in np.linspace(0.15, 2.9, 7)],
            (0.1, 0.22, 0.28, 0.3, 0.28, 0.2, 0.08),
            (0.88, 0.75, 0.2),
            "speck",
        )
    elif kind == 1:  # cauliflower, broccoli, lettuce
        leaf = pick(rng, ((0.25, 0.4, 0.15), (0.85, 0.82, 0.7), (0.4, 0.55, 0.2)))
        b.limb(((0.8, 0.9), (0.8, 1.4)), (0.4, 0.3), (0.5, 0.6, 0.35))
        for a in rng.uniform(0, 6.28, 16):
            b.oval(
                0.8 + 0.38 * np.cos(a),
                0.68 + 0.3 * np.sin(a),
                0.24,
                0.22,
                darker(leaf, rng.uniform(0.8, 1.15)),
                "grain",
                0.8,
            )
    else:
        skin = pick(rng, ((0.75, 0.12, 0.1), (0.92, 0.5, 0.1), (0.5, 0.62, 0.15), (0.9, 0.8, 0.25), (0.35, 0.12, 0.25)))
        b.oval(0.8, 0.85, rng.uniform(0.5, 0.62), rng.uniform(0.48, 0.62), skin, "grain", 0.95)
        b.limb(((0.8, 0.38), (0.84, 0.22)), (0.05, 0.04), (0.3, 0.2, 0.1))
        if rng.random() < 0.4:
            b.poly(((0.84, 0.3), (1.05, 0.15), (1.2, 0.25), (1.0, 0.33)), pick(rng, LEAF))
    return b.done()
