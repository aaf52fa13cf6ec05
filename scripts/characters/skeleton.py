"""A pose given in joint angles becomes joints in space, and a view turns them into the picture plane."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

LEFT, RIGHT = 0, 1
SIGN = (1.0, -1.0)  # the figure's own left is +x when it faces us
CAMERA_PITCH = 11.0  # the camera looks slightly down, so feet and seats get a top side


@dataclass(frozen=True)
class Build:
    """Body lengths; 300 units is a tall child."""

    hip: float
    thigh: float
    shin: float
    sole: float
    foot: float
    torso: float
    shoulder: float
    shoulder_drop: float
    upper_arm: float
    forearm: float
    neck: float
    head_ahead: float = 0.0


@dataclass(frozen=True)
class Reach:
    """One limb: (swing forward, spread outward) in degrees for its two bones."""

    upper: tuple[float, float] = (3, 13)
    lower: tuple[float, float] = (14, 7)
    hand: str = "relaxed"


@dataclass(frozen=True)
class Pose:
    left_arm: Reach = Reach()
    right_arm: Reach = Reach()
    left_leg: Reach = Reach((0, 4), (0, 2))
    right_leg: Reach = Reach((0, 4), (0, 2))
    lean: float = 0.0
    sway: float = 0.0
    head_turn: float = 0.0
    head_tilt: float = 0.0
    head_drop: float = 0.0
    lift: float = 0.0
    wind: float = 0.0
    seat: str = ""
    holding: str = ""
    toes: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True)
class View:
    """Where the figure faces: 0 is towards us, 90 towards picture right, 180 away."""

    yaw: float

    def flat(self, point: np.ndarray) -> np.ndarray:
        """(x, y, nearness) in the picture plane, y down."""
        turn, pitch = math.radians(self.yaw), math.radians(CAMERA_PITCH)
        x = point[0] * math.cos(turn) + point[2] * math.sin(turn)
        near = point[2] * math.cos(turn) - point[0] * math.sin(turn)
        return np.array(
            [x, point[1] * math.cos(pitch) + near * math.sin(pitch), near * math.cos(pitch) - point[1] * math.sin(pitch)]
        )

    def near(self, point: np.ndarray) -> float:
        """Nearness ignoring height, for putting things in order."""
        turn = math.radians(self.yaw)
        return float(point[2] * math.cos(turn) - point[0] * math.sin(turn))

    @property
    def turned(self) -> float:
        """Yaw folded to -180..180."""
        return (self.yaw + 180) % 360 - 180


@dataclass(frozen=True)
class Frame:
    """The torso's own axes."""

    side: np.ndarray
    up: np.ndarray
    ahead: np.ndarray

    def out(self, x: float, y: float, z: float) -> np.ndarray:
        """A direction given as side, down, ahead."""
        return self.side * x - self.up * y + self.ahead * z


@dataclass(frozen=True)
class Joints:
    pelvis: np.ndarray
    neck: np.ndarray
    head: np.ndarray
    shoulders: tuple[np.ndarray, np.ndarray]
    elbows: tuple[np.ndarray, np.ndarray]
    wrists: tuple[np.ndarray, np.ndarray]
    hips: tuple[np.ndarray, np.ndarray]
    knees: tuple[np.ndarray, np.ndarray]
    ankles: tuple[np.ndarray, np.ndarray]
    toes: tuple[np.ndarray, np.ndarray]
    soles: tuple[np.ndarray, np.ndarray]
    frame: Frame
    build: Build = field(repr=False)


def bone(swing: float, spread: float, side: float) -> np.ndarray:
    """A unit vector: straight down, swung forward, then spread outward."""
    s, p = math.radians(swing), math.radians(spread)
    return np.array([side * math.sin(p), math.cos(p) * math.cos(s), math.cos(p) * math.sin(s)])


def _frame(pose: Pose) -> Frame:
    lean, sway = math.radians(pose.lean), math.radians(pose.sway)
    up = np.array([math.sin(sway), -math.cos(sway) * math.cos(lean), math.cos(sway) * math.sin(lean)])
    side = np.array([math.cos(sway), math.sin(sway), 0.0])
    return Frame(side, up, np.cross(side, -up))


def _foot(shin_swing: float, toe: float | None, side: float) -> tuple[np.ndarray, np.ndarray]:
    """The foot's forward and downward directions; it follows a lifted shin."""
    pitch = toe if toe is not None else (0.0 if abs(shin_swing) < 34 else shin_swing * 0.85)
    p, out = math.radians(pitch), math.radians(14)
    ahead = np.array([side * math.sin(out) * math.cos(p), -math.sin(p), math.cos(out) * math.cos(p)])
    return ahead, np.array([0.0, math.cos(p), math.sin(p)])


def solve(build: Build, pose: Pose) -> Joints:
    """Every joint in space, standing on (or lifted above) the ground at y = 0."""
    frame = _frame(pose)
    origin = np.zeros(3)
    arms, legs = (pose.left_arm, pose.right_arm), (pose.left_leg, pose.right_leg)
    neck = origin + frame.up * build.torso
    head_up = frame.up * 0.45 + np.array([0.0, -0.55, 0.0])
    head = neck + head_up * build.neck + frame.ahead * build.head_ahead
    shoulders, elbows, wrists, hips, knees, ankles, toes, soles = ([] for _ in range(8))
    for k in (LEFT, RIGHT):
        shoulders.append(neck + frame.side * SIGN[k] * build.shoulder - frame.up * build.shoulder_drop)
        elbows.append(shoulders[k] + frame.out(*bone(*arms[k].upper, SIGN[k])) * build.upper_arm)
        wrists.append(elbows[k] + frame.out(*bone(*arms[k].lower, SIGN[k])) * build.forearm)
        hips.append(origin + np.array([SIGN[k] * build.hip, 0.0, 0.0]))
        knees.append(hips[k] + bone(*legs[k].upper, SIGN[k]) * build.thigh)
        ankles.append(knees[k] + bone(*legs[k].lower, SIGN[k]) * build.shin)
        ahead, down = _foot(legs[k].lower[0], pose.toes[k], SIGN[k])
        soles.append(ankles[k] + down * build.sole)
        toes.append(soles[k] + ahead * build.foot)
    lowest = max(float(p[1]) for p in (*soles, *toes))
    lift = np.array([0.0, -lowest - pose.lift, 0.0])

    def lifted(points: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return (points[0] + lift, points[1] + lift)

    return Joints(
        origin + lift, neck + lift, head + lift, lifted(shoulders), lifted(elbows), lifted(wrists),
        lifted(hips), lifted(knees), lifted(ankles), lifted(toes), lifted(soles), frame, build,
    )
