"""The structure gate: a redrawn picture that slid is put back, one that lost its structure is refused."""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor

from ..pixels import resized
from .register import LONG_SIDE, Registration, register, sample_along


@dataclass(frozen=True)
class GateSettings:
    """`minimum`: structure score below which a picture is refused (calibration: docs/structure_gate.md).
    A picture is put back when it zoomed by more than `zoom_limit`, turned by more than `turn_limit` degrees
    or moved by more than `shift_limit` pixels (at a long side of 768), and at least `sure` of it agrees."""

    minimum: float = 0.3
    unwarp: bool = True
    zoom_limit: float = 0.003
    turn_limit: float = 0.2
    shift_limit: float = 1.0
    sure: float = 0.5


class Verdict(NamedTuple):
    """`picture`: the redrawn one, put back where `unwarped`, at the source's size. `score` in [0, 1],
    None where there was nothing to compare."""

    picture: Tensor
    score: float | None
    passed: bool
    unwarped: bool
    reason: str


def check_structure(source: Tensor, redrawn: Tensor, settings: GateSettings) -> Verdict:
    """Both `(H, W, 3)` in [0, 1]."""
    redrawn = resized(redrawn, source.shape[1], source.shape[0])
    found = register(source, redrawn)
    if not found.comparable:
        return Verdict(redrawn, None, True, False, "too plain to compare")
    if found.inliers < settings.minimum:
        reason = (
            f"the redrawn picture lost its structure: {found.inliers:.0%} of it is still in place, "
            f"{settings.minimum:.0%} are wanted"
        )
        return Verdict(redrawn, found.inliers, False, False, reason)
    if not slid(found, source, settings):
        return Verdict(redrawn, found.inliers, True, False, "in place")
    if found.inliers < settings.sure:
        reason = f"moved ({moved_by(found)}), but too little of it agrees to put it back"
        return Verdict(redrawn, found.inliers, True, False, reason)
    if not settings.unwarp:
        return Verdict(redrawn, found.inliers, True, False, f"moved ({moved_by(found)}), left as it is")
    return Verdict(unwarp(redrawn, found), found.inliers, True, True, f"put back: {moved_by(found)}")


def slid(found: Registration, source: Tensor, settings: GateSettings) -> bool:
    unit = max(1.0, max(source.shape[:2]) / LONG_SIDE)
    return (
        abs(found.zoom - 1) > settings.zoom_limit
        or abs(found.rotation) > settings.turn_limit
        or math.hypot(*found.shift) > settings.shift_limit * unit
    )


def moved_by(found: Registration) -> str:
    dx, dy = found.shift
    return f"zoom {found.zoom:.3f}, turn {found.rotation:+.2f} degrees, shift {dx:+.1f}, {dy:+.1f} px"


def unwarp(redrawn: Tensor, found: Registration) -> Tensor:
    """`(H, W, 3)` moved back onto its source; the sliver that is missing at a border repeats the border."""
    factor = cmath.rect(found.zoom, math.radians(found.rotation))
    return sample_along(redrawn, factor, complex(*found.shift), "bicubic").clamp(0, 1)
