"""Mira's head: a round freckled face, amber eyes, a silver-blue bob and one coral star clip on her left."""

from __future__ import annotations

from .brush import Blob, Mask, Pen, blob
from .expressions import Expression
from .face import draw_big_eye, draw_blush, draw_brow, draw_mouth, star, strand
from .geometry import both_sides, hexed, oval, tone

SKIN = tone("#ffdfc6", "#f2b99b", "#a3584c", "#fff0e2")
HAIR = tone("#cad6e5", "#9fb2cf", "#4b5982", "#f4f8fc")
HAIR_IN = tone("#8da3c8", "#7489b4", "#43527e", "#b4cbe6")
IRIS = tone("#f7b23c", "#d27f1e", "#7a3f1c", "#ffe38a")
CLIP = tone("#ff7f66", "#dd5a52", "#943343", "#ffc2ac")
BROW = hexed("#54628f")
STRAND = hexed("#7c91ba")
BLUSH = hexed("#f58f84")
FRECKLE = hexed("#d98a64")

FACE_FRONT = both_sides([(0, -46), (30, -38), (42, -12), (42.5, 6), (38.5, 23), (27, 38.5), (11, 47.6), (0, 49.4)])
FACE_TURNED = [
    (2, -47), (28, -38), (38, -16), (37.2, -4), (37.4, 3), (40, 13), (38.4, 24), (33, 36), (23, 46), (13, 49.2),
    (-1, 46.6), (-17, 39), (-29, 25), (-36, 6), (-38, -16), (-24, -40),
]
FACE_SIDE = [
    (0, -48), (28, -42), (40, -26), (43, -12), (41.6, -3), (40.2, 3), (43, 9), (46.8, 15.4), (46.4, 18.6), (42, 21.4),
    (42.6, 25.4), (41, 28.6), (41.6, 31.6), (39.8, 35), (39.4, 40), (36, 46.4), (28, 50), (14, 45), (0, 36), (-14, 26), (-30, 0), (-26, -30),
]


def draw_hair_behind(pen: Pen, kind: str) -> None:
    """The inside of the bob, behind face and neck."""
    if kind == "front":
        half = [(0, -58), (34, -52), (54, -24), (59, 8), (57, 32), (48, 50, 1), (40, 45), (30, 51, 1), (16, 46), (0, 48)]
        pen.paint([blob(both_sides(half))], HAIR_IN, shade=0)
    elif kind == "three-quarter":
        pen.paint(
            [blob([(-6, -58), (28, -52), (44, -24), (47, 4), (46, 26), (40, 42, 1), (30, 36), (10, 46), (-20, 46), (-40, 46, 1), (-56, 38), (-60, 6), (-50, -36)])],
            HAIR_IN, shade=0,
        )


def draw_head(pen: Pen, kind: str, mood: Expression, clip_side: str, flutter: float) -> None:
    """Everything from the face forward; `clip_side` is near, far or none in this view."""
    if kind == "front":
        _front(pen, mood, clip_side, flutter)
    elif kind == "three-quarter":
        _turned(pen, mood, clip_side, flutter)
    elif kind == "side":
        _side(pen, mood, clip_side, flutter)
    else:
        _back(pen, clip_side, flutter)


def _freckles(pen: Pen, clip: Mask, sx: float = 1.0) -> None:
    for x, y, r in ((-4.4, -1.2, 0.85), (-0.6, 0.6, 0.95), (3.6, -0.8, 0.8), (0.9, 3.2, 0.7), (-3.0, 2.8, 0.65)):
        pen.fill([Blob(oval(x * sx, y, r * max(sx, 0.7), r, 14))], FRECKLE, clip, 0.85)


def _eye_mood(mood: Expression, winking: bool) -> Expression:
    if mood.wink and winking:
        return Expression(0.0, mood.iris, mood.gaze, mood.brow_up, mood.brow_tilt, mood.mouth, mood.blush)
    return mood


def _fringe_shadow(pen: Pen, parts: list[Blob], face: Mask) -> None:
    drop = pen.at(1.2, 4.2)
    pen.lay(drop.mask(parts).within(face), SKIN.shade)


def _hair(pen: Pen, parts: list[Blob], glints: list[list[tuple[float, ...]]], lines: list[list[tuple[float, float]]], shade: float = 4.5) -> Mask:
    """Hair mass with its light band and strand lines."""
    mass = pen.paint(parts, HAIR, shade=shade)
    for band in glints:
        pen.fill([blob(band)], HAIR.glint, mass, 0.92)
    for line in lines:
        strand(pen, line, STRAND, 1.3, mass)
    return mass


def _clip(pen: Pen, x: float, y: float, sx: float, turn: float) -> None:
    """The coral star, squeezed as its surface turns away."""
    local = pen.at(x, y, turn, sx, 1)
    local.paint([star(0, 0, 10.4)], CLIP, shade=2.0, glint=1.2)
    local.fill([Blob(oval(-2.2, -2.4, 1.7, 1.3, 16))], (255, 236, 226), None, 0.9)


def _front(pen: Pen, mood: Expression, clip_side: str, flutter: float) -> None:
    face = pen.paint([blob(FACE_FRONT)], SKIN, shade=3.2)
    fringe = blob([
        (-50, 2), (-56, -16), (-50, -40), (-30, -57), (0, -62), (30, -57), (50, -40), (56, -16), (50, 2), (46, -6), (43, -14, 1),
        (38, -6), (29, 2.5, 1), (26, -10), (22, -20, 1), (16, -6), (3, 1.5, 1), (3, -8), (1, -16, 1), (-6, -5), (-20, 3, 1), (-19, -8), (-22, -18, 1), (-28, -4), (-40, 3, 1), (-42, -8), (-42, -14, 1), (-47, -4),
    ])
    left = blob([(-40, -28), (-54, -16), (-60, 8), (-59 - flutter, 30), (-49 - flutter * 2, 50, 1), (-43, 42), (-38 - flutter, 47, 1), (-37, 32), (-41, 12), (-39, -6)])
    right = blob([(40, -28), (54, -16), (60, 8), (59 - flutter, 30), (49 - flutter * 2, 50, 1), (43, 42), (38 - flutter, 47, 1), (37, 32), (41, 12), (39, -6)])
    _fringe_shadow(pen, [fringe, left, right], face)
    draw_blush(pen.at(-25, 25), BLUSH, mood.blush, face)
    draw_blush(pen.at(25, 25), BLUSH, mood.blush, face)
    _freckles(pen.at(-24, 23), face)
    _freckles(pen.at(24, 23, 0, -1, 1), face)
    pen.ink([(-1.6, 20.6), (1.2, 21.8), (2.4, 20.4)], SKIN.line, 0.8, (0.2, 0.2))
    draw_mouth(pen.at(0, 33), mood.mouth, SKIN.line, face)
    draw_big_eye(pen.at(-19.5, 9.5), mood, IRIS, face, -1)
    draw_big_eye(pen.at(19.5, 9.5), _eye_mood(mood, True), IRIS, face, 1)
    _hair(
        pen, [fringe, left, right],
        [[(-46, -26, 1), (-28, -37), (-8, -41), (-2, -42, 1), (-6, -34, 1), (-14, -33), (-18, -29, 1), (-22, -31), (-30, -27), (-34, -22, 1), (-37, -26)],
         [(6, -42, 1), (22, -39), (38, -31), (40, -29, 1), (32, -29), (26, -26, 1), (22, -31), (12, -34, 1)]],
        [[(0, -60), (1, -48), (1, -40)], [(-22, -18), (-20, -30), (-15, -42)], [(1, -16), (2.6, -26), (2.4, -36)], [(22, -20), (19, -32), (13, -44)],
         [(-43, -8), (-40, -26), (-28, -44)], [(42, -10), (41, -26), (30, -42)], [(-52, 34), (-54, 14), (-49, -8)], [(52, 34), (54, 14), (49, -8)]],
    )
    _tuft(pen)
    for sign in (-1, 1):
        draw_brow(pen.at(sign * 20, -9.5), mood, BROW, sign)
    if clip_side != "none":
        _clip(pen, 38, -23, 0.86, 16)


def _tuft(pen: Pen, x: float = 0.0) -> None:
    """Two cheeky hairs on the crown."""
    pen.paint([blob([(x - 7, -59.5, 1), (x - 5, -67), (x + 4, -72, 1), (x + 2.5, -66), (x + 5, -64), (x + 11, -65.5, 1), (x + 7, -60), (x + 7, -58.5, 1), (x, -57)])], HAIR, shade=1.5)
    pen.fill([Blob(oval(x, -57.2, 7.4, 2.6))], HAIR.fill)


def _turned(pen: Pen, mood: Expression, clip_side: str, flutter: float) -> None:
    face = pen.paint([blob(FACE_TURNED)], SKIN, shade=3.0)
    fringe = blob([
        (-20, 6, 1), (-34, -6), (-54, -14), (-50, -40), (-32, -57), (-4, -62.5), (24, -57), (42, -40), (47.5, -16), (46, 6, 1), (42, -6), (40, -14, 1),
        (37, -4), (30, 2.5, 1), (30, -8), (29, -16, 1), (24, -4), (13, 2.5, 1), (14, -8), (13, -16, 1), (6, -4), (-8, 3, 1), (-7, -8), (-9, -16, 1), (-15, -4),
    ])
    near = blob([(-20, -34), (-18.5, -8), (-19.5, 16), (-25 - flutter, 43, 1), (-32, 42), (-37 - flutter * 1.6, 52, 1), (-45 - flutter, 49), (-56 - flutter, 36), (-61.5, 8), (-57, -22), (-40, -44)])
    far = blob([(40, -26), (47.5, -12), (49.5, 8), (48, 26), (41 - flutter, 42, 1), (40.5, 30), (41.6, 14), (39.6, 0)])
    _fringe_shadow(pen, [fringe, near], face)
    draw_blush(pen.at(-1, 26), BLUSH, mood.blush, face)
    draw_blush(pen.at(33.5, 25, 0, 0.6, 1), BLUSH, mood.blush, face)
    _freckles(pen.at(1, 24), face)
    _freckles(pen.at(32, 23.4, 0, -0.72, 1), face)
    pen.ink([(22.6, 16.4), (25, 20.4), (22.2, 21.8)], SKIN.line, 0.8, (0.1, 0.3))
    draw_mouth(pen.at(19, 33.5, -3, 0.9, 1), mood.mouth, SKIN.line, face)
    draw_big_eye(pen.at(3, 9.8), mood, IRIS, face, -1)
    draw_big_eye(pen.at(31, 9.2, 0, 0.66, 0.97), _eye_mood(mood, True), IRIS, face, 1)
    _hair(pen, [far], [], [], 2.0)
    if clip_side == "far":
        _clip(pen, 45, -25, 0.42, 14)
    _hair(
        pen, [near, fringe],
        [[(-50, -20, 1), (-38, -34), (-18, -41), (-8, -42, 1), (-12, -34, 1), (-22, -31), (-26, -26, 1), (-34, -25), (-42, -14, 1), (-45, -19)],
         [(2, -42, 1), (18, -39), (32, -31), (35, -28, 1), (27, -29), (22, -26, 1), (18, -31), (7, -34, 1)]],
        [[(-3, -60), (-3, -50), (-4, -42)], [(-9, -16), (-9, -28), (-6, -40)], [(13, -16), (14, -28), (11, -42)], [(29, -16), (27, -30), (19, -44)], [(41, -14), (39, -30), (29, -46)], [(-20, -6), (-24, -26), (-18, -46)], [(-36, 46), (-41, 20), (-38, -12)], [(-51, 34), (-54, 8), (-48, -22)]],
    )
    _tuft(pen, -3)
    draw_brow(pen.at(2, -9.5), mood, BROW, -1)
    draw_brow(pen.at(31, -9.5, 0, 0.66, 1), mood, BROW, 1)
    if clip_side == "near":
        _clip(pen, -15, -19, 0.96, -14)


def _side(pen: Pen, mood: Expression, clip_side: str, flutter: float) -> None:
    face = pen.paint([blob(FACE_SIDE)], SKIN, shade=2.6)
    fringe = blob([
        (2, 0), (-20, -6), (-40, -30), (-24, -56), (-2, -62.5), (24, -58), (42, -42), (48, -20), (46.5, 2, 1), (42, -8), (39, -15, 1),
        (34, -4), (27, 2, 1), (27, -8), (24, -16, 1), (19, -6), (9, 3, 1), (6, -8),
    ])
    rear = blob([
        (-2, -62), (-30, -57), (-52, -36), (-60, -6), (-57 - flutter, 24), (-49 - flutter * 2, 43), (-41 - flutter * 3, 54, 1), (-34 - flutter, 50.5), (-24 - flutter * 2, 55, 1), (-17, 50),
        (-6 - flutter, 47, 1), (2, 30), (3, 8), (7, -10), (26, -30), (20, -52),
    ])
    _fringe_shadow(pen, [fringe, rear], face)
    draw_blush(pen.at(23, 27, 0, 0.85, 1), BLUSH, mood.blush, face)
    _freckles(pen.at(26.5, 23.6, 0, 0.9, 1), face)
    pen.ink([(44.4, 20.6), (42, 20), (40.8, 18.2)], SKIN.line, 0.7, (0.5, 0.1), face)
    _side_mouth(pen, mood.mouth, face)
    draw_big_eye(pen.at(29, 9.6, 0, 0.64, 0.97), mood, IRIS, face, -1)
    _hair(
        pen, [rear, fringe],
        [[(-52, -22, 1), (-40, -36), (-18, -43), (-4, -43, 1), (-9, -35, 1), (-20, -33), (-25, -27, 1), (-36, -27), (-44, -14, 1), (-47, -20)],
         [(4, -43, 1), (22, -40), (37, -30, 1), (28, -30), (23, -26, 1), (18, -31), (8, -34, 1)]],
        [[(-4, -61), (-3, -52), (-3, -45)], [(4, 2), (4, -18), (-1, -42)], [(24, -16), (23, -30), (13, -46)], [(39, -15), (36, -30), (24, -48)], [(-23, 50), (-30, 22), (-28, -10)], [(-46, 40), (-53, 10), (-47, -24)], [(-7, 42), (-10, 24), (-8, 8)]],
    )
    _tuft(pen, -4)
    draw_brow(pen.at(30.5, -9, 0, 0.62, 1), mood, BROW, -1)
    if clip_side == "near":
        _clip(pen, 17, -22, 0.92, -10)


def _side_mouth(pen: Pen, kind: str, face: Mask) -> None:
    if kind in ("laugh", "oh"):
        wide = 0.55 if kind == "laugh" else 0.5
        draw_mouth(pen.at(39.5 if kind == "laugh" else 40, 30, -6, wide * 1.3, 0.8), kind, SKIN.line, face)
    else:
        draw_mouth(pen.at(37.5, 30, -4, 0.75, 0.95), kind, SKIN.line, face)


def _back(pen: Pen, clip_side: str, flutter: float) -> None:
    shape = [
        (0, -62.5), (30, -57), (51, -38), (59, -4), (57, 24), (51, 41), (42 + flutter, 53, 1), (34, 51), (25 + flutter, 57, 1), (17, 53), (4, 59, 1),
        (-4, 54.5), (-17, 57.5, 1), (-26, 52), (-40 + flutter, 54, 1), (-50, 41), (-57, 24), (-59, -4), (-51, -38), (-30, -57),
    ]
    # The star on her left just peeks past the edge.
    _clip(pen, -55, -22, 0.5, -12)
    _hair(
        pen, [blob(shape)],
        [[(-50, -18, 1), (-36, -30), (-14, -36), (-2, -36, 1), (-7, -28, 1), (-16, -27), (-21, -20, 1), (-30, -22), (-37, -11, 1), (-41, -17)],
         [(5, -36, 1), (22, -33), (40, -24), (47, -18, 1), (36, -20), (31, -13, 1), (24, -22), (10, -28, 1)]],
        [[(1, -60), (2, -50), (1, -40)], [(-5, -58), (-14, -50), (-20, -40)], [(7, -58), (17, -50), (24, -39)], [(-4, 54), (-5, 34), (0, 8)], [(17, 52), (20, 30), (18, 4)], [(-26, 51), (-29, 28), (-24, -2)], [(34, 50), (39, 26), (36, 0)], [(-46, 42), (-51, 18), (-47, -10)], [(49, 40), (53, 14), (49, -12)], [(4, 57), (7, 42), (8, 26)], [(-38, 52), (-41, 38), (-40, 24)], [(-13, -54), (-30, -46), (-42, -30)], [(15, -54), (32, -46), (44, -29)], [(2, -18), (-3, -4), (-13, 12)], [(26, 55), (29, 44), (29, 34)]],
        shade=5.0,
    )
    _tuft(pen, 1)
