"""Limbs, joints and drawing order are worked out once, so both characters bend and overlap alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .brush import Blob, Limb, Mask, Part, Pen, blob, limb
from .expressions import Expression
from .geometry import Tone
from .hands import draw_hand
from .skeleton import SIGN, Joints, Pose, View

BEHIND, LOWER, MIDDLE, OVER, NECK, HEAD, ABOVE = -20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 40.0


@dataclass(frozen=True)
class Piece:
    """Something to draw and how near it is."""

    order: float
    draw: Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One character in one pose, seen from one side, feeling one thing."""

    joints: Joints
    view: View
    pose: Pose
    mood: Expression

    def flat(self, point: np.ndarray) -> tuple[float, float]:
        x, y, _ = self.view.flat(point)
        return float(x), float(y)

    @property
    def chest(self) -> np.ndarray:
        return self.joints.pelvis * 0.35 + self.joints.neck * 0.65

    def arm_order(self, k: int) -> float:
        """Behind the body, over it, or over the face too when raised."""
        joints = self.joints
        near = self.view.near(joints.elbows[k] - self.chest) + 1.4 * self.view.near(joints.wrists[k] - self.chest)
        if near < -9:
            return BEHIND + k * 0.1
        wrist, head = self.flat(joints.wrists[k]), self.flat(joints.head)
        raised = wrist[1] < self.flat(joints.neck)[1] + 20
        if raised and abs(wrist[0] - head[0]) > 38:
            return NECK - 1  # beside the head: sleeves stay under scarf and hair
        return (ABOVE if raised else OVER) + near * 0.01

    def arm_parts(self, k: int) -> tuple[tuple[float, str], ...]:
        """An arm in order; one folded up to the face keeps its upper half under scarf and chin."""
        order = self.arm_order(k)
        return ((OVER, "upper"), (order, "lower")) if order > HEAD else ((order, "whole"),)

    def leg_order(self, k: int) -> float:
        joints = self.joints
        base = MIDDLE + 2 if self.knee_ahead(k) else LOWER
        return base + 0.02 * self.view.near(joints.knees[k] * 0.5 + joints.hips[k] - joints.pelvis * 1.5)

    def knee_ahead(self, k: int) -> bool:
        """True when the thigh comes towards us, so that it hides the hip instead of hanging from it."""
        return self.view.near(self.joints.knees[k] - self.joints.hips[k]) > 0.48 * self.joints.build.thigh

    def head_look(self) -> tuple[str, bool, str]:
        """Which drawing the head uses, whether it is mirrored, and where the figure's left side is."""
        yaw = (self.view.turned + self.pose.head_turn + 180) % 360 - 180
        size = abs(yaw)
        if size < 22:
            return "front", False, "near"
        kind = "three-quarter" if size < 66 else "side" if size < 118 else "back"
        if kind == "back":
            return kind, False, "none"
        mirrored = yaw < 0
        return kind, mirrored, "near" if mirrored else ("far" if kind == "three-quarter" else "none")

    def head_turn(self) -> float:
        """The head's tilt in the picture: its own plus a share of the body's lean."""
        sideways = math.sin(math.radians(self.view.yaw))
        facing = math.cos(math.radians(self.view.yaw))
        return self.pose.head_tilt * (1 if abs(facing) > 0.4 else 0.6) + 0.4 * self.pose.lean * sideways


def draw_in_order(pieces: list[Piece]) -> None:
    for piece in sorted(pieces, key=lambda p: p.order):
        piece.draw()


def along(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def bent(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> list[tuple[float, float]]:
    """Spots of a limb with a rounded joint: straight bones, a short curve between."""
    return [a, along(a, b, 0.45), along(a, b, 0.82), along(b, c, 0.18), along(b, c, 0.55), c]


def fold(radii: tuple[float, float, float]) -> list[float]:
    first, middle, last = radii
    return [first, (first + middle) / 2, middle, middle, (middle + last) / 2, last]


def sleeve(figure: Figure, k: int, radii: tuple[float, float, float], end: float = 0.94) -> Limb:
    joints = figure.joints
    shoulder, elbow, wrist = (figure.flat(p[k]) for p in (joints.shoulders, joints.elbows, joints.wrists))
    return limb(bent(shoulder, elbow, along(elbow, wrist, end)), fold(radii), 6)


def forearm_angle(figure: Figure, k: int) -> tuple[float, float]:
    """The forearm's direction in the picture (degrees) and how much of its length shows."""
    elbow, wrist = np.array(figure.flat(figure.joints.elbows[k])), np.array(figure.flat(figure.joints.wrists[k]))
    run = wrist - elbow
    return math.degrees(math.atan2(run[1], run[0])), min(1.0, float(np.hypot(*run)) / figure.joints.build.forearm)


def thumb_side(figure: Figure, k: int, angle: float) -> float:
    """+1 or -1: thumbs point to the body's middle from front and back, forward from the side."""
    sideways = math.sin(math.radians(figure.view.yaw))
    inward = -SIGN[k] * math.cos(math.radians(figure.view.yaw))
    wanted = inward if abs(sideways) < 0.8 else math.copysign(1.0, sideways)
    normal_x, normal_y = -math.sin(math.radians(angle)), math.cos(math.radians(angle))
    if abs(normal_x) > 0.35:
        return math.copysign(1.0, wanted * normal_x)
    return -1.0 if normal_y > 0 else 1.0


def hand_at(pen: Pen, figure: Figure, k: int, look: Tone, size: float, fat: float) -> None:
    reach = (figure.pose.left_arm, figure.pose.right_arm)[k]
    angle, share = forearm_angle(figure, k)
    wrist = figure.flat(figure.joints.wrists[k])
    squeeze = 0.62 + 0.38 * share
    draw_hand(pen.at(*wrist, angle, size * squeeze, size * thumb_side(figure, k, angle)), reach.hand, look, fat)


def band(a: tuple[float, float], b: tuple[float, float], low: float, high: float, half: float, bulge: float = 1.6) -> Blob:
    """A cuff around a bone between two shares of its length, with flat, slightly bowed ends."""
    start, end = np.array(along(a, b, low)), np.array(along(a, b, high))
    run = np.array(b) - np.array(a)
    ahead = run / (np.hypot(*run) or 1.0)
    side = np.array([-ahead[1], ahead[0]]) * half
    bow = ahead * bulge
    return blob([(*(start + side), 1), tuple(start + bow), (*(start - side), 1), (*(end - side), 1), tuple(end + bow), (*(end + side), 1)], 6)


def melt(pen: Pen, spot: tuple[float, float], radius: float, colour: tuple[int, int, int], inside: Mask) -> None:
    """Hide the outline where a limb grows out of the body, inside the body only."""
    pen.fill([limb([spot, (spot[0], spot[1] + 0.1)], [radius, radius], 2)], colour, inside)


def foot_parts(figure: Figure, k: int, heel: float, toe: float) -> tuple[list[Part], list[Part]]:
    """The shoe and the sole under it."""
    joints = figure.joints
    ankle, sole, tip = figure.flat(joints.ankles[k]), figure.flat(joints.soles[k]), figure.flat(joints.toes[k])
    down = np.array(sole) - np.array(ankle)
    lift = -down / (np.hypot(*down) or 1.0)
    heel_spot = np.array(sole) + lift * heel
    toe_spot = np.array(tip) + lift * toe
    shoe: list[Part] = [
        limb([ankle, tuple(heel_spot)], [heel * 0.98, heel], 4),
        limb([tuple(heel_spot), tuple(toe_spot)], [heel, toe], 8),
    ]
    flat_sole: list[Part] = [limb([tuple(np.array(sole) + lift * 1.2), tuple(np.array(tip) + lift * 1.2)], [heel * 0.9, toe * 0.95], 6)]
    return shoe, flat_sole


def box_faces(view: View, centre: np.ndarray, half: tuple[float, float, float], turn: float = 0.0) -> list[tuple[str, np.ndarray]]:
    """The faces of a box that look at us, far to near: 'top', 'front' or 'side'."""
    angle = math.radians(turn)
    side = np.array([math.cos(angle), 0, -math.sin(angle)]) * half[0]
    ahead = np.array([math.sin(angle), 0, math.cos(angle)]) * half[2]
    up = np.array([0.0, -half[1], 0.0])
    faces: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = [
        ("top", up, side, ahead), ("front", ahead, side, up), ("front", -ahead, -side, up), ("side", side, -ahead, up), ("side", -side, ahead, up),
    ]
    seen = []
    for name, normal, across, rise in faces:
        if name == "top" or view.near(normal) > 0.03 * np.linalg.norm(normal):
            corners = [centre + normal + across * i + rise * j for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            seen.append((name, np.array([view.flat(c)[:2] for c in corners])))
    return seen
