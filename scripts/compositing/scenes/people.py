"""People of all proportions, clothed, standing, walking, sitting, on wheels."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .brush import Brush, Drawn
from .palette import HAIR, SKIN, bright, cloth, darker, pick, weave

GROUND = 1.95  # the soles' row on a canvas two units high, for a grown person about 1.8 units tall


class Look(NamedTuple):
    """What one person wears, and how they are built: `head` against the body, `wide` against the usual."""

    skin: tuple
    hair: tuple
    top: tuple
    top_weave: str
    legs: tuple
    shoes: tuple
    head: float
    wide: float
    long_hair: bool
    skirt: bool
    sleeves: float
    shorts: bool
    hat: bool
    back: bool


def look(rng: np.random.Generator, child: bool) -> Look:
    head, wide = (rng.uniform(1.35, 1.75), rng.uniform(1.0, 1.25)) if child else (1.0, rng.uniform(0.85, 1.35))
    woman = rng.random() < 0.5
    return Look(pick(rng, SKIN), pick(rng, HAIR), cloth(rng), weave(rng), cloth(rng), cloth(rng), head, wide,
                woman and rng.random() < 0.7, woman and rng.random() < 0.3, float(rng.choice([0.4, 1.0], p=[0.4, 0.6])),
                rng.random() < 0.2, rng.random() < 0.2, rng.random() < 0.3)  # fmt: skip


def _leg(b: Brush, who: Look, hip, knee, ankle, toe: float, shade: float) -> None:
    cover, w = darker(who.legs, shade), who.wide
    bare = who.skirt or who.shorts
    b.limb((hip, knee, ankle), (0.19 * w, 0.14 * w, 0.095 * w), darker(who.skin, shade) if bare else cover,
           "" if bare else "grain")  # fmt: skip
    if bare and who.shorts:
        b.limb((hip, knee), (0.20 * w, 0.17 * w), cover)
    b.limb(((ankle[0] - 0.01, ankle[1] + 0.045), (ankle[0] + toe, ankle[1] + 0.055)), (0.085, 0.07), who.shoes)


def _arm(b: Brush, who: Look, shoulder, elbow, hand, shade: float) -> None:
    w = who.wide**0.5
    b.limb((shoulder, elbow, hand), (0.11 * w, 0.085 * w, 0.06 * w), darker(who.skin, shade))
    end = elbow if who.sleeves < 1 else (elbow[0] + (hand[0] - elbow[0]) * 0.85, elbow[1] + (hand[1] - elbow[1]) * 0.85)
    points = (shoulder, elbow) if who.sleeves < 1 else (shoulder, elbow, end)
    b.limb(points, (0.13 * w, 0.105 * w, 0.085 * w)[: len(points)], darker(who.top, shade), who.top_weave)
    b.oval(*hand, 0.04, 0.045, darker(who.skin, shade))


def _torso(b: Brush, who: Look, neck, hip) -> None:
    w = who.wide
    (nx, ny), (hx, hy) = neck, hip
    b.limb(((nx, ny - 0.06), (nx, ny + 0.04)), (0.11, 0.12), darker(who.skin, 0.85))
    b.poly(((nx - 0.09, ny), (nx + 0.09, ny), (nx + 0.21 * w, ny + 0.07), (hx + 0.17 * w, hy - 0.22),
            (hx + 0.18 * w, hy + 0.06), (hx - 0.18 * w, hy + 0.06), (hx - 0.17 * w, hy - 0.22),
            (nx - 0.21 * w, ny + 0.07)), who.top, who.top_weave, 0.5)  # fmt: skip


def _head(b: Brush, who: Look, x: float, chin: float, turn: float) -> None:
    """`turn`: -1 looks left, 1 right, 0 at us."""
    h = 0.135 * who.head
    y = chin - h
    if who.long_hair:
        b.oval(x - turn * 0.04, y + 0.06, 0.12 * who.head, 0.19 * who.head, who.hair, "grain")
    b.oval(x, y, 0.1 * who.head, h, who.skin)
    if who.back and not turn:
        b.oval(x, y - 0.01, 0.105 * who.head, h, who.hair, "grain")
        return
    b.poly([(x - turn * 0.03 + 0.11 * who.head * math.cos(a), y - 0.02 + h * 1.02 * math.sin(a))
            for a in np.linspace(math.pi * 0.97, math.pi * 2.03, 12)]
           + [(x + 0.07 * (1 - turn) * who.head, y - 0.04), (x - 0.07 * (1 + turn) * who.head, y - 0.04)],
           who.hair, "grain")  # fmt: skip
    for side in (-1, 1):
        if side * turn >= 0:
            b.oval(x + turn * 0.03 + side * 0.04 * who.head, y + 0.01, 0.012, 0.01, (0.1, 0.08, 0.08))
    b.limb(
        ((x + turn * 0.04 - 0.025, y + 0.075), (x + turn * 0.04 + 0.025, y + 0.075)), (0.014, 0.014), (0.6, 0.3, 0.28)
    )
    if who.hat:
        b.poly(((x - 0.12 * who.head, y - 0.04), (x - 0.1 * who.head, y - h - 0.03), (x + 0.1 * who.head, y - h - 0.03),
                (x + (0.12 + 0.07 * max(turn, 0)) * who.head, y - 0.04)), who.shoes)  # fmt: skip


def person(rng: np.random.Generator, side: int, child: bool = False, pose: str = "") -> Drawn:
    who = look(rng, child)
    pose = pose or str(rng.choice(["stand", "walk", "run", "squat"], p=[0.52, 0.36, 0.06, 0.06]))
    b = Brush(rng, 1.7, 2.0, side)
    if pose == "ride":
        _ride(b, who, rng)
    elif pose in ("squat", "sit"):
        _low(b, who, rng, sit=pose == "sit")
    else:
        _upright(b, who, rng, pose)
    return b.done()


def _upright(b: Brush, who: Look, rng: np.random.Generator, pose: str) -> None:
    x, moving = 0.85, pose != "stand"
    turn = float(rng.choice([-1, 1])) if moving and rng.random() < 0.75 else 0.0
    stride = {"stand": rng.uniform(0.04, 0.12), "walk": rng.uniform(0.1, 0.26), "run": rng.uniform(0.28, 0.4)}[pose]
    lean = turn * (0.12 if pose == "run" else 0.03)
    leg = 0.88 / who.head**0.35
    hip, ankle = GROUND - leg, GROUND - 0.085
    neck = hip - 0.56 / who.head**0.2
    swing = rng.uniform(0.5, 1.2) * (stride if moving else 0.12)
    for k, shade in ((1, 0.8), (-1, 1.0)):
        foot = x + k * stride + (0 if turn else k * 0.03)
        lift = 0.12 * (moving and k * turn < 0) * (1 + 1.2 * (pose == "run"))
        knee = ((x + foot) / 2 + turn * 0.07 * moving, (hip + ankle) / 2 + 0.02)
        _leg(b, who, (x + k * 0.08 * who.wide * (1 - abs(turn) * 0.6), hip + 0.03), knee, (foot, ankle - lift),
             0.09 * turn if turn else 0.02 * k, shade)  # fmt: skip
    far, near = ((1, 0.8), (-1, 1.0)) if turn else ((1, 1.0), (-1, 1.0))
    out = 0.2 * who.wide * (1 - 0.55 * abs(turn))
    hands, elbows = {}, {}
    for k, _ in (far, near):
        bent = rng.random() < 0.25
        elbow = (x + lean + k * (out + 0.03) - k * turn * swing * 0.5 * bool(turn), neck + 0.33)
        hands[k] = (
            elbow[0] + (turn * 0.16 if bent else -k * 0.02 * bool(turn) + k * 0.01),
            elbow[1] + (0.03 if bent else 0.25),
        )
        if k == far[0] and turn:
            _arm(b, who, (x + lean + k * out, neck + 0.08), elbow, hands[k], far[1])
        elbows[k] = elbow
    _torso(b, who, (x + lean, neck), (x, hip))
    _hem(b, who, rng, x, hip, leg)
    if rng.random() < 0.25:
        _bag(b, rng, x + lean, neck, turn, who)
    for k in (1, -1):
        if not (turn and k == far[0]):
            _arm(b, who, (x + lean + k * out, neck + 0.08), elbows[k], hands[k], 1.0 if k < 0 else 0.93)
    _head(b, who, x + lean * 1.3, neck - 0.03, turn)


def _hem(b: Brush, who: Look, rng: np.random.Generator, x: float, hip: float, leg: float) -> None:
    """What hangs over the hips: a skirt, now and then a coat."""
    if who.skirt:
        flare, hem = rng.uniform(0.24, 0.36), GROUND - leg * rng.uniform(0.3, 0.65)
        b.poly(
            ((x - 0.15, hip - 0.14), (x + 0.15, hip - 0.14), (x + flare, hem), (x - flare, hem)),
            who.legs if rng.random() < 0.5 else who.top,
            who.top_weave,
        )
    elif rng.random() < 0.15:  # a coat
        hem = hip + rng.uniform(0.15, 0.4)
        b.poly(((x - 0.2, hip - 0.2), (x + 0.2, hip - 0.2), (x + 0.23, hem), (x - 0.23, hem)), who.top, who.top_weave)


def _bag(b: Brush, rng: np.random.Generator, x: float, neck: float, turn: float, who: Look) -> None:
    colour = cloth(rng)
    if rng.random() < 0.5:
        b.box(x - 0.16 - 0.14 * turn, neck + 0.06, x + 0.16 - 0.14 * turn, neck + 0.48, colour, 0.06, bulge=0.4)
    else:
        b.limb(((x - 0.12, neck + 0.03), (x + 0.2, neck + 0.52)), (0.025, 0.025), darker(colour, 0.7))
        b.box(x + 0.08, neck + 0.46, x + 0.36, neck + 0.7, colour, 0.04, bulge=0.4)


def _low(b: Brush, who: Look, rng: np.random.Generator, sit: bool) -> None:
    """Sitting upright at seat height, or squatting on the ground."""
    turn = float(rng.choice([-1, 0, 1])) if sit else float(rng.choice([-1, 1]))
    x, seat = 0.85, GROUND - (0.5 if sit else 0.24)
    neck = seat - 0.58
    reach = turn * (0.38 if sit else 0.3)
    for k, shade in ((1, 0.82), (-1, 1.0)):
        knee = (x + reach + k * (0.05 if turn else 0.13), seat + (0.02 if sit else -0.24) + (0.06 if not turn else 0))
        ankle = (knee[0] + (0.02 * turn if sit else -0.14 * turn) + k * 0.02, GROUND - 0.085)
        _leg(b, who, (x + k * 0.09, seat), knee, ankle, 0.09 * turn if turn else 0.02 * k, shade)
    _torso(b, who, (x, neck), (x - turn * 0.03, seat))
    for k in (1, -1):
        hand = (x + reach * 0.8 + k * 0.06, seat - (0.04 if sit else 0.2))
        _arm(b, who, (x + k * 0.19 * who.wide * (1 - 0.5 * abs(turn)), neck + 0.08),
             (x + k * 0.2 * (1 - 0.4 * abs(turn)) + turn * 0.05, neck + 0.36), hand, 1.0 if k < 0 else 0.9)  # fmt: skip
    _head(b, who, x + turn * 0.03, neck - 0.03, turn)


def _ride(b: Brush, who: Look, rng: np.random.Generator) -> None:
    """On a bicycle, seen from the side."""
    turn, metal, tyre = float(rng.choice([-1, 1])), bright(rng), (0.08, 0.08, 0.09)
    x, r = 0.85, 0.34
    back, front, pedal = (x - turn * 0.5, GROUND - r), (x + turn * 0.5, GROUND - r), (x - turn * 0.05, GROUND - 0.28)
    saddle, bar = (x - turn * 0.18, GROUND - 0.88), (x + turn * 0.36, GROUND - 0.95)
    for wheel in (back, front):
        b.ring(*wheel, r, 0.045, tyre)
    for line in ((back, pedal), (pedal, bar), (back, saddle), (saddle, pedal), (bar, front), (saddle, bar)):
        b.limb(line, (0.035, 0.035), metal)
    neck = (x + turn * 0.08, GROUND - 1.42)
    for k, shade in ((1, 0.8), (-1, 1.0)):
        _leg(b, who, (saddle[0], saddle[1] - 0.03), (x + turn * 0.16, GROUND - 0.66 + 0.1 * k),
             (pedal[0], pedal[1] + 0.13 * k), 0.09 * turn, shade)  # fmt: skip
    _torso(b, who, neck, (saddle[0], saddle[1] - 0.06))
    _arm(b, who, (neck[0], neck[1] + 0.08), (x + turn * 0.24, GROUND - 1.14), bar, 1.0)
    _head(b, who, neck[0] + turn * 0.06, neck[1] - 0.02, turn)
