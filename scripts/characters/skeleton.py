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


@dataclass(frozen=True)
class Barrel:
    """A body of ellipse slices along a spine: `slices` are (along 0..1, half width, half depth, ahead)."""

    base: np.ndarray
    top: np.ndarray
    frame: Frame
    view: View
    slices: tuple[tuple[float, float, float, float], ...]

    def _slice(self, along: float) -> tuple[np.ndarray, float, float]:
        table = np.array(self.slices)
        wide, deep, ahead = (float(np.interp(along, table[:, 0], table[:, k])) for k in (1, 2, 3))
        return self.base + (self.top - self.base) * along + self.frame.ahead * ahead, wide, deep

    def at(self, along: float, around: float, out: float = 0.0) -> np.ndarray:
        """The picture-plane spot on the surface; around 0 is the chest, 90 the figure's left."""
        centre, wide, deep = self._slice(along)
        angle = math.radians(around)
        point = (
            centre
            + self.frame.side * math.sin(angle) * (wide + out)
            + self.frame.ahead * math.cos(angle) * (deep + out)
        )
        return self.view.flat(point)

    def facing(self, along: float, around: float) -> float:
        """How much that spot of the surface looks at us: positive is visible."""
        _, wide, deep = self._slice(along)
        angle = math.radians(around)
        normal = self.frame.side * math.sin(angle) / wide + self.frame.ahead * math.cos(angle) / deep
        normal = normal / np.linalg.norm(normal)
        return self.view.near(normal)

    def outline(self, grow: float = 0.0) -> np.ndarray:
        """The silhouette, from the slices' widest spots and the hem's near arc."""
        spine = self.view.flat(self.top) - self.view.flat(self.base)
        length = math.hypot(spine[0], spine[1]) or 1.0
        across = np.array([-spine[1], spine[0]]) / length
        rows = np.linspace(self.slices[0][0], self.slices[-1][0], 18)
        lefts, rights = [], []
        for along in rows:
            ring = np.array([self.at(along, a, grow)[:2] for a in range(0, 360, 12)])
            reach = ring @ across
            lefts.append(ring[int(reach.argmin())])
            rights.append(ring[int(reach.argmax())])
        hem = np.array([self.at(rows[0], a, grow)[:2] for a in range(0, 360, 6)])
        low = hem @ (np.array([spine[0], spine[1]]) / length)
        order = sorted(hem[low < np.median(low)].tolist(), key=lambda s: float(np.dot(s, across)))
        return smooth_ring(np.array(lefts[::-1]), np.array(order), np.array(rights))

    def visible(self, start: float, end: float, along: float) -> tuple[float, float] | None:
        """The part of the arc start..end that faces us on that slice."""
        seen = [a for a in np.linspace(start, end, 49) if self.facing(along, float(a)) > -0.02]
        return (float(seen[0]), float(seen[-1])) if len(seen) > 1 else None

    def patch(self, low: float, high: float, start: float, end: float, out: float = 0.0, flare: float = 0.0) -> np.ndarray | None:
        """The visible outline of a panel of cloth on the surface, or None when it faces away."""
        lefts, rights = [], []
        for along in np.linspace(low, high, 10):
            widen = flare * (high - along) / (high - low)
            arc = self.visible(start - widen, end + widen, float(along))
            if arc:
                lefts.append(self.at(float(along), arc[0], out)[:2])
                rights.append(self.at(float(along), arc[1], out)[:2])
        if len(lefts) < 2:
            return None
        arc = self.visible(start - flare, end + flare, low)
        hem = [self.at(low, float(a), out)[:2] for a in np.linspace(arc[1], arc[0], 14)] if arc else []
        top = self.visible(start, end, high)
        crown = [self.at(high, float(a), out)[:2] for a in np.linspace(top[0], top[1], 10)] if top else []
        return np.array([*lefts, *crown, *rights[::-1], *hem])

    def trail(self, spots: list[tuple[float, float]], out: float = 0.0, keep: float = 0.02) -> list[np.ndarray]:
        """The visible runs of a path over the surface given as (along, around) spots."""
        runs: list[list[np.ndarray]] = [[]]
        for (a0, r0), (a1, r1) in zip(spots, spots[1:], strict=False):
            for share in np.linspace(0, 1, 16):
                along, around = a0 + (a1 - a0) * share, r0 + (r1 - r0) * share
                if self.facing(along, around) > keep:
                    runs[-1].append(self.at(along, around, out)[:2])
                elif runs[-1]:
                    runs.append([])
        return [np.array(run) for run in runs if len(run) > 2]


def smooth_ring(left: np.ndarray, hem: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Left side downwards, hem across, right side upwards, as one closed path."""
    return np.vstack([left, hem, right])
