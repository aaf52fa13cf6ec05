"""Bram's head: a wide russet face with cream cheeks, round ears, a dark nose and a baker's cap."""

from __future__ import annotations

from .brush import Blob, Mask, Pen, blob
from .expressions import Expression
from .face import MOUTH_DARK, TONGUE, draw_blush
from .geometry import Tone, both_sides, flipped, hexed, oval, tone

RUSSET = tone("#df7e45", "#bd5f31", "#64301f", "#f3a873")
CREAM = tone("#fff4e0", "#efd8b8", "#8f6443", "#ffffff")
DARK = tone("#604139", "#49302d", "#2b1b1c", "#84605a")
MARK = hexed("#a64d28")
CAP = tone("#fffaf0", "#e3d9d0", "#85716a", "#ffffff")
RIBBON = tone("#c9485c", "#a5354c", "#5c1d2f", "#e5788a")
NOSE = tone("#43282a", "#2e1b1f", "#24151a", "#8a6a68")
EYE = hexed("#33201f")
EYE_GLOW = hexed("#8a5331")
BLUSH = hexed("#f08a6e")

HALF = [(0, -44), (26, -41), (44, -27), (52, -7), (57, 7), (67, 15, 1), (59, 19.5), (65, 30, 1), (54, 32), (57, 43, 1), (42, 42), (24, 50), (0, 53)]
TURNED = [
    (4, -44), (28, -40), (44, -26), (50.5, -8), (51, 4), (58, 14, 1), (52.5, 19), (57, 29, 1), (50, 31), (50, 40, 1), (42, 43), (32, 51),
    (14, 54), (-8, 51), (-30, 45), (-46, 47, 1), (-46, 37), (-61, 35, 1), (-56, 24), (-67, 17, 1), (-58, 7), (-54, -8), (-44, -28), (-24, -41),
]
SIDE = [
    (0, -44), (24, -41), (38, -28), (43, -12), (47, -1), (56, 7.5), (65, 10), (70.5, 15), (69.5, 22), (63, 27.5), (62, 32), (55, 39.5), (42, 46), (22, 50),
    (2, 49), (-20, 44), (-38, 30), (-49, 8), (-50, -14), (-38, -34), (-18, -43),
]


def draw_head(pen: Pen, kind: str, mood: Expression, clip_side: str, flutter: float) -> None:
    if kind == "front":
        _front(pen, mood)
    elif kind == "three-quarter":
        _turned(pen, mood)
    elif kind == "side":
        _side(pen, mood)
    else:
        _back(pen)


def _ear(pen: Pen, x: float, y: float, turn: float, sx: float, away: bool = False) -> None:
    local = pen.at(x, y, turn, sx, 1)
    shape = blob([(-19, 10), (-18, -8), (-8, -20), (6, -20), (17, -9), (18, 8), (10, 18), (-10, 18)])
    if away:
        back = local.paint([shape], CREAM, shade=0)
        local.fill([blob([(-14, 14), (-13, -4), (-5, -13), (5, -13), (12, -5), (13, 8), (6, 18), (-8, 18)])], RUSSET.fill, back)
        return
    local.paint([shape], CREAM, shade=2.4)
    local.paint([blob([(-11, 10), (-10, -4), (-3, -11), (5, -10), (10, -2), (10, 9), (4, 16), (-6, 16)])], DARK, shade=0, line=0.4)
    for dx in (-5, 0, 5):
        local.paint([blob([(dx - 3, 17), (dx - 1, 5), (dx + 1.2, -1, 1), (dx + 2, 7), (dx + 4, 17)])], CREAM, shade=0, line=0)


def _cap(pen: Pen, x: float, turn: float = 5.0, sx: float = 1.0, away: bool = False) -> None:
    local = pen.at(x, -38, turn, sx, 1)
    puff = local.paint(
        [blob([(-31, -4), (-43, -16), (-42, -32), (-28, -43), (-10, -43), (2, -49), (20, -46), (34, -41), (44, -28), (42, -13), (31, -3), (0, -9)])],
        CAP, shade=5.0,
    )
    for spots in ([(-20, -9), (-24, -20), (-30, -28)], [(-2, -11), (-3, -22), (-8, -32)], [(16, -10), (20, -20), (20, -32)]):
        local.ink(spots, CAP.line, 0.6, (0.5, 0.05), puff, 0.7)
    band = blob([(-33, -6), (-18, -11.5), (0, -13), (18, -11.5), (33, -6), (33.5, 3), (18, -2), (0, -3.4), (-18, -2), (-33.5, 3)])
    cloth = local.paint([band], RIBBON, shade=2.0, glint=1.2)
    if away:
        local.ink([(-0.5, -13), (0, -3)], RIBBON.line, 0.6, (1, 1), cloth)


def _soft(pen: Pen, shape: Blob, look: Tone, clip: Mask, shade: float = 0.0) -> Mask:
    """A fur marking: no outline, just colour and maybe a shadow."""
    return pen.paint([shape], look, shade=shade, line=0, clip=clip)


def _eye(pen: Pen, mood: Expression, outer: float, clip: Mask) -> None:
    """A glossy bead of an eye with a lid that can droop, widen or frown."""
    local = pen.at(0, 0, 0, outer, 1)
    closed = mood.eyes < 0.1
    if closed:
        local.ink([(-9, 3), (-4.6, -2.4), (0.4, -3.8), (5.2, -2), (9, 3.4)], NOSE.line, 1.8, (0.4, 0.4), clip)
        return
    rx, ry = 8.4 * (0.55 + 0.45 * mood.eyes), 10.0 * max(0.62, mood.eyes)
    if mood.eyes > 1.05:
        local.paint([Blob(oval(0, 0, rx + 2.6, ry + 2.4))], Tone((255, 252, 245), (230, 215, 205), RUSSET.line, (255, 255, 255)), shade=0, line=0.5, clip=clip)
        rx, ry = rx * 0.84, ry * 0.86
    ball = local.mask([Blob(oval(0, 0, rx, ry))])
    if 0 < mood.brow_tilt:
        ball = ball.without(local.mask([Blob(oval(-8, -16, 18, 10.2))]))
    local.lay(ball, EYE)
    gx, gy = mood.gaze[0] * 2.0 * outer, mood.gaze[1] * 2.0
    local.fill([Blob(oval(gx, gy + ry * 0.52, rx * 0.70, ry * 0.36))], EYE_GLOW, ball, 0.95, soft=1.0)
    lamp = pen.at(outer * gx, gy, 0, -1 if pen.place.mirrored else 1, 1)
    lamp.fill([Blob(oval(-2.7, -3.6, 3.0, 3.3))], (255, 255, 255), ball)
    lamp.fill([Blob(oval(3.0, 3.2, 1.5, 1.6))], (255, 255, 255), ball, 0.9)
    if mood.brow_tilt > 0:
        local.ink([(-9.4, -5.6), (-1, -7.4), (8, -8.2)], NOSE.line, 1.5, (0.6, 0.25), clip)
    else:
        local.ink([(-rx - 0.4, -1.5), (-rx * 0.6, -ry * 0.86), (0, -ry - 0.7), (rx * 0.7, -ry * 0.78), (rx + 2.6, -1.2)], NOSE.line, 1.25, (0.15, 0.5), clip)


def _brow(pen: Pen, mood: Expression, outer: float, clip: Mask) -> None:
    """The cream brow spot moves like an eyebrow."""
    local = pen.at(0, -mood.brow_up * 0.9, 0, outer, 1).at(0, 0, -mood.brow_tilt * 1.1 + 12)
    _soft(local, blob([(-8, 1.5), (-4, -4.4), (4, -5), (9, -0.5), (4, 3.8), (-4, 4.4)]), CREAM, clip, 1.2)


def _mouth(pen: Pen, kind: str, clip: Mask | None = None) -> None:
    """The line under the nose and the mouth it leads to."""
    ink = NOSE.line
    pen.ink([(0, -7), (0.2, -1)], ink, 0.9, (0.7, 0.7), clip)
    if kind in ("smile", "neutral", "aside"):
        wide, dip = (9.5, 4.2) if kind == "smile" else (6.2, 2.6)
        left = wide if kind != "aside" else 3.0
        pen.ink([(-left, 0.2), (-left * 0.55, dip), (0, -0.8)], ink, 1.15, (0.25, 0.6), clip)
        pen.ink([(wide, 0.2 if kind != "aside" else -1.6), (wide * 0.55, dip), (0, -0.8)], ink, 1.15, (0.25, 0.6), clip)
    elif kind == "laugh":
        look = Tone(MOUTH_DARK, MOUTH_DARK, ink, MOUTH_DARK)
        inside = pen.paint([blob([(-9.6, -0.6, 1), (-5, 2.2), (0, -0.8, 1), (5, 2.2), (9.6, -0.6, 1), (7, 8), (0, 12.4), (-7, 8)])], look, shade=0, line=0.85, clip=clip)
        pen.fill([Blob(oval(0, 11.6, 5.4, 5))], TONGUE, inside)
    elif kind == "oh":
        look = Tone(MOUTH_DARK, MOUTH_DARK, ink, MOUTH_DARK)
        inside = pen.paint([Blob(oval(0, 4.4, 4.4, 5.4))], look, shade=0, line=0.85, clip=clip)
        pen.fill([Blob(oval(0, 8.6, 3.4, 2.8))], TONGUE, inside)
    elif kind == "firm":
        pen.ink([(-6.6, 0.4), (0, 0.8), (6.6, -1.0)], ink, 1.25, (0.4, 0.4), clip)
    else:
        pen.ink([(-6.4, 4.2), (-3, 0.6), (0, -0.6), (3, 0.6), (6.4, 4.2)], ink, 1.15, (0.25, 0.25), clip)


def _nose(pen: Pen) -> None:
    shape = blob([(-8, -2.6), (-4, -5), (4, -5), (8, -2.6), (6, 2.2), (0, 5.4), (-6, 2.2)])
    pen.paint([shape], NOSE, shade=1.2, line=0.7)
    pen.fill([Blob(oval(-2.2, -2.6, 2.6, 1.1))], (214, 190, 186), None, 0.9)


def _cheek(pen: Pen, side: float, head: Mask) -> None:
    """Cream cheek fluff with a russet stripe running down from the eye."""
    local = pen.at(0, 0, 0, side, 1)
    _soft(local, blob([(31, 8), (44, 0), (56, 4), (76, 14), (70, 52), (38, 60), (27, 44), (25, 26)]), CREAM, head, 0)
    pen.fill([_on_side(side, [(14, 10), (22, 16), (31, 10), (37, 22), (37, 38), (30, 50, 1), (22, 44), (24, 32), (18, 22)])], MARK, head)


def _on_side(side: float, spots: list[tuple[float, ...]]) -> Blob:
    return blob(spots if side > 0 else flipped(spots))


def _front(pen: Pen, mood: Expression) -> None:
    for side in (-1, 1):
        _ear(pen.at(0, 0, 0, side, 1), 42, -36, 16, 1)
    head = pen.paint([blob(both_sides(HALF))], RUSSET, shade=0)
    for side in (-1, 1):
        _cheek(pen, side, head)
    _soft(pen, Blob(oval(0, 30, 22.5, 19)), CREAM, head, 2.4)
    _soft(pen, blob([(-7, 20), (-4, -2), (0, -14), (4, -2), (7, 20)]), Tone(RUSSET.glint, RUSSET.glint, RUSSET.line, RUSSET.glint), head)
    _soft(pen, Blob(oval(0, 26, 15, 11)), CREAM, head)
    _head_shade(pen, [blob(both_sides(HALF))], head)
    for side in (-1, 1):
        _brow(pen.at(side * 23, -15), mood, side, head)
        draw_blush(pen.at(side * 42, 24, 0, 1.1, 1.1), BLUSH, mood.blush * 0.8, head)
        _eye(pen.at(side * 22, 5), mood, side, head)
    _mouth(pen.at(0, 31), mood.mouth, head)
    _nose(pen.at(0, 19))
    _cap(pen, 0)


def _head_shade(pen: Pen, parts: list[Blob], head: Mask) -> None:
    """One shadow crescent over all the markings, so they read as the same fur."""
    lit = pen.at(-2.6, -3.4).mask(parts)
    pen.lay(head.without(lit).faded(0.32), (110, 40, 50))


def _turned(pen: Pen, mood: Expression) -> None:
    _ear(pen, 43, -36, 18, 0.72)
    _ear(pen, -41, -37, -18, 0.95)
    head = pen.paint([blob(TURNED)], RUSSET, shade=0)
    _soft(pen, blob([(-24, 8), (-40, 0), (-56, 4), (-76, 14), (-70, 56), (-34, 60), (-16, 46), (-12, 28)]), CREAM, head)
    _soft(pen, blob([(44, 8), (52, 0), (64, 10), (62, 46), (44, 50), (42, 30)]), CREAM, head)
    pen.fill([blob([(-8, 12), (-14, 16), (-22, 10), (-29, 22), (-30, 38), (-24, 50, 1), (-14, 46), (-12, 34), (-4, 24)])], MARK, head)
    pen.fill([blob([(34, 10), (40, 14), (45, 10), (48, 22), (47, 36), (43, 46, 1), (39, 38), (41, 28)])], MARK, head)
    _soft(pen, Blob(oval(20, 31, 22, 19)), CREAM, head, 2.4)
    _soft(pen, blob([(11, 20), (14, -2), (16, -14), (20, -2), (25, 18)]), Tone(RUSSET.glint, RUSSET.glint, RUSSET.line, RUSSET.glint), head)
    _soft(pen, Blob(oval(21, 27, 15, 11)), CREAM, head)
    _head_shade(pen, [blob(TURNED)], head)
    _brow(pen.at(-2, -15), mood, -1, head)
    _brow(pen.at(38, -15.5, 0, 0.72, 1), mood, 1, head)
    draw_blush(pen.at(-44, 25, 0, 1.1, 1.1), BLUSH, mood.blush * 0.8, head)
    _eye(pen.at(-2, 5), mood, -1, head)
    _eye(pen.at(38, 4.6, 0, 0.76, 0.98), mood, 1, head)
    _mouth(pen.at(23, 32, 0, 0.9, 1), mood.mouth, head)
    _nose(pen.at(24.5, 19.5, 0, 0.95, 1))
    _cap(pen, 3, 6)


def _side(pen: Pen, mood: Expression) -> None:
    head = pen.paint([blob(SIDE)], RUSSET, shade=0)
    _soft(pen, blob([(50, 6), (62, 6), (76, 14), (72, 30), (58, 44), (38, 48), (33, 36), (38, 20)]), CREAM, head)
    pen.fill([blob([(22, 10), (30, 15), (36, 12), (36, 24), (32, 38), (24, 49, 1), (16, 46), (22, 34), (20, 22)])], MARK, head)
    _head_shade(pen, [blob(SIDE)], head)
    tuft = blob([(18, 18), (12, 8), (-4, 4), (-24, 12, 1), (-15, 20), (-29, 30, 1), (-16, 33), (-22, 45, 1), (0, 46), (12, 49, 1), (15, 38), (19, 30)])
    pen.paint([tuft], CREAM, shade=2.6, line=0.6, clip=head)
    draw_blush(pen.at(7, 26), BLUSH, mood.blush * 0.8, head)
    _brow(pen.at(31, -14, 0, 0.8, 1), mood, -1, head)
    _eye(pen.at(31, 4, 0, 0.72, 1), mood, -1, head)
    _side_mouth(pen, mood.mouth, head)
    _nose(pen.at(66.5, 15, 22, 0.78, 1.02))
    _cap(pen, 7, 4, 0.88)
    _ear(pen, -29, -37, -16, 0.86)
    # Fur closes over the ear's root.
    pen.fill([blob([(-46, -14), (-42, -23), (-34, -20, 1), (-30, -25), (-24, -20, 1), (-18, -24), (-12, -14), (-28, -8)])], RUSSET.fill, head)


def _side_mouth(pen: Pen, kind: str, head: Mask) -> None:
    ink = NOSE.line
    if kind in ("laugh", "oh"):
        look = Tone(MOUTH_DARK, MOUTH_DARK, ink, MOUTH_DARK)
        spots = [(63.5, 27, 1), (54, 30), (46, 28, 1), (48, 37), (56, 40), (61, 34)] if kind == "laugh" else [(63, 28), (56, 29), (54, 34), (58, 38), (62, 34)]
        inside = pen.paint([blob(spots)], look, shade=0, line=0.85, clip=head)
        pen.fill([Blob(oval(56, 39, 5, 3.4))], TONGUE, inside)
        return
    bend = {"smile": (46, 26.5, 31), "sad": (49, 34, 29), "firm": (49, 29.5, 29.5)}.get(kind, (50, 28, 30.5))
    pen.ink([(64, 27.2), (57, bend[2]), (bend[0], bend[1])], ink, 1.15, (0.6, 0.25), head)


def _back(pen: Pen) -> None:
    for side in (-1, 1):
        _ear(pen.at(0, 0, 0, side, 1), 42, -36, 16, 1, away=True)
    head = pen.paint([blob(both_sides(HALF))], RUSSET, shade=5.0, glint=2.2)
    pen.fill([blob([(-34, -40), (34, -40), (38, -31), (14, -34), (0, -35), (-14, -34), (-38, -29)])], RUSSET.shade, head)
    for side in (-1, 1):
        _soft(pen.at(0, 0, 0, side, 1), blob([(54, 12), (76, 10), (70, 52), (50, 50), (58, 40), (50, 33), (60, 27), (52, 20)]), CREAM, head)
    for spots in ([(-14, 30), (-10, 36), (-12, 42)], [(12, 28), (9, 35), (12, 41)], [(-2, 36), (0, 42), (-1, 48)], [(-30, 18), (-27, 24), (-30, 30)], [(30, 16), (27, 23), (30, 29)]):
        pen.ink(spots, RUSSET.shade, 1.1, (0.1, 0.1), head)
    _cap(pen, 0, -4, 1, away=True)
