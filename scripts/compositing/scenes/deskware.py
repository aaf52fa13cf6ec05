"""What stands about on desks, shelves and the floor of a child's room."""

from __future__ import annotations

import numpy as np

from .brush import Brush, Drawn
from .palette import DULL, WOOD, bright, darker, pick, weave

WHITE, BLACK = (0.88, 0.87, 0.84), (0.1, 0.1, 0.11)


def book(rng: np.random.Generator, side: int) -> Drawn:
    """Standing, or a pile lying."""
    b = Brush(rng, 2.0, 1.7, side)
    if rng.random() < 0.45:
        w = rng.uniform(0.9, 1.2)
        b.poly(((0.2, 0.2), (0.35, 0.12), (0.35, 1.5), (0.2, 1.55)), darker(bright(rng), 0.7))
        b.box(0.33, 0.13, 0.33 + w, 1.5, bright(rng), 0.02, weave(rng), 0.05)
        b.box(0.45, 0.35, 0.2 + w, 0.55, WHITE if rng.random() < 0.6 else bright(rng))
        b.box(0.5, 0.7, 0.2 + w, 1.2, bright(rng), 0, "blotch")
        return b.done()
    y = 1.5
    for _ in range(rng.integers(1, 6)):
        thick, left, right = rng.uniform(0.1, 0.24), rng.uniform(0.15, 0.35), rng.uniform(1.6, 1.85)
        b.poly(
            ((left + 0.12, y - thick - 0.12), (right + 0.1, y - thick - 0.12), (right, y - thick), (left, y - thick)),
            bright(rng),
        )
        b.box(left, y - thick, right, y, bright(rng), 0.02)
        b.box(left + 0.08, y - thick + 0.03, right - 0.02, y - 0.03, (0.85, 0.82, 0.74))
        y -= thick
    return b.done()


def laptop(rng: np.random.Generator, side: int) -> Drawn:
    b, case = Brush(rng, 2.4, 1.9, side), pick(rng, ((0.7, 0.71, 0.73), (0.15, 0.15, 0.16), (0.85, 0.85, 0.84)))
    b.poly(((0.4, 0.2), (2.0, 0.2), (2.05, 1.25), (0.35, 1.25)), darker(case, 0.7), bulge=0.03)
    b.poly(
        ((0.46, 0.27), (1.94, 0.27), (1.98, 1.18), (0.42, 1.18)),
        pick(rng, ((0.08, 0.1, 0.14), (0.75, 0.82, 0.9), (0.2, 0.35, 0.6))),
        "blotch" if rng.random() < 0.5 else "",
        0,
    )
    b.poly(((0.35, 1.25), (2.05, 1.25), (2.25, 1.68), (0.15, 1.68)), case, bulge=0.03)
    b.poly(((0.48, 1.3), (1.92, 1.3), (2.0, 1.5), (0.4, 1.5)), BLACK, "speck", 0)
    b.poly(((0.95, 1.54), (1.45, 1.54), (1.48, 1.64), (0.92, 1.64)), darker(case, 0.85), bulge=0)
    return b.done()


def keyboard(rng: np.random.Generator, side: int) -> Drawn:
    b, case = Brush(rng, 2.6, 1.0, side), pick(rng, ((0.12, 0.12, 0.13), (0.82, 0.81, 0.78), (0.5, 0.5, 0.52)))
    slant = rng.uniform(0.05, 0.25)
    b.poly(((0.1 + slant, 0.2), (2.5 - slant, 0.2), (2.5, 0.78), (0.1, 0.78)), case, bulge=0.05)
    b.poly(((0.1, 0.78), (2.5, 0.78), (2.49, 0.85), (0.11, 0.85)), darker(case, 0.6), bulge=0)
    key = darker(case, 1.7 if case[0] < 0.3 else 0.8)
    for row in range(4):
        y, inset = 0.26 + row * 0.125, slant * (1 - (row + 0.5) / 4.5)
        for k in range(13):
            x = 0.2 + inset + k * (2.18 - 2 * inset) / 13
            b.box(x, y, x + 0.12, y + 0.09, key, 0.015, bulge=0)
    return b.done()


def screen(rng: np.random.Generator, side: int) -> Drawn:
    b, case = Brush(rng, 2.4, 1.9, side), pick(rng, DULL)
    b.box(1.05, 1.3, 1.35, 1.7, darker(case, 0.8))
    b.box(0.8, 1.66, 1.6, 1.74, case, 0.03)
    b.box(0.2, 0.2, 2.2, 1.42, case, 0.04, bulge=0.03)
    b.box(
        0.28,
        0.28,
        2.12,
        1.33,
        pick(rng, ((0.05, 0.06, 0.08), (0.3, 0.45, 0.65), (0.8, 0.82, 0.82))),
        0,
        "blotch" if rng.random() < 0.5 else "",
        0,
    )
    return b.done()


def lamp(rng: np.random.Generator, side: int) -> Drawn:
    b, shade = Brush(rng, 1.6, 2.2, side), (WHITE if rng.random() < 0.5 else bright(rng))
    low, high = rng.uniform(0.45, 0.6), rng.uniform(0.2, 0.4)
    b.limb(
        ((0.8, 0.9), (0.8, 1.9)), (0.1, rng.uniform(0.1, 0.45)), pick(rng, WOOD) if rng.random() < 0.5 else bright(rng)
    )
    b.oval(0.8, 1.98, 0.36, 0.09, BLACK)
    b.poly(((0.8 - high, 0.2), (0.8 + high, 0.2), (0.8 + low, 1.0), (0.8 - low, 1.0)), shade, "grain", 0.8)
    return b.done()


def box(rng: np.random.Generator, side: int) -> Drawn:
    """A carton or parcel, two faces and the lid."""
    b = Brush(rng, 2.4, 2.2, side)
    card = (0.66, 0.5, 0.34) if rng.random() < 0.6 else bright(rng)
    w, deep, tall, up = rng.uniform(0.7, 1.2), rng.uniform(0.25, 0.7), rng.uniform(0.5, 1.2), rng.uniform(0.12, 0.3)
    x, y = 0.3, 2.0
    b.poly(((x, y), (x + w, y), (x + w, y - tall), (x, y - tall)), card, "grain", 0.03)
    b.poly(
        ((x + w, y), (x + w + deep, y - up), (x + w + deep, y - up - tall), (x + w, y - tall)),
        darker(card, 0.75),
        "grain",
        0.03,
    )
    b.poly(
        ((x, y - tall), (x + w, y - tall), (x + w + deep, y - up - tall), (x + deep, y - up - tall)),
        darker(card, 1.12),
        "grain",
        0.03,
    )
    if rng.random() < 0.6:
        b.box(x + w * 0.42, y - tall, x + w * 0.58, y - tall * 0.6, darker(card, 0.85))
    if rng.random() < 0.4:
        b.box(x + w * 0.12, y - tall * 0.45, x + w * 0.5, y - tall * 0.15, WHITE, 0, "speck")
    drawn = b.done()
    return drawn if rng.random() < 0.5 else Drawn(*(np.ascontiguousarray(a[:, ::-1]) for a in drawn[:3]), drawn.gloss)


def ball(rng: np.random.Generator, side: int) -> Drawn:
    b, colour, x = Brush(rng, 1.4, 1.4, side), (WHITE if rng.random() < 0.4 else bright(rng)), 0.7
    b.gloss = 0.3
    b.oval(x, x, 0.6, 0.6, colour, bulge=0.95)
    mark = BLACK if rng.random() < 0.5 else bright(rng)
    for a in np.arange(5) * 1.257 + rng.uniform(0, 1):
        b.oval(x + 0.38 * np.cos(a), x + 0.38 * np.sin(a), 0.12, 0.12, mark, bulge=0)
    drawn = b.done()
    rim = np.hypot(*(np.mgrid[-1 : 1 : drawn.alpha.shape[0] * 1j, -1 : 1 : drawn.alpha.shape[1] * 1j]))
    return drawn._replace(relief=np.sqrt(np.clip(1.02 - rim**2, 0, 1)).astype(np.float32))


def teddy(rng: np.random.Generator, side: int) -> Drawn:
    b, fur = (
        Brush(rng, 1.6, 2.0, side),
        (pick(rng, ((0.6, 0.4, 0.22), (0.85, 0.75, 0.6))) if rng.random() < 0.7 else bright(rng)),
    )
    for k in (-1, 1):
        b.oval(0.8 + k * 0.26, 0.35, 0.14, 0.14, darker(fur, 0.85), "grain", 0.8)
        b.limb(((0.8 + k * 0.25, 1.0), (0.8 + k * 0.55, 1.3)), (0.24, 0.22), darker(fur, 0.9), "grain")
    b.oval(0.8, 1.3, 0.38, 0.45, fur, "grain", 0.8)
    for k in (-1, 1):
        b.limb(((0.8 + k * 0.22, 1.6), (0.8 + k * 0.45, 1.75)), (0.3, 0.26), darker(fur, 0.95), "grain")
    b.oval(0.8, 0.6, 0.36, 0.33, fur, "grain", 0.8)
    b.oval(0.8, 0.72, 0.16, 0.12, darker(fur, 1.25))
    for x, y, r in ((0.67, 0.55, 0.035), (0.93, 0.55, 0.035), (0.8, 0.67, 0.05)):
        b.oval(x, y, r, r, BLACK)
    return b.done()
