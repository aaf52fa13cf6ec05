"""Colours that things and surfaces of our world really have, with a spread."""

from __future__ import annotations

import colorsys

import numpy as np

SKIN = ((0.93, 0.76, 0.66), (0.85, 0.65, 0.52), (0.70, 0.50, 0.38), (0.52, 0.35, 0.25), (0.36, 0.24, 0.18))
HAIR = ((0.10, 0.08, 0.07), (0.22, 0.15, 0.10), (0.40, 0.27, 0.16), (0.72, 0.58, 0.36), (0.55, 0.52, 0.50))
DULL = ((0.13, 0.14, 0.17), (0.25, 0.27, 0.32), (0.18, 0.24, 0.38), (0.55, 0.53, 0.50), (0.85, 0.84, 0.82),
        (0.36, 0.31, 0.25), (0.62, 0.55, 0.43), (0.09, 0.09, 0.10))  # fmt: skip
FUR = ((0.12, 0.11, 0.10), (0.45, 0.30, 0.18), (0.75, 0.58, 0.38), (0.88, 0.85, 0.80), (0.50, 0.48, 0.46),
       (0.66, 0.42, 0.22))  # fmt: skip
WOOD = ((0.60, 0.43, 0.27), (0.42, 0.28, 0.17), (0.76, 0.62, 0.44), (0.30, 0.20, 0.14), (0.68, 0.50, 0.36))
LEAF = ((0.22, 0.36, 0.14), (0.30, 0.42, 0.18), (0.16, 0.28, 0.13), (0.40, 0.46, 0.20), (0.26, 0.38, 0.24))
STONE = ((0.52, 0.51, 0.50), (0.62, 0.58, 0.53), (0.40, 0.40, 0.42), (0.70, 0.68, 0.64))
WALL = ((0.86, 0.84, 0.80), (0.78, 0.74, 0.66), (0.66, 0.70, 0.72), (0.80, 0.70, 0.60), (0.60, 0.66, 0.60),
        (0.90, 0.89, 0.87), (0.50, 0.52, 0.58), (0.72, 0.45, 0.36))  # fmt: skip
CAR = ((0.85, 0.85, 0.86), (0.12, 0.12, 0.13), (0.55, 0.57, 0.60), (0.62, 0.10, 0.10), (0.12, 0.22, 0.45),
       (0.30, 0.32, 0.35), (0.75, 0.68, 0.20), (0.18, 0.36, 0.28))  # fmt: skip


def pick(rng: np.random.Generator, family, spread: float = 0.05) -> tuple[float, float, float]:
    """One colour of a family, a little lighter, darker and off."""
    base = np.array(family[rng.integers(len(family))])
    return tuple(np.clip(base * rng.uniform(0.85, 1.15) + rng.normal(0, spread, 3) * 0.5, 0.03, 0.97))


def bright(rng: np.random.Generator) -> tuple[float, float, float]:
    """A dyed or painted colour of any hue."""
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.35, 0.9), rng.uniform(0.3, 0.95))


def cloth(rng: np.random.Generator) -> tuple[float, float, float]:
    return pick(rng, DULL) if rng.random() < 0.55 else bright(rng)


def weave(rng: np.random.Generator) -> str:
    """A pattern for `Brush`; most cloth has none."""
    return str(rng.choice(["", "grain", "stripe", "check", "blotch"], p=[0.35, 0.35, 0.12, 0.1, 0.08]))


def darker(colour, by: float) -> tuple[float, float, float]:
    return tuple(c * by for c in colour)
