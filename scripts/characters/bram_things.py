"""Bram's ringed tail, and the flour sack and the loaf that belong to him."""

from __future__ import annotations

import numpy as np

from .body import Figure, box_faces
from .bram_head import CREAM, DARK, RUSSET
from .brush import Blob, Limb, Pen, blob, limb
from .geometry import Tone, mix, oval, tone
from .skeleton import LEFT, RIGHT

LOAF = tone("#d99a55", "#b87838", "#6e4220", "#f2c887")
SACK = tone("#e3d2b0", "#c8b28c", "#75613f", "#f3e7cd")


def _tail_spine(figure: Figure) -> list[tuple[float, float]]:
    joints = figure.joints
    frame, pelvis = joints.frame, joints.pelvis
    lifted = 10 * figure.pose.wind
    # The tail sways to the side that the picture can see.
    sway = frame.side * (-1.0 if 15 < figure.view.turned < 150 else 1.0)
    spots = [
        pelvis - frame.ahead * 30 - frame.up * 2,
        pelvis - frame.ahead * 54 + sway * 18 - frame.up * (12 - lifted),
        pelvis - frame.ahead * (70 + lifted) + sway * 46 + frame.up * (2 + lifted),
        pelvis - frame.ahead * (72 + lifted * 1.6) + sway * 66 + frame.up * (32 + lifted),
        pelvis - frame.ahead * (64 + lifted * 1.4) + sway * 66 + frame.up * (66 + lifted * 0.4),
    ]
    # A seated tail rests on the ground rather than sinking into it.
    return [(figure.flat(p)[0], min(figure.flat(p)[1], figure.flat(np.array([p[0], -14.0, p[2]]))[1])) for p in spots]


def tail(pen: Pen, figure: Figure) -> None:
    tail = limb(_tail_spine(figure), [10, 16, 19.5, 20, 17, 7], 12)
    fur = pen.paint([tail], RUSSET, shade=0)
    for low, high in ((0.30, 0.42), (0.53, 0.65), (0.76, 0.87)):
        pen.lay(pen.mask([_ring(tail, low, high)]).within(fur), mix(CREAM.fill, RUSSET.glint, 0.45))
    pen.lay(pen.mask([_ring(tail, 0.95, 1.3)]).within(fur), DARK.fill)
    lit = pen.at(-2.8, -3.6).mask([tail])
    pen.lay(fur.without(lit).faded(0.38), (110, 40, 50))


def _ring(tail: Limb, low: float, high: float) -> Blob:
    """A bowed band across the tail between two shares of its length."""
    last = len(tail.spots) - 1

    def edge(share: float) -> np.ndarray:
        index = min(last, round(share * last))
        spot = tail.spots[index]
        run = tail.spots[min(last, index + 2)] - tail.spots[max(0, index - 2)]
        ahead = run / (np.hypot(*run) or 1.0)
        side = np.array([-ahead[1], ahead[0]])
        beyond = max(0.0, share - 1.0) * 90
        return np.array([spot + ahead * (beyond + 5 * (1 - s * s)) + side * s * 24 for s in np.linspace(-1, 1, 9)])

    return Blob(np.vstack([edge(low), edge(high)[::-1]]))


def sack(pen: Pen, figure: Figure) -> None:
    """A plump flour sack to sit on."""
    x, y = figure.flat(figure.joints.pelvis)
    ground = figure.flat(np.array([figure.joints.pelvis[0], 0.0, figure.joints.pelvis[2]]))[1]
    top = y + 10
    half = 52
    shape = blob([(x - half + 6, top - 4), (x - 20, top - 8), (x + 20, top - 8), (x + half - 6, top - 4), (x + half + 5, (top + ground) / 2), (x + half - 2, ground + 6), (x, ground + 10), (x - half + 2, ground + 6), (x - half - 5, (top + ground) / 2)])
    cloth = pen.paint([shape], SACK, shade=5)
    for dx in (-34, 34):
        pen.ink([(x + dx, top + 2), (x + dx * 1.1, top + 14), (x + dx * 1.02, top + 26)], SACK.line, 0.7, (0.3, 0.1), cloth, 0.6)


def loaf(pen: Pen, figure: Figure) -> None:
    """A round loaf on a board that rests on both paws."""
    joints = figure.joints
    centre = (joints.wrists[0] + joints.wrists[1]) / 2 + joints.frame.ahead * 12 + np.array([0.0, -7.0, 0.0])
    wood = tone("#b98a5d", "#95683f", "#553723", "#d8ae80")
    for name, corners in box_faces(figure.view, centre, (36, 2.8, 20)):
        look = Tone(wood.glint if name == "top" else wood.fill, wood.shade, wood.line, wood.glint)
        pen.paint([Blob(corners)], look, shade=0)
    x, y = figure.flat(centre + np.array([0.0, -3.0, 0.0]))
    pen.fill([Blob(oval(x + 2, y + 3, 29, 5.4))], wood.shade, None, 0.7)
    shape = blob([(x - 27, y), (x - 25, y - 14), (x - 11, y - 25), (x + 11, y - 25), (x + 25, y - 14), (x + 27, y), (x + 15, y + 5), (x - 15, y + 5)])
    crust = pen.paint([shape], LOAF, shade=4.4, glint=2)
    for dx in (-14, -1, 12):
        local = pen.at(x + dx, y - 13.5, 24)
        local.lay(local.mask([limb([(0, -7), (0.6, 0), (0, 7)], [0.7, 2.6, 0.7], 6)]).within(crust), LOAF.glint)
    for k in (LEFT, RIGHT):
        thumb = figure.flat(joints.wrists[k] + joints.frame.ahead * 13 + np.array([0.0, -9.0, 0.0]))
        pen.paint([limb([(thumb[0], thumb[1] + 6), thumb], [4.4, 4.0], 4)], DARK, shade=1.4, glint=0.8)
