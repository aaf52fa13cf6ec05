"""Cars, vans, bicycles and boats."""

from __future__ import annotations

import numpy as np

from .brush import Brush, Drawn
from .palette import CAR, bright, darker, pick

TYRE, GLASS, CHROME = (0.07, 0.07, 0.08), (0.22, 0.27, 0.32), (0.7, 0.71, 0.73)


def _wheel(b: Brush, x: float, y: float, r: float) -> None:
    b.oval(x, y, r, r, TYRE, bulge=0.1)
    b.oval(x, y, r * 0.62, r * 0.62, CHROME, bulge=0.3)
    b.oval(x, y, r * 0.2, r * 0.2, (0.3, 0.3, 0.32))


def car(rng: np.random.Generator, side: int) -> Drawn:
    return _car_ahead(rng, side) if rng.random() < 0.35 else _car_aside(rng, side)


def _car_aside(rng: np.random.Generator, side: int) -> Drawn:
    b, paint, turn = Brush(rng, 5.0, 2.2, side), pick(rng, CAR), rng.random() < 0.5
    b.gloss = 0.5
    at = (lambda x: 5.0 - x) if turn else (lambda x: x)
    boot, roof = rng.uniform(0.2, 1.1), rng.uniform(0.45, 0.65)
    hood = rng.uniform(1.2, 1.6)
    shell = ((0.3, 1.75), (0.28, 1.3), (0.5, 1.12), (0.4 + boot, 1.08), (0.95 + boot, roof), (3.0, roof),
             (4.75 - hood + 0.3, 1.05), (4.5, 1.2), (4.75, 1.45), (4.75, 1.75))  # fmt: skip
    b.poly([(at(x), y) for x, y in shell], paint, bulge=0.25)
    pane = ((0.62 + boot, 1.06), (1.02 + boot, roof + 0.1), (2.95, roof + 0.1), (4.55 - hood + 0.3, 1.06))
    b.poly([(at(x), y) for x, y in pane], GLASS, bulge=0.1)
    b.limb(((at(2.25), roof + 0.05), (at(2.3), 1.1)), (0.09, 0.09), paint)
    b.limb(((at(0.35), 1.68), (at(4.7), 1.68)), (0.12, 0.12), darker(paint, 0.4))
    for x in (2.35, 3.3):
        b.limb(((at(x), 1.1), (at(x), 1.62)), (0.02, 0.02), darker(paint, 0.55))
    b.box(min(at(4.55), at(4.75)), 1.25, max(at(4.55), at(4.75)), 1.38, (0.95, 0.93, 0.85))
    b.box(min(at(0.28), at(0.42)), 1.2, max(at(0.28), at(0.42)), 1.36, (0.7, 0.1, 0.08))
    for x in (1.15, 3.9):
        b.oval(at(x), 1.72, 0.42, 0.42, darker(paint, 0.25), bulge=0)
        _wheel(b, at(x), 1.74, 0.35)
    return b.done()


def _car_ahead(rng: np.random.Generator, side: int) -> Drawn:
    b, paint = Brush(rng, 2.4, 2.0, side), pick(rng, CAR)
    b.gloss, top = 0.5, rng.uniform(0.3, 0.5)
    front = rng.random() < 0.5
    for x in (0.48, 1.92):
        b.box(x - 0.14, 1.35, x + 0.14, 1.9, TYRE, 0.05)
    b.poly(((0.62, top), (1.78, top), (2.02, 0.95), (0.38, 0.95)), paint)
    b.poly(((0.68, top + 0.08), (1.72, top + 0.08), (1.9, 0.93), (0.5, 0.93)), GLASS, bulge=0.1)
    b.box(0.3, 0.93, 2.1, 1.72, paint, 0.12, bulge=0.4)
    for x in (0.48, 1.92):
        b.oval(x, 1.16, 0.15, 0.09, (0.95, 0.94, 0.88) if front else (0.7, 0.08, 0.06))
    b.box(0.75, 1.12, 1.65, 1.28, (0.1, 0.1, 0.11) if front else darker(paint, 0.8), 0.03)
    b.box(0.95, 1.42, 1.45, 1.54, (0.9, 0.9, 0.85))
    b.box(0.32, 1.6, 2.08, 1.74, darker(paint, 0.45), 0.05)
    return b.done()


def van(rng: np.random.Generator, side: int) -> Drawn:
    """A van or bus from the side."""
    long = rng.uniform(3.2, 6.0)
    b, paint = Brush(rng, long + 0.4, 2.9, side), (pick(rng, CAR) if rng.random() < 0.6 else bright(rng))
    b.gloss = 0.3
    b.box(0.2, 0.2, long + 0.2, 2.4, paint, 0.22, bulge=0.12)
    b.box(0.2, 1.7, long + 0.2, 1.9, bright(rng) if rng.random() < 0.5 else darker(paint, 0.8))
    count = int(long / 0.9)
    for k in range(count):
        left = 0.4 + k * (long - 0.3) / count
        b.box(left, 0.55, left + (long - 0.3) / count - 0.1, 1.3, GLASS, 0.05)
    for x in (0.9, long - 0.5):
        _wheel(b, x, 2.38, 0.36)
    return b.done()


def bicycle(rng: np.random.Generator, side: int) -> Drawn:
    b, metal, turn = Brush(rng, 2.0, 1.3, side), bright(rng), float(rng.choice([-1, 1]))
    at, r, thick = (lambda x: 1.0 + turn * (x - 1.0)), 0.34, 0.035
    motor = rng.random() < 0.3
    for x in (0.48, 1.52):
        b.ring(at(x), 0.86, r, 0.09 if motor else 0.04, TYRE)
        for a in np.linspace(0, np.pi, 6)[:-1]:
            dx, dy = np.cos(a) * r, np.sin(a) * r
            b.limb(((at(x) - dx, 0.86 - dy), (at(x) + dx, 0.86 + dy)), (0.008, 0.008), CHROME)
    if motor:
        thick = 0.07
        b.poly(
            [(at(x), y) for x, y in ((0.55, 0.85), (0.75, 0.5), (1.25, 0.45), (1.35, 0.7), (1.1, 0.95))],
            (0.2, 0.2, 0.22),
        )
        b.oval(at(1.05), 0.48, 0.25, 0.13, metal)
    for line in (((0.48, 0.86), (0.86, 0.88)), ((0.86, 0.88), (1.36, 0.38)), ((0.74, 0.36), (1.36, 0.36)),
                 ((0.48, 0.86), (0.74, 0.36)), ((0.7, 0.26), (0.86, 0.88)), ((1.33, 0.22), (1.52, 0.86))):  # fmt: skip
        b.limb([(at(x), y) for x, y in line], (thick, thick), metal)
    b.limb([(at(0.6), 0.25), (at(0.82), 0.25)], (0.07, 0.05), TYRE)
    b.limb([(at(1.25), 0.17), (at(1.4), 0.2)], (0.045, 0.045), TYRE)
    return b.done()


def boat(rng: np.random.Generator, side: int) -> Drawn:
    b, hull, turn = (
        Brush(rng, 3.0, 3.0, side),
        (pick(rng, CAR) if rng.random() < 0.6 else bright(rng)),
        float(rng.choice([-1, 1])),
    )
    at = lambda x: 1.5 + turn * (x - 1.5)  # noqa: E731
    if rng.random() < 0.5:
        b.limb(((at(1.5), 0.15), (at(1.5), 2.4)), (0.04, 0.05), (0.5, 0.42, 0.32))
        cloth = (0.92, 0.91, 0.87) if rng.random() < 0.7 else bright(rng)
        b.poly([(at(1.45), 0.2), (at(1.45), 2.2), (at(0.55), 2.2)], cloth, bulge=0.4)
        b.poly([(at(1.56), 0.4), (at(1.56), 2.2), (at(2.4), 2.25)], darker(cloth, 0.92), bulge=0.4)
    else:
        b.poly([(at(x), y) for x, y in ((0.9, 2.4), (0.95, 1.9), (1.7, 1.9), (2.0, 2.4))], (0.9, 0.9, 0.88))
        b.poly([(at(x), y) for x, y in ((1.0, 2.2), (1.03, 2.0), (1.65, 2.0), (1.8, 2.2))], GLASS)
    b.poly([(at(x), y) for x, y in ((0.3, 2.3), (2.85, 2.2), (2.5, 2.68), (0.5, 2.7))], hull)
    b.poly([(at(x), y) for x, y in ((0.42, 2.56), (2.6, 2.54), (2.5, 2.68), (0.5, 2.7))], darker(hull, 0.4))
    return b.done()
