"""Quadrupeds and birds: one body plan each, with the proportions of dog, cat, horse, cow and sheep."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .brush import Brush, Drawn
from .palette import FUR, bright, darker, pick


class Build(NamedTuple):
    """Shares of the length of the trunk."""

    leg: float
    girth: float
    neck: float
    head: float
    muzzle: float
    tail: float
    limb: float
    rise: float


BUILDS = {
    "dog": Build(0.62, 0.36, 0.28, 0.17, 0.16, 0.4, 0.11, 0.8),
    "cat": Build(0.42, 0.30, 0.16, 0.17, 0.06, 0.6, 0.09, 0.7),
    "horse": Build(0.80, 0.40, 0.52, 0.15, 0.30, 0.5, 0.10, 1.0),
    "cow": Build(0.55, 0.50, 0.26, 0.18, 0.20, 0.5, 0.11, 0.35),
    "sheep": Build(0.40, 0.56, 0.18, 0.15, 0.14, 0.1, 0.09, 0.5),
}


def quadruped(rng: np.random.Generator, side: int, kind: str = "dog") -> Drawn:
    plan = Build(*(v * rng.uniform(0.88, 1.14) for v in BUILDS[kind]))
    b, turn = Brush(rng, 3.0, 2.6, side), float(rng.choice([-1, 1]))
    fur = (0.85, 0.82, 0.76) if kind == "sheep" else pick(rng, FUR)
    coat = (
        "grain"
        if kind in ("sheep", "horse")
        else str(rng.choice(["grain", "blotch", "stripe" if kind == "cat" else "blotch"]))
    )
    x, ground = 1.5, 2.4
    y = ground - plan.leg - plan.girth * 0.4
    fore, hind = x + turn * 0.42, x - turn * 0.42
    step = rng.uniform(0.0, 0.16)
    for at, k, shade in ((fore, 1, 0.72), (hind, -1, 0.72), (fore, -1, 1.0), (hind, 1, 1.0)):
        foot = at + k * step + (0.05 if shade < 1 else -0.02)
        lift = 0.06 if shade < 1 else 0.0
        b.limb(((at, y + 0.05), ((at + foot) / 2 - turn * 0.03, y + (ground - y) * 0.55), (foot, ground - 0.04 - lift)),
               (plan.limb * 2.0, plan.limb * 1.1, plan.limb * 0.75), darker(fur, shade), "grain")  # fmt: skip
    sag = plan.tail * rng.uniform(-0.7, 0.9)
    b.limb(((hind - turn * 0.12, y - 0.06), (hind - turn * (0.2 + plan.tail * 0.3), y + sag * 0.4),
            (hind - turn * (0.22 + plan.tail * 0.4), y + sag)), (0.1, 0.07, 0.05), darker(fur, 0.85))  # fmt: skip
    b.limb(
        ((hind, y), (x, y + 0.02), (fore, y - 0.02)),
        (plan.girth * 0.98, plan.girth * 0.92, plan.girth * 1.06),
        fur,
        coat,
    )
    _face(b, rng, plan, kind, fur, turn, fore, y)
    return b.done()


def _face(b: Brush, rng: np.random.Generator, plan: Build, kind: str, fur, turn: float, fore: float, y: float) -> None:
    nx, ny = fore + turn * (0.14 + plan.neck * 0.5), y - plan.girth * 0.3 - plan.neck * plan.rise
    b.limb(((fore, y - plan.girth * 0.1), (nx, ny)), (plan.girth * 0.75, plan.head * 1.3), fur, "grain")
    tip = (nx + turn * (plan.head * 0.6 + plan.muzzle), ny + plan.muzzle * (1.0 if kind == "horse" else 0.5))
    b.limb(((nx, ny), tip), (plan.head * 1.9, plan.head * 0.9), darker(fur, 0.95), "grain")
    ear = plan.head * rng.uniform(0.9, 1.3)
    for k, shade in ((0.1, 0.7), (-0.5, 0.85)):
        ex = nx + turn * k * plan.head
        top = (
            ny + ear * 0.5
            if kind in ("cow", "sheep") or (kind == "dog" and rng.random() < 0.5)
            else ny - plan.head * 0.8 - ear
        )
        b.poly(
            ((ex - 0.07, ny - plan.head * 0.5), (ex + 0.07, ny - plan.head * 0.55), (ex - turn * 0.06, top)),
            darker(fur, shade),
        )
    b.oval(nx + turn * plan.head * 0.45, ny - plan.head * 0.2, 0.022, 0.025, (0.05, 0.04, 0.04))
    b.oval(*tip, 0.035, 0.03, (0.08, 0.06, 0.06))
    if kind == "dog" and rng.random() < 0.5:
        b.limb(((nx - turn * 0.2, ny + 0.1), (nx, ny + 0.2)), (0.04, 0.04), bright(rng))


def seated_pet(rng: np.random.Generator, side: int, kind: str = "cat") -> Drawn:
    """A dog or cat sitting and looking at us."""
    b, fur = Brush(rng, 1.6, 2.0, side), pick(rng, FUR)
    coat, wide = str(rng.choice(["grain", "blotch", "stripe"])), rng.uniform(0.85, 1.15)
    tail = float(rng.choice([-1, 1]))
    b.limb(
        ((0.8, 1.75), (0.8 + tail * 0.4, 1.8), (0.8 + tail * 0.58, 1.6)), (0.14, 0.12, 0.08), darker(fur, 0.85), coat
    )
    b.oval(0.8, 1.5, 0.38 * wide, 0.4, fur, coat)
    b.limb(((0.8, 1.4), (0.8, 0.95)), (0.6 * wide, 0.44 * wide), fur, coat)
    for k in (-1, 1):
        b.limb(((0.8 + k * 0.13, 1.2), (0.8 + k * 0.14, 1.84)), (0.2, 0.15), darker(fur, 0.97), "grain")
        b.oval(0.8 + k * 0.33 * wide, 1.82, 0.14, 0.08, darker(fur, 0.9))
        droop = kind == "dog" and rng.random() < 0.6
        b.poly(
            (
                (0.8 + k * 0.06, 0.52),
                (0.8 + k * 0.28, 0.62),
                (0.8 + k * (0.34 if droop else 0.24), 0.95 if droop else 0.28),
            ),
            darker(fur, 0.75),
        )
    b.oval(0.8, 0.72, 0.29 * wide, 0.26, fur, coat)
    for k in (-1, 1):
        b.oval(0.8 + k * 0.12, 0.68, 0.035, 0.035, (0.05, 0.06, 0.04))
    b.oval(0.8, 0.82, 0.12, 0.09, darker(fur, 1.2))
    b.oval(0.8, 0.78, 0.04, 0.028, (0.1, 0.06, 0.06))
    return b.done()


def bird(rng: np.random.Generator, side: int, flying: bool = False) -> Drawn:
    b, turn = Brush(rng, 2.2, 2.0, side), float(rng.choice([-1, 1]))
    back = pick(rng, FUR) if rng.random() < 0.7 else bright(rng)
    x, y = 1.1, 1.2
    if flying:
        lift = rng.uniform(-0.5, 0.9)
        b.poly(
            (
                (x - 0.1, y),
                (x + 0.25, y - 0.02),
                (x - turn * 0.3, y - 0.8 * lift - 0.1),
                (x - turn * 0.6, y - 0.75 * lift),
            ),
            darker(back, 0.7),
            "grain",
        )
    else:
        for k in (-0.05, 0.07):
            b.limb(
                ((x + k, y + 0.2), (x + k, y + 0.58), (x + k + turn * 0.1, y + 0.6)),
                (0.05, 0.035, 0.03),
                (0.5, 0.35, 0.2),
            )
    b.poly(
        (
            (x - turn * 0.35, y - 0.05),
            (x - turn * 0.95, y + 0.12),
            (x - turn * 0.9, y + 0.24),
            (x - turn * 0.3, y + 0.14),
        ),
        darker(back, 0.75),
    )
    b.limb(((x - turn * 0.3, y + 0.05), (x + turn * 0.22, y)), (0.36, 0.46), back, "grain")
    hx, hy = (x + turn * 0.5, y - 0.12) if flying else (x + turn * 0.38, y - rng.uniform(0.35, 0.75))
    b.limb(((x + turn * 0.22, y - 0.05), (hx, hy)), (0.36, 0.22), back)
    b.oval(hx, hy, 0.14, 0.13, darker(back, 0.9))
    b.poly(
        ((hx + turn * 0.1, hy - 0.06), (hx + turn * 0.34, hy + 0.03), (hx + turn * 0.1, hy + 0.06)), (0.85, 0.6, 0.15)
    )
    b.oval(hx + turn * 0.06, hy - 0.03, 0.025, 0.025, (0.03, 0.03, 0.03))
    reach = (x - turn * 0.7, y + 0.1) if not flying else (x - turn * 0.35, y - 1.0 * lift)
    b.poly(((x + turn * 0.25, y - 0.1), (x - turn * 0.1, y + 0.16), reach), darker(back, 0.82), "stripe")
    return b.done()
