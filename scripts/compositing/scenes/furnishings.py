"""Seats, plants, and what hangs on walls."""

from __future__ import annotations

import numpy as np

from .brush import Brush, Drawn
from .palette import LEAF, WOOD, bright, cloth, darker, pick, weave


def chair(rng: np.random.Generator, side: int) -> Drawn:
    b, wood = Brush(rng, 1.4, 2.0, side), (pick(rng, WOOD) if rng.random() < 0.6 else cloth(rng))
    turn, seat = float(rng.choice([-1, 1])) * rng.uniform(0.05, 0.18), cloth(rng) if rng.random() < 0.5 else wood
    for x, y in ((0.38 + turn, 1.65), (1.02 + turn, 1.65)):
        b.limb(((x, 0.3), (x, y)), (0.07, 0.06), darker(wood, 0.75))
    if rng.random() < 0.5:
        b.box(0.36 + turn, 0.25, 1.04 + turn, 0.9, darker(seat, 0.9), 0.05, weave(rng))
    else:
        for y in (0.32, 0.52, 0.72):
            b.limb(((0.38 + turn, y), (1.02 + turn, y)), (0.09, 0.09), darker(wood, 0.9))
    b.poly(((0.38 + turn, 1.05), (1.02 + turn, 1.05), (1.12, 1.22), (0.28, 1.22)), seat, "grain")
    b.box(0.28, 1.2, 1.12, 1.28, darker(seat, 0.75))
    for x in (0.32, 1.08):
        b.limb(((x, 1.25), (x, 1.88)), (0.075, 0.06), wood)
    return b.done()


def sofa(rng: np.random.Generator, side: int) -> Drawn:
    wide = rng.uniform(1.1, 2.6)
    b, colour, kind = Brush(rng, wide + 0.6, 1.3, side), cloth(rng), weave(rng)
    b.box(0.3, 0.2, wide + 0.3, 0.9, darker(colour, 0.92), 0.12, kind, 0.3)
    b.box(0.3, 0.68, wide + 0.3, 1.05, colour, 0.08, kind, 0.5)
    for x in (0.15, wide + 0.15):
        b.box(x, 0.48, x + 0.3, 1.08, darker(colour, 0.97), 0.1, kind, 0.5)
    for x in (0.25, wide + 0.25):
        b.box(x, 1.05, x + 0.09, 1.16, (0.15, 0.1, 0.08))
    return b.done()


def bench(rng: np.random.Generator, side: int) -> Drawn:
    b, wood = Brush(rng, 2.4, 1.3, side), pick(rng, WOOD)
    for x in (0.4, 2.0):
        b.limb(((x, 0.3), (x, 1.2)), (0.07, 0.07), (0.15, 0.16, 0.16))
    for y in (0.28, 0.44, 0.6):
        b.box(0.15, y, 2.25, y + 0.11, wood, 0.02, "grain")
    b.poly(((0.2, 0.78), (2.2, 0.78), (2.3, 0.9), (0.1, 0.9)), darker(wood, 1.08), "grain")
    for x in (0.3, 2.1):
        b.limb(((x, 0.9), (x, 1.25)), (0.07, 0.07), (0.13, 0.14, 0.14))
    return b.done()


def plant(rng: np.random.Generator, side: int) -> Drawn:
    """In a pot or vase."""
    b, pot, leaf = (
        Brush(rng, 2.0, 2.4, side),
        (pick(rng, ((0.62, 0.34, 0.22), (0.85, 0.84, 0.8), (0.2, 0.2, 0.22)))),
        pick(rng, LEAF),
    )
    w, top = rng.uniform(0.22, 0.4), rng.uniform(1.45, 1.75)
    bloom = bright(rng) if rng.random() < 0.35 else None
    for _ in range(rng.integers(14, 30)):
        a, far = rng.uniform(-2.9, -0.25), rng.uniform(0.5, 1.15)
        tip = (1.0 + 0.75 * far * np.cos(a), top + far * np.sin(a) * 1.05)
        mid = (1.0 + 0.4 * far * np.cos(a) * 0.8, top + 0.62 * far * np.sin(a))
        b.limb(
            ((1.0, top), mid, tip), (0.03, rng.uniform(0.1, 0.2), 0.02), darker(leaf, rng.uniform(0.6, 1.3)), "grain"
        )
        if bloom and rng.random() < 0.5:
            b.oval(*tip, 0.11, 0.1, bloom, "grain")
    b.poly(((1.0 - w, top), (1.0 + w, top), (1.0 + w * 0.75, 2.25), (1.0 - w * 0.75, 2.25)), pot, bulge=0.9)
    b.box(1.0 - w * 1.12, top - 0.04, 1.0 + w * 1.12, top + 0.09, darker(pot, 1.05), 0.03, bulge=0.8)
    return b.done()


def picture(rng: np.random.Generator, side: int) -> Drawn:
    w, h = rng.uniform(0.7, 1.6), rng.uniform(0.7, 1.3)
    b, frame = Brush(rng, w + 0.2, h + 0.2, side), (pick(rng, WOOD) if rng.random() < 0.6 else (0.1, 0.1, 0.1))
    b.box(0.1, 0.1, w + 0.1, h + 0.1, frame, bulge=0.06)
    b.box(0.17, 0.17, w + 0.03, h + 0.03, (0.9, 0.89, 0.86), bulge=0)
    b.box(0.26, 0.26, w - 0.06, h - 0.06, bright(rng), 0, "blotch", 0)
    for _ in range(rng.integers(1, 5)):
        b.oval(0.3 + rng.random() * (w - 0.4), 0.3 + rng.random() * (h - 0.4), 0.08, 0.07, bright(rng), bulge=0)
    return b.done()


def clock(rng: np.random.Generator, side: int) -> Drawn:
    b, rim = Brush(rng, 1.2, 1.2, side), cloth(rng)
    b.oval(0.6, 0.6, 0.5, 0.5, rim, bulge=0.2)
    b.oval(0.6, 0.6, 0.42, 0.42, (0.92, 0.91, 0.88), bulge=0)
    for a in np.arange(12) * np.pi / 6:
        b.oval(0.6 + 0.35 * np.cos(a), 0.6 + 0.35 * np.sin(a), 0.022, 0.022, (0.1, 0.1, 0.1))
    for far, a in ((0.2, rng.uniform(0, 6.28)), (0.31, rng.uniform(0, 6.28))):
        b.limb(((0.6, 0.6), (0.6 + far * np.cos(a), 0.6 + far * np.sin(a))), (0.035, 0.02), (0.08, 0.08, 0.08))
    return b.done()
