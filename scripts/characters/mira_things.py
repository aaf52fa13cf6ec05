"""What Mira carries and sits on: her satchel, a delivery crate and a parcel tied with coral twine."""

from __future__ import annotations

import math

import numpy as np

from .body import Figure, box_faces
from .brush import Blob, Pen, limb
from .geometry import hexed, mix, rounded_box, tone
from .skeleton import SIGN

SCARF = tone("#f0b73a", "#d29226", "#83521a", "#fbd878")
LEATHER = tone("#b1784a", "#8d5a36", "#4d2e1d", "#d5a071")
CREAM = hexed("#f6ecd2")
KRAFT = tone("#d5a873", "#b58752", "#6b4a2c", "#e9c796")
TWINE = tone("#ee6f5f", "#cf5450", "#8c3239")


def satchel(pen: Pen, figure: Figure) -> None:
    joints, view = figure.joints, figure.view
    frame = joints.frame
    centre = joints.pelvis + frame.side * 27 - frame.ahead * 7 + frame.up * 2
    x, y = figure.flat(centre)
    length, thick = abs(view.flat(frame.ahead)[0]) * 34, abs(view.flat(frame.side)[0]) * 11
    half = max((length + thick) / 2, 7)
    swing = -figure.pose.wind * 10 * math.copysign(1, math.sin(math.radians(view.yaw)) or 1)
    local = pen.at(x, y, swing)
    local.paint([Blob(rounded_box(-half, -9, half, 16, 4.5))], LEATHER, shade=2.6, glint=1.2)
    if half > 11 and view.near(frame.side) > 0:
        flap = local.paint([Blob(rounded_box(-half - 0.8, -10.5, half + 0.8, 6, 4.5))], LEATHER, shade=1.8, glint=1.2)
        local.ink([(-half + 3, 3.2), (half - 3, 3.2)], CREAM, 0.5, (1, 1), flap, 0.6)
        local.paint([Blob(rounded_box(-2.4, 2.5, 2.4, 9, 1.2))], SCARF, shade=1, line=0.8)


def crate(pen: Pen, figure: Figure) -> None:
    """A wooden parcel crate to sit on."""
    joints = figure.joints
    top = joints.pelvis[1] + 13
    height = -top / 2
    centre = np.array([joints.pelvis[0], -height, joints.pelvis[2] - 4])
    for name, corners in box_faces(figure.view, centre, (38, height, 27)):
        look = KRAFT if name != "top" else tone("#e6c291", "#d0a570", "#6b4a2c")
        colour = mix(look.fill, look.shade, 0.55) if name == "side" else look.fill
        mask = pen.paint([Blob(corners)], type(look)(colour, look.shade, look.line, look.glint), shade=0)
        if name != "top":
            for share in (1 / 3, 2 / 3):
                a, b = corners[0] * (1 - share) + corners[3] * share, corners[1] * (1 - share) + corners[2] * share
                pen.ink([tuple(a), tuple(b)], KRAFT.line, 0.7, (1, 1), mask, 0.7)


def parcel(pen: Pen, figure: Figure) -> None:
    joints = figure.joints
    between = (joints.wrists[0] + joints.wrists[1]) / 2
    centre = between + joints.frame.ahead * 7 + np.array([0.0, -9.0, 0.0])
    for name, corners in box_faces(figure.view, centre, (19, 14, 13)):
        colour = KRAFT.glint if name == "top" else KRAFT.fill if name == "front" else mix(KRAFT.fill, KRAFT.shade, 0.6)
        mask = pen.paint([Blob(corners)], type(KRAFT)(colour, KRAFT.shade, KRAFT.line, KRAFT.glint), shade=0)
        low, high = (corners[0] + corners[1]) / 2, (corners[2] + corners[3]) / 2
        pen.fill([limb([tuple(low), tuple(high)], [1.8, 1.8], 3)], TWINE.fill, mask)
    top = figure.flat(centre + np.array([0.0, -14.0, 0.0]))
    for sign in SIGN:
        pen.paint([limb([top, (top[0] + sign * 6, top[1] - 4), (top[0] + sign * 8, top[1] - 0.5), top], [1.2, 2, 1.8, 1.2], 6)], TWINE, shade=0.6, line=0.7)
