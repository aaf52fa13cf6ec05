"""An empty place, painted: its picture, how it is seen, and the areas where which things may stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .camera import Camera


class Spot(NamedTuple):
    """Where the subject stands: metres, and the lane it keeps to. The place is built around it."""

    x: float
    z: float
    lane: str


class Area(NamedTuple):
    """A part of the ground for things of `lane`: metres."""

    lane: str
    left: float
    right: float
    near: float
    far: float


class Stage(NamedTuple):
    """`rgb` `(H, W, 3)` without light. `gloss`: how much of a reflection its ground shows. `ripple`: it is water."""

    rgb: np.ndarray
    areas: tuple[Area, ...]
    gloss: float = 0.0
    ripple: bool = False


class Place(NamedTuple):
    """`eye`: metres over the ground. `horizon`: allowed rows, shares of the height. `focal`: of the long side.
    `depth`: how far away a subject may stand, metres. `haze`: metres until half of the colour is lost."""

    name: str
    paint: Callable[[Camera, np.random.Generator, Spot], Stage]
    eye: tuple[float, float]
    horizon: tuple[float, float]
    depth: tuple[float, float]
    focal: tuple[float, float] = (0.75, 2.0)
    indoors: bool = False
    haze: float = 600.0
