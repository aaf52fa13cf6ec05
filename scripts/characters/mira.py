"""Mira, a young courier: teal jacket, mustard scarf, dark shorts, brown boots and a satchel on her left hip."""

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
    OVER,
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
from .brush import Blob, Limb, Mask, Pen, limb
from .geometry import tone
from .mira_head import SKIN, draw_hair_behind, draw_head
from .mira_things import CREAM, LEATHER, SCARF, crate, parcel, satchel
from .skeleton import LEFT, RIGHT, Build

BUILD = Build(hip=11.5, thigh=49, shin=48, sole=9, foot=15, torso=78, shoulder=20, shoulder_drop=8, upper_arm=37, forearm=35, neck=46)
HEAD_SIZE = 0.92
STANDING = 302.0  # ground to crown
CROWN = 66.0  # head joint to the top of the hair
CHIN = 47.0

JACKET = tone("#37a39d", "#26808a", "#16505e", "#6cc7bb")
TRIM = tone("#23707b", "#1b5a68", "#123f4d")
SHORTS = tone("#3e4469", "#2e3354", "#1c2038")
BOOT = tone("#96613d", "#75472c", "#43261a", "#bf8a5e")
SOLE = tone("#4a3329", "#38251e", "#2a1a15")
SOCK = tone("#f5efe2", "#d8cdbd", "#85705f")

SLICES = ((-0.13, 27.5, 20.5, 0), (0.08, 25.5, 19, 0), (0.36, 22.5, 16.5, 0), (0.66, 23.5, 17, 0), (0.84, 21.5, 15, -0.5), (0.95, 14.5, 11.5, -0.5), (1.02, 7.5, 7.5, 0))


def draw(pen: Pen, figure: Figure) -> None:
    joints, view = figure.joints, figure.view
    barrel = Barrel(joints.pelvis, joints.neck, joints.frame, view, SLICES)
    kind, mirrored, clip_side = figure.head_look()
    flutter = figure.pose.wind * 3
    head = figure.flat(joints.head)
    head_pen = pen.at(head[0], head[1] + figure.pose.head_drop, figure.head_turn(), -HEAD_SIZE if mirrored else HEAD_SIZE, HEAD_SIZE)
    away = abs(view.turned) > 110
    pieces = [
        Piece(BEHIND - 10, lambda: draw_hair_behind(head_pen, kind)),
        Piece(MIDDLE, lambda: _torso(pen, figure, barrel)),
        Piece(NECK, lambda: _scarf(pen, figure)),
        Piece(HEAD, lambda: draw_head(head_pen, kind, figure.mood, clip_side, flutter)),
    ]
    for k in (LEFT, RIGHT):
        pieces.append(Piece(figure.leg_order(k), lambda k=k: _leg(pen, figure, k)))
        pieces += [Piece(order, lambda k=k, part=part: _arm(pen, figure, barrel, k, part)) for order, part in figure.arm_parts(k)]
    satchel_near = view.near(joints.frame.side * 26 - joints.frame.ahead * 8)
    pieces.append(Piece(OVER - 5 if satchel_near > -12 else BEHIND + 5, lambda: satchel(pen, figure)))
    for around, length in ((-42, 50), (165, 44)):
        order = OVER - 6 if barrel.facing(0.85, around) > -0.05 else BEHIND - 12
        pieces.append(Piece(order, lambda a=around, n=length: _scarf_tail(pen, figure, barrel, a, n)))
    if figure.pose.seat == "box":
        pieces.append(Piece(LOWER + 4 if away else BEHIND - 15, lambda: crate(pen, figure)))
    if figure.pose.holding:
        pieces.append(Piece(figure.arm_order(LEFT) - 0.5, lambda: parcel(pen, figure)))
    draw_in_order(pieces)


def _torso(pen: Pen, figure: Figure, barrel: Barrel) -> None:
    neck, head = figure.flat(figure.joints.neck), figure.flat(figure.joints.head)
    pen.paint([limb([neck, along(neck, head, 0.55)], [8, 8], 4)], SKIN, shade=2)
    body = pen.paint([Blob(barrel.outline())], JACKET, shade=4.6, glint=1.6)
    for start in (-90, 0, 90, 180):
        band = barrel.patch(-0.13, -0.035, start - 46, start + 46)
        if band is not None:
            pen.fill([Blob(band)], TRIM.fill, body)
    for run in barrel.trail([(-0.03, a) for a in range(-180, 181, 30)], keep=-0.02):
        pen.ink(run, JACKET.line, 0.6, (0.9, 0.9), body)
    for run in barrel.trail([(-0.13, 0), (0.95, 0)]):
        pen.ink(run, JACKET.line, 0.8, (0.9, 0.9), body)
    for sign in (-1, 1):
        for run in barrel.trail([(0.12, sign * 34), (0.26, sign * 52)], keep=0.12):
            pen.ink(run, JACKET.line, 0.9, (0.5, 0.5), body)
    for run in barrel.trail([(0.72, 118), (0.66, 150), (0.64, 180), (0.66, 210), (0.72, 242)]):
        pen.ink(run, JACKET.shade, 0.9, (0.3, 0.3), body)
    _strap(pen, barrel, body)
    # The scarf's shadow on the jacket.
    pen.fill([limb([(neck[0] - 19, neck[1] + 6), (neck[0] + 2, neck[1] + 15), (neck[0] + 22, neck[1] + 7)], [8, 10, 8], 8)], (20, 40, 80), body, 0.24)


def _strap(pen: Pen, barrel: Barrel, body: Mask) -> None:
    paths = ([(0.98, -50), (0.75, -28), (0.5, 4), (0.25, 42), (0.02, 84)], [(0.98, -110), (0.75, -146), (0.5, -182), (0.25, -220), (0.02, -262)])
    for path in paths:
        for run in barrel.trail(path, 0.6, 0.0):
            pen.paint([Limb(run, np.full(len(run), 2.7))], LEATHER, shade=1.0, line=0.7, clip=body)


def _leg(pen: Pen, figure: Figure, k: int) -> None:
    joints = figure.joints
    hip, knee, ankle = (figure.flat(p[k]) for p in (joints.hips, joints.knees, joints.ankles))
    ahead = figure.knee_ahead(k)
    shown = math.hypot(knee[0] - hip[0], knee[1] - hip[1]) / BUILD.thigh
    reach = min(0.86, max(0.5, 1.1 - 0.7 * shown))  # a thigh seen end-on is nearly all cloth
    if ahead:
        _shorts(pen, along(hip, knee, 0.3), knee, reach, 0.0)
    skin = pen.paint([limb(bent(along(hip, knee, reach * 0.8 if ahead else -0.06), knee, ankle), fold((10.8, 9.2, 7.4)), 6)], SKIN, shade=2.8)
    if abs(figure.view.turned) < 60 and not ahead:
        pen.ink([(knee[0] - 3.4, knee[1] + 4), (knee[0], knee[1] + 5.4), (knee[0] + 3.4, knee[1] + 4)], SKIN.shade, 0.8, (0.2, 0.2), skin)
    _boot(pen, figure, k, knee, ankle)
    if not ahead:
        _shorts(pen, hip, knee, 0.5, 6.0)


def _shorts(pen: Pen, hip: tuple[float, float], knee: tuple[float, float], reach: float, rise: float) -> None:
    hem = along(hip, knee, reach)
    length = math.hypot(hem[0] - hip[0], hem[1] - hip[1])
    leg = limb([(hip[0], hip[1] - rise - 0.1), hip, along(hip, knee, reach * 0.8)], [13.5, 13.8, 12.6], 6)
    # A short bone seen end-on keeps its round end; a long one gets a flat hem.
    parts = [leg, band(hip, knee, reach * 0.5, reach, 13.4)] if length > 14 else [leg]
    cloth = pen.paint(parts, SHORTS, shade=3)
    if length > 14:
        pen.lay(pen.mask([band(hip, knee, reach - 0.12, reach - 0.08, 14)]).within(cloth), SHORTS.line)


def _boot(pen: Pen, figure: Figure, k: int, knee: tuple[float, float], ankle: tuple[float, float]) -> None:
    shoe, sole = foot_parts(figure, k, 7.6, 7.0)
    pen.paint([band(knee, ankle, 0.42, 0.66, 8.6)], SOCK, shade=2)
    shaft = limb([along(knee, ankle, 0.64), along(knee, ankle, 0.82), ankle], [7.8, 7.8, 7.9], 6)
    pen.paint(sole, SOLE, shade=0)
    lift = _up(figure, k, 1.9)
    boot = pen.paint([shaft, *(Limb(p.spots + lift, p.radii) for p in shoe)], BOOT, shade=2.6, glint=1.2)
    toe, heel = figure.flat(figure.joints.toes[k]), figure.flat(figure.joints.soles[k])
    tie = along(ankle, along(heel, toe, 0.6), 0.35)
    pen.ink([along(tie, toe, -0.1), along(tie, toe, 0.22)], BOOT.line, 0.7, (0.5, 0.5), boot, 0.8)
    pen.paint([band(knee, ankle, 0.55, 0.72, 9.6)], LEATHER, shade=1.8, glint=1.0, line=0.85)


def _up(figure: Figure, k: int, amount: float) -> np.ndarray:
    ankle, sole = np.array(figure.flat(figure.joints.ankles[k])), np.array(figure.flat(figure.joints.soles[k]))
    run = ankle - sole
    return run / (np.hypot(*run) or 1.0) * amount


def _arm(pen: Pen, figure: Figure, barrel: Barrel, k: int, part: str) -> None:
    joints = figure.joints
    shoulder, elbow, wrist = (figure.flat(p[k]) for p in (joints.shoulders, joints.elbows, joints.wrists))
    if part == "upper":
        pen.paint([limb([shoulder, elbow], [9.6, 9.2], 6)], JACKET, shade=2.8, glint=1.2)
    else:
        cloth = sleeve(figure, k, (9.6, 9.0, 9.2), 0.86) if part == "whole" else limb([elbow, along(elbow, wrist, 0.86)], [9.3, 9.2], 6)
        _sleeve_and_hand(pen, figure, k, cloth)
    shown = math.hypot(elbow[0] - shoulder[0], elbow[1] - shoulder[1]) / BUILD.upper_arm
    if part != "lower" and figure.arm_order(k) > BEHIND + 5 and shown > 0.5:
        melt(pen, along(shoulder, figure.flat(joints.neck), 0.22), 8.4, JACKET.fill, pen.mask([Blob(barrel.outline())]))


def _sleeve_and_hand(pen: Pen, figure: Figure, k: int, cloth: Limb) -> None:
    elbow, wrist = figure.flat(figure.joints.elbows[k]), figure.flat(figure.joints.wrists[k])
    toward = figure.view.near(figure.joints.wrists[k] - figure.joints.elbows[k]) > 14
    if not toward:
        hand_at(pen, figure, k, SKIN, 0.98, 1.0)
    arm = pen.paint([cloth], JACKET, shade=2.8, glint=1.2)
    pen.lay(pen.mask([band(elbow, wrist, 0.56, 0.64, 12)]).within(arm), CREAM)
    pen.paint([band(elbow, wrist, 0.76, 1.0, 9.9)], TRIM, shade=1.8, line=0.85)
    if toward:
        hand_at(pen, figure, k, SKIN, 0.98, 1.0)


def _scarf(pen: Pen, figure: Figure) -> None:
    neck, head = figure.flat(figure.joints.neck), figure.flat(figure.joints.head)
    lean = math.degrees(math.atan2(head[0] - neck[0], neck[1] - head[1])) * 0.6
    facing = figure.view.turned
    wide = 0.86 if 60 < abs(facing) < 120 else 1.0
    flip = -1.0 if facing < 0 else 1.0
    local = pen.at(neck[0], neck[1] - 3, lean, wide * flip, 1)
    local.paint([limb([(-22, -5), (-15, 6), (0, 11), (15, 7), (22, -4)], [7, 9, 9.5, 9, 7], 8)], SCARF, shade=3.4)
    upper = local.paint([limb([(-20, -8), (-10, 0), (4, 3.4), (15, 0), (21, -8)], [6.5, 7.6, 8, 7.6, 6.5], 8)], SCARF, shade=2.6, glint=1.4)
    local.ink([(-13, 3), (-4, 5.2), (5, 5.6)], SCARF.line, 0.6, (0.1, 0.1), upper, 0.7)
    local.ink([(-9, 14), (0, 16.6), (8, 15)], SCARF.shade, 0.9, (0.1, 0.1))


def _scarf_tail(pen: Pen, figure: Figure, barrel: Barrel, around: float, length: float) -> None:
    """A ribbon that hangs from the knot, or flies out behind in the wind."""
    wind = figure.pose.wind
    root = barrel.at(0.93, around, 3)[:2]
    behind = -np.array(figure.flat(figure.joints.frame.ahead))
    drift = np.array([behind[0], -0.25]) if abs(behind[0]) > 0.3 else np.array([0.75 if around > 0 else -0.75, 0.0])
    fall = np.array([0.0, 1.0]) * (1 - 0.86 * wind) + drift * wind
    fall = fall / (np.hypot(*fall) or 1.0)
    across = np.array([-fall[1], fall[0]])
    wave = 5.0 * wind
    mid = root + fall * length * 0.5 + across * wave
    tip = root + fall * length - across * wave * 0.6
    spine = limb([tuple(root), tuple(mid), tuple(tip)], [6.2, 7.2, 8.6], 8)
    ribbon = _ribbon(spine)
    cloth = pen.paint([ribbon], SCARF, shade=2.2, glint=1.0)
    for share in (0.80, 0.88):
        spot = root + (tip - root) * share
        pen.ink([tuple(spot - across * 12), tuple(spot + across * 12)], CREAM, 1.3, (1, 1), cloth)
    for step in (-5.4, -1.8, 1.8, 5.4):
        start = tip + across * step
        pen.paint([limb([tuple(start), tuple(start + fall * 5)], [1.5, 1.1], 3)], SCARF, shade=0, line=0.6)


def _ribbon(spine: Limb) -> Blob:
    """A flat-ended band around a spine."""
    steps = np.gradient(spine.spots, axis=0)
    side = np.stack([-steps[:, 1], steps[:, 0]], axis=1) / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-6)[:, None]
    return Blob(np.vstack([spine.spots + side * spine.radii[:, None], (spine.spots - side * spine.radii[:, None])[::-1]]))
