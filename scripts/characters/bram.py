"""Bram, a stocky red panda baker: cream apron, sage shirt, raspberry neckerchief and a ringed tail."""

from __future__ import annotations

import math

import numpy as np

from .barrel import Barrel
from .body import (
    BEHIND,
    HEAD,
    LOWER,
    MIDDLE,
    NECK,
    Figure,
    Piece,
    along,
    band,
    bent,
    draw_in_order,
    fold,
    foot_parts,
    hand_at,
    melt,
    sleeve,
)
from .bram_head import DARK, RIBBON, draw_head
from .bram_things import loaf, sack, tail
from .brush import Blob, Limb, Mask, Part, Pen, blob, limb
from .geometry import hexed, oval, tone
from .skeleton import LEFT, RIGHT, Build

BUILD = Build(hip=18, thigh=30, shin=28, sole=9, foot=17, torso=80, shoulder=27, shoulder_drop=10, upper_arm=33, forearm=31, neck=41, head_ahead=3)
HEAD_SIZE = 0.98
STANDING = 275.0  # ground to the top of the cap
CROWN = 86.0  # head joint to the top of the cap
CHIN = 52.0

SHIRT = tone("#93b183", "#739468", "#3c5540", "#b9d0a8")
APRON = tone("#fbf0da", "#e6d2b4", "#836248", "#ffffff")
TROUSERS = tone("#5d7396", "#485b7d", "#293550", "#8298b8")
WHEAT = hexed("#d49a3f")

SLICES = ((-0.16, 38, 33, 2), (0.0, 45, 40, 3), (0.22, 47, 42, 4), (0.45, 43, 37, 3), (0.68, 36, 29, 1), (0.85, 28, 22, 0), (0.96, 18, 15, 0), (1.03, 10, 10, 0))


def draw(pen: Pen, figure: Figure) -> None:
    joints, view = figure.joints, figure.view
    barrel = Barrel(joints.pelvis, joints.neck, joints.frame, view, SLICES)
    kind, mirrored, clip_side = figure.head_look()
    head = figure.flat(joints.head)
    head_pen = pen.at(head[0], head[1] + figure.pose.head_drop, figure.head_turn(), -HEAD_SIZE if mirrored else HEAD_SIZE, HEAD_SIZE)
    away = abs(view.turned) > 100
    pieces = [
        Piece(NECK - 0.5 if away else BEHIND - 10, lambda: tail(pen, figure)),
        Piece(MIDDLE, lambda: _torso(pen, figure, barrel)),
        Piece(NECK, lambda: _neckerchief(pen, figure, barrel)),
        Piece(HEAD, lambda: draw_head(head_pen, kind, figure.mood, clip_side, 0.0)),
    ]
    for k in (LEFT, RIGHT):
        pieces.append(Piece(figure.leg_order(k), lambda k=k: _leg(pen, figure, k)))
        pieces += [Piece(order, lambda k=k, part=part: _arm(pen, figure, barrel, k, part)) for order, part in figure.arm_parts(k)]
    if figure.pose.seat == "box":
        pieces.append(Piece(LOWER + 4 if away else BEHIND - 15, lambda: sack(pen, figure)))
    if figure.pose.holding:
        pieces.append(Piece(BEHIND - 1 if away else NECK + 2, lambda: loaf(pen, figure)))
    draw_in_order(pieces)


def _torso(pen: Pen, figure: Figure, barrel: Barrel) -> None:
    body = pen.paint([Blob(barrel.outline())], SHIRT, shade=6.0, glint=2.0)
    for a in (-150, -120, -90, 90, 120, 150, 180):
        for run in barrel.trail([(-0.1, a), (0.9, a)], keep=0.15):
            pen.ink(run, SHIRT.shade, 0.7, (0.6, 0.6), body, 0.55)
    for run in barrel.trail([(0.46, 84), (0.44, 130), (0.43, 180), (0.44, 230), (0.46, 276)], 1.0, 0.0):
        pen.paint([Limb(run, np.full(len(run), 2.4))], APRON, shade=0.8, line=0.7, clip=body)
    for sign in (-1, 1):
        for run in barrel.trail([(0.84, sign * 30), (0.97, sign * 55), (0.99, sign * 110)], 1.0, 0.0):
            pen.paint([Limb(run, np.full(len(run), 2.4))], APRON, shade=0.8, line=0.7, clip=body)
    bib = barrel.patch(0.40, 0.84, -32, 32, 1.2, 14)
    skirt = barrel.patch(-0.13, 0.48, -80, 80, 2.4, 8)
    panels: list[Part] = [Blob(p) for p in (bib, skirt) if p is not None]
    if panels:
        cloth = pen.paint(panels, APRON, shade=5.0)
        for run in barrel.trail([(0.47, a) for a in range(-78, 79, 26)], 2.0):
            pen.ink(run, APRON.shade, 1.0, (0.6, 0.6), cloth)
        _pocket(pen, barrel, cloth)
        _wheat(pen, barrel, cloth)
    if abs(figure.view.turned) > 100:
        _bow(pen, barrel)
    # The head's shadow on the chest.
    neck = figure.flat(figure.joints.neck)
    pen.fill([Blob(oval(neck[0] + 3, neck[1] + 4, 40, 13.5))], (70, 45, 80), body, 0.22)


def _pocket(pen: Pen, barrel: Barrel, cloth: Mask) -> None:
    for path in ([(0.30, -30), (0.30, 30)], [(0.30, -30), (0.08, -28), (0.03, -20), (0.03, 20), (0.08, 28), (0.30, 30)]):
        for run in barrel.trail(path, 2.4, 0.1):
            pen.ink(run, APRON.line, 0.7, (0.8, 0.8), cloth, 0.8)
    for run in barrel.trail([(0.27, -28), (0.27, 28)], 2.4, 0.1):
        pen.ink(run, RIBBON.fill, 0.9, (0.9, 0.9), cloth)


def _wheat(pen: Pen, barrel: Barrel, cloth: Mask) -> None:
    """A small ear of wheat embroidered on the bib."""
    if barrel.facing(0.66, 0) < 0.25:
        return
    root, tip = barrel.at(0.55, 0, 1.2)[:2], barrel.at(0.78, 0, 1.2)[:2]
    squeeze = max(0.45, barrel.facing(0.66, 0))
    pen.ink([tuple(root), tuple(tip)], WHEAT, 0.8, (0.8, 0.3), cloth)
    for share in (0.35, 0.58, 0.81):
        x, y = root + (tip - root) * share
        for sign in (-1, 1):
            pen.at(x + sign * 3.2 * squeeze, y - 1, sign * 38, squeeze, 1).fill([Blob(oval(0, 0, 1.7, 3.3, 20))], WHEAT, cloth)
    pen.fill([Blob(oval(tip[0], tip[1] - 1, 1.6 * squeeze, 3.2, 20))], WHEAT, cloth)


def _bow(pen: Pen, barrel: Barrel) -> None:
    """The apron strings tied behind."""
    if barrel.facing(0.43, 180) < 0.3:
        return
    x, y, _ = barrel.at(0.43, 180, 2)
    for sign in (-1, 1):
        local = pen.at(x, y, 0, sign, 1)
        local.paint([limb([(1, 2), (5, 12), (9, 21)], [1.6, 2.2, 2.6], 6)], APRON, shade=1, line=0.8)
        local.paint([blob([(0, 0), (7, -6.5), (14, -5), (14, 4), (7, 5.5)])], APRON, shade=1.6, line=0.9)
    pen.paint([Blob(oval(x, y, 3.6, 3.6))], APRON, shade=1, line=0.9)


def _leg(pen: Pen, figure: Figure, k: int) -> None:
    joints = figure.joints
    hip, knee, ankle = (figure.flat(p[k]) for p in (joints.hips, joints.knees, joints.ankles))
    shoe, _ = foot_parts(figure, k, 9.6, 9.4)
    pen.paint([limb([along(knee, ankle, 0.4), ankle], [10.5, 9.8], 5), *shoe], DARK, shade=2.6, glint=1.4)
    _toes(pen, figure, k)
    root = along(hip, knee, 0.4) if figure.knee_ahead(k) else (hip[0], hip[1] - 4)
    pen.paint([limb(bent(root, knee, along(knee, ankle, 0.56)), fold((18, 16, 13.6)), 6)], TROUSERS, shade=3.4, glint=1.4)
    pen.paint([band(knee, ankle, 0.44, 0.78, 14.4, 2.0)], TROUSERS, shade=2, glint=1.2, line=0.9)


def _toes(pen: Pen, figure: Figure, k: int) -> None:
    toe = figure.flat(figure.joints.toes[k])
    if figure.view.near(figure.joints.toes[k] - figure.joints.soles[k]) < 4:
        return
    for step in (-3.4, 3.4):
        pen.ink([(toe[0] + step, toe[1] - 8.5), (toe[0] + step * 1.1, toe[1] - 3.5)], DARK.line, 0.7, (0.5, 0.2))


def _arm(pen: Pen, figure: Figure, barrel: Barrel, k: int, part: str) -> None:
    joints = figure.joints
    shoulder, elbow, wrist = (figure.flat(p[k]) for p in (joints.shoulders, joints.elbows, joints.wrists))
    folded = figure.view.near(joints.wrists[k] - joints.elbows[k]) > 14 or wrist[1] < elbow[1] - 6
    if part != "lower":
        upper = limb([shoulder, elbow], [12.5, 11], 4) if folded else sleeve(figure, k, (12.5, 11, 9.6), 1.0)
        if folded:
            pen.paint([upper], DARK, shade=3.2)
        else:
            _forearm(pen, figure, k, [upper])
        pen.paint([limb([shoulder, along(shoulder, elbow, 0.62)], [13.6, 14.2], 5)], SHIRT, shade=3.2, glint=1.4)
        pen.paint([band(shoulder, elbow, 0.66, 0.96, 14.8, 2.2)], APRON, shade=2.2, line=0.9)
        if figure.arm_order(k) > BEHIND + 5:
            melt(pen, along(shoulder, figure.flat(joints.neck), 0.24), 12.2, SHIRT.fill, pen.mask([Blob(barrel.outline())]))
    if folded and part != "upper":
        _forearm(pen, figure, k, [limb([along(shoulder, elbow, 0.92), elbow, wrist], [10.6, 11, 9.6], 6)])


def _forearm(pen: Pen, figure: Figure, k: int, parts: list[Part]) -> None:
    """Fur down to the paw; seen from outside there is no line at the wrist."""
    elbow, wrist = figure.flat(figure.joints.elbows[k]), figure.flat(figure.joints.wrists[k])
    toward = figure.view.near(figure.joints.wrists[k] - figure.joints.elbows[k]) > 14
    if not toward:
        hand_at(pen, figure, k, DARK, 1.12, 1.22)
    pen.paint(parts, DARK, shade=3.2, glint=1.6)
    if toward:
        hand_at(pen, figure, k, DARK, 1.12, 1.22)
    else:
        pen.lay(pen.mask([limb([along(elbow, wrist, 0.86), along(elbow, wrist, 1.07)], [8.4, 6.0], 3)]), DARK.fill)


def _neckerchief(pen: Pen, figure: Figure, barrel: Barrel) -> None:
    neck = figure.flat(figure.joints.neck)
    sideways = math.sin(math.radians(figure.view.yaw))
    local = pen.at(neck[0] + sideways * 2, neck[1] + 1, sideways * figure.pose.lean * 0.5)
    local.paint([limb([(-25, -8), (-15, 3), (0, 7), (15, 3), (25, -8)], [7, 8, 8.4, 8, 7], 8)], RIBBON, shade=3.0, glint=1.6)
    around = 0 if abs(figure.view.turned) < 100 else 180
    x, y, _ = barrel.at(0.92, around, 3)
    if around:
        local = pen.at(x, y - 2, 0, max(0.4, abs(math.cos(math.radians(figure.view.yaw)))), 1)
        local.paint([blob([(-24, -6), (24, -6), (10, 12), (0, 24, 1), (-10, 12)])], RIBBON, shade=2.6)
        return
    local = pen.at(x, y + 4, -12 * sideways)
    for sign in (-1, 1):
        local.at(0, 0, -sign * 26).paint([blob([(-1.5, 0), (-6, 14), (0, 19, 1), (6.5, 14), (1.5, 0)])], RIBBON, shade=1.8, line=0.9)
    local.paint([Blob(oval(0, 0, 5.4, 4.8))], RIBBON, shade=1.4, glint=1.2, line=0.9)
