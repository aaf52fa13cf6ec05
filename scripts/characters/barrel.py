"""A clothed trunk is a stack of ellipses in space, so straps, hems and pockets turn with the body."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .skeleton import Frame, View


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
        return np.vstack([lefts[::-1], order, rights])

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
