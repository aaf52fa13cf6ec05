"""Places seen square on, where a metre has the same pixels everywhere: shelves, walls, belts and tops from above."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import backdrops, ground
from . import textures as tx
from .palette import STONE, WALL, WOOD, darker, pick


class Flat(NamedTuple):
    """`rgb` `(H, W, 3)`; `rows`: where feet may stand, pixels, or None for anywhere in `span` (rows, pixels)."""

    rgb: np.ndarray
    rows: tuple[float, ...]
    span: tuple[float, float]


class FlatPlace(NamedTuple):
    """`hangs`: things lie or hang on it, so that their shadow is all around."""

    name: str
    paint: Callable[..., Flat]
    hangs: bool


def _metres(width: int, height: int, metre: float, foot: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """`(H, W)` each: metres to the right of the foot and above it."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return (x + 0.5 - foot[0]) / metre, (foot[1] - y - 0.5) / metre


def shelf(
    width: int, height: int, metre: float, foot: tuple[float, float], tall: float, rng: np.random.Generator
) -> Flat:
    """Boards one above the other; the subject's board runs through its foot, the next is above its head."""
    u, v = _metres(width, height, metre, foot)
    gap, thick, pixel = tall * rng.uniform(1.12, 1.5) + 0.06, rng.uniform(0.018, 0.03), 1 / metre
    back, board = pick(rng, WALL + WOOD), pick(rng, WOOD + WALL[:2])
    rgb = tx.lit(tx.plain(darker(back, 0.7), u), 0.06 * tx.octaves(u, v * 4, 0.3, rng))
    deep = rng.uniform(0.2, 0.5) * 0.12
    tx.lit(rgb, -0.35 * np.clip(1 - (gap - v % gap) / (0.5 * gap), 0, 1))
    wood = tx.lit(tx.plain(board, u), 0.1 * tx.octaves(u, v * 7, 0.3, rng))
    front = tx.band((v + thick + deep / 2) % gap, 0, thick, pixel)
    top = tx.band((v + deep / 2) % gap, 0, deep, pixel)
    tx.over(rgb, wood * 1.05, top)
    tx.over(rgb, wood * 0.9, front)
    if rng.random() < 0.7:
        every = rng.uniform(0.6, 1.2)
        tx.over(rgb, wood * 0.95, tx.lines(u - rng.uniform(0.35, 0.5) * every, every, thick, pixel))
    rows = tuple(foot[1] - k * gap * metre for k in range(-6, 7))
    return Flat(rgb, rows, (0, 0))


def wall(
    width: int, height: int, metre: float, foot: tuple[float, float], tall: float, rng: np.random.Generator
) -> Flat:
    """A wall above a floor or a sideboard; pictures hang at the height of eyes."""
    high = 1.55 - tall / 2 + rng.normal(0, 0.12)
    u, v = _metres(width, height, metre, foot)
    rgb = backdrops.wall(u + 40, v + high, 1 / metre, rng, pick(rng, WALL), 2.6)
    floor = foot[1] + high * metre
    if floor < height:
        low = int(max(floor, 0))
        rgb[low:] = ground.any_of(ground.FLOORS, rng)(
            u[low:], (v[low:] + high) * -3, np.full_like(u[low:], 2 / metre), rng
        )
    if rng.random() < 0.5:  # a sideboard or sofa back below
        side = pick(rng, WOOD + STONE)
        tx.over(
            rgb,
            side,
            tx.band(v + high, 0.08, rng.uniform(0.6, 0.9), 1 / metre)
            * tx.band(u, *sorted(rng.uniform(-1.5, 1.5, 2)), 1 / metre),
        )
    return Flat(rgb, (), (height * 0.2, foot[1] + 0.1 * metre))


def above(
    width: int, height: int, metre: float, foot: tuple[float, float], tall: float, rng: np.random.Generator
) -> Flat:
    """A table, floor or conveyor belt from straight above."""
    u, v = _metres(width, height, metre, foot)
    pixel = np.full_like(u, 1 / metre)
    if rng.random() < 0.5:
        return Flat(ground.any_of(ground.TOPS, rng)(u, v, pixel, rng), (), (height * 0.2, height))
    wide, centre = tall * rng.uniform(1.6, 3.5) + 0.1, tall / 2 + rng.normal(0, 0.15) * tall
    rgb = ground.any_of((ground.asphalt, ground.worktop), rng)(u, v, pixel, rng) * 0.8
    belt = tx.lit(tx.plain(np.full(3, rng.uniform(0.08, 0.3)), u), 0.06 * tx.octaves(u * 0.3, v, 0.05, rng))
    tx.lit(belt, -0.3 * tx.lines(u, rng.uniform(0.05, 0.3), 0.004, 1 / metre))
    tx.over(rgb, (0.62, 0.63, 0.65), tx.band(v, centre - wide / 2 - 0.05, centre + wide / 2 + 0.05, 1 / metre))
    tx.over(rgb, belt, tx.band(v, centre - wide / 2, centre + wide / 2, 1 / metre))
    return Flat(rgb, (), (foot[1] - (centre + wide / 2 - tall) * metre, foot[1] - (centre - wide / 2) * metre))


PLACES = (FlatPlace("shelf", shelf, False), FlatPlace("wall", wall, True), FlatPlace("above", above, True))
