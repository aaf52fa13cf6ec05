"""A hand is a union of rounded fingers, so every gesture keeps the same soft look."""

from __future__ import annotations

from .brush import Part, Pen, limb
from .geometry import Tone

Lines = list[list[tuple[float, float]]]


def _relaxed(fat: float) -> tuple[list[Part], Lines]:
    parts: list[Part] = [
        limb([(-2, 0), (5, 0.2), (9, 0.4)], [4.8 * fat, 5.6 * fat, 5.2 * fat]),
        limb([(8, -2.4), (13, -2), (16.2, 0)], [3.2 * fat, 2.9 * fat, 2.3 * fat]),
        limb([(8, 1.4), (13.5, 1.8), (16.8, 3)], [3 * fat, 2.7 * fat, 2.2 * fat]),
        limb([(3, 3.4), (7.6, 6.4), (11, 6.6)], [2.7 * fat, 2.4 * fat, 2 * fat]),
    ]
    return parts, [[(10, 0), (13, 0.3), (16.4, 2)], [(6.2, 3.2), (8.6, 4.2), (10.6, 4.3)]]


def _open(fat: float) -> tuple[list[Part], Lines]:
    tips = [(17.2, -7.2), (20, -2.6), (19.8, 2.3), (17, 6.9)]
    roots = [(8.4, -3.6), (9.5, -1.3), (9.5, 1.3), (8.4, 3.4)]
    fingers: list[Part] = [limb([r, t], [2.5 * fat, 2.15 * fat], 4) for r, t in zip(roots, tips, strict=True)]
    thumb = limb([(2.5, 3.4), (6, 8), (8.6, 10.6)], [2.8 * fat, 2.5 * fat, 2.1 * fat])
    palm = limb([(-2, 0), (4, 0), (7.6, 0)], [4.6 * fat, 5.9 * fat, 5.9 * fat])
    return [palm, *fingers, thumb], [[(3.4, 4.2), (5.6, 3), (7, 0.6)]]


def _point(fat: float) -> tuple[list[Part], Lines]:
    """The forefinger leads along the thumb's edge; the others curl in and the thumb lies over them."""
    parts: list[Part] = [
        limb([(-2, 0), (4, 0), (7, -0.4)], [4.7 * fat, 5.6 * fat, 5.4 * fat]),
        limb([(5, 3.6), (12, 5.0), (17, 5.4), (21.5, 5.2)], [2.8 * fat, 2.5 * fat, 2.3 * fat, 1.9 * fat]),
        limb([(9.4, -4.6), (10.4, -2.0), (10.2, 0.4)], [2.7 * fat, 3.1 * fat, 2.8 * fat]),
    ]
    return parts, [[(6, 2.4), (9.6, 2.9), (13.4, 2.8)], [(9.4, -3.2), (11.4, -3.2), (13.4, -3.4)], [(3.6, 4.4), (6.4, 1.8), (9.6, 0.2), (10.6, -1.6)]]


def _fist(fat: float) -> tuple[list[Part], Lines]:
    parts: list[Part] = [
        limb([(-2, 0), (4, 0), (7.6, 0)], [4.7 * fat, 5.9 * fat, 6.2 * fat]),
        limb([(10, -3.6), (10.6, 3.4)], [3.2 * fat, 3.2 * fat], 4),
        limb([(3, 3.4), (6.8, 5.9), (10, 5)], [2.6 * fat, 2.5 * fat, 2.2 * fat]),
    ]
    return parts, [[(9.6, -2.2), (11.6, -2.2), (13.4, -2)], [(9.8, 0.8), (11.8, 0.8), (13.6, 0.6)], [(6, 3), (8.4, 3.7), (10.6, 3)]]


SHAPES = {"relaxed": _relaxed, "open": _open, "point": _point, "fist": _fist}


def draw_hand(pen: Pen, kind: str, look: Tone, fat: float = 1.0) -> None:
    """A hand at the pen's origin, pointing along +x with its thumb on +y."""
    parts, lines = SHAPES[kind](fat)
    skin = pen.paint(parts, look, shade=1.7)
    for spots in lines:
        pen.ink(spots, look.line, 0.62, (0.6, 0.1), clip=skin)
