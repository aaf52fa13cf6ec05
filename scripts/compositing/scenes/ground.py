"""Grounds: grass, asphalt, paving, sand, snow, water, planks, tiles and carpets, painted in metres."""

from __future__ import annotations

import numpy as np

from . import textures as tx
from .palette import DULL, LEAF, STONE, WOOD, bright, darker, pick


def _streaks(rgb: np.ndarray, z: np.ndarray, rng: np.random.Generator, much: float) -> None:
    """Upright strokes, blades of grass, coarser near the camera; in place."""
    y, x = np.mgrid[0 : z.shape[0], 0 : z.shape[1]].astype(np.float32)
    fine = tx.bumps(x / 1.6, y / 5, rng) * np.clip(1.4 - z / 25, 0.25, 1)
    coarse = tx.bumps(x / 4, y / 12, rng) * np.clip(1.3 - z / 5, 0, 1)
    tx.lit(rgb, much * (fine + coarse))


def grass(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    base = np.array(pick(rng, LEAF)) * 1.25 if rng.random() < 0.8 else np.array((0.6, 0.55, 0.33))
    rgb = tx.plain(base, x)
    patch = tx.octaves(x, z, rng.uniform(2, 8), rng, spot * 0.6)
    tx.over(rgb, base * (1.2, 1.02, 0.7), np.clip(0.5 + 0.35 * patch, 0, 1) * 0.6)
    tx.lit(rgb, 0.12 * tx.octaves(x, z, 0.4, rng, spot * 0.5))
    _streaks(rgb, z, rng, rng.uniform(0.06, 0.14))
    return rgb


def asphalt(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    rgb = tx.plain(np.full(3, rng.uniform(0.3, 0.5)) * (1, 1, 1.03), x)
    tx.lit(rgb, 0.09 * tx.octaves(x, z, 4, rng, spot * 0.7, 5))
    return tx.lit(rgb, 0.12 * tx.bumps(x / 0.03, z / 0.03, rng) * np.clip(1.5 - spot / 0.05, 0.2, 1))


def paving(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    rgb = tx.plain(pick(rng, STONE), x)
    side = rng.uniform(0.25, 0.8)
    long = side * rng.choice([1.0, 1.0, 2.0])
    u = x + (np.floor(z / side) % 2) * long * 0.5 if rng.random() < 0.4 else x
    fade = np.clip(1.5 - spot / side, 0, 1)
    tx.lit(rgb, 0.1 * tx.per_cell(u / long + 0.5, z / side + 0.5, rng) * fade)
    tx.lit(rgb, 0.08 * tx.octaves(x, z, 1.5, rng, spot, 4))
    gap = np.maximum(tx.lines(u, long, 0.012, spot), tx.lines(z, side, 0.012, spot)) * fade
    return tx.lit(rgb, -0.4 * gap)


def sand(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    rgb = tx.plain(np.array((0.76, 0.67, 0.52)) * rng.uniform(0.85, 1.15), x)
    return tx.lit(rgb, 0.09 * tx.octaves(x, z, rng.uniform(0.6, 2), rng, spot * 0.6, 5))


def snow(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    rgb = tx.plain((0.87, 0.9, 0.94), x)
    return tx.lit(rgb, 0.05 * tx.octaves(x, z, rng.uniform(1, 5), rng, spot, 4))


def earth(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    rgb = tx.plain(np.array((0.5, 0.42, 0.32)) * rng.uniform(0.8, 1.2), x)
    return tx.lit(rgb, 0.13 * tx.octaves(x, z, 1.2, rng, spot * 0.6, 5))


def water(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    deep = np.array(((0.16, 0.34, 0.42), (0.22, 0.36, 0.5), (0.3, 0.42, 0.4), (0.45, 0.5, 0.54))[rng.integers(4)])
    rgb = tx.plain(deep, x)
    waves = tx.octaves(x * 0.35, z, rng.uniform(0.6, 3), rng, spot * 0.4, 4)
    tx.lit(rgb, rng.uniform(0.1, 0.22) * waves)
    far = np.clip(z / 250, 0, 1)
    return tx.over(rgb, (0.66, 0.75, 0.82), far * 0.6 + 0.12 * np.clip(waves - 1, 0, 1))


def planks(x, z, spot, rng: np.random.Generator, wide: float = 0.12) -> np.ndarray:
    wood = pick(rng, WOOD)
    if rng.random() < 0.4:
        x, z = z, x
    rgb = tx.plain(wood, x)
    fade = np.clip(1.6 - spot / wide, 0, 1)
    board = np.floor(x / wide)
    tx.lit(rgb, 0.13 * tx.per_cell(board, z / (wide * 10) + board * 0.37, rng) * fade)
    tx.lit(rgb, 0.1 * tx.octaves(x * 6, z, wide * 4, rng, spot * 3, 3))
    return tx.lit(rgb, -0.4 * tx.lines(x, wide, wide * 0.035, spot) * fade)


def tiles(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    side, one, two = rng.uniform(0.2, 0.6), np.array(pick(rng, STONE)), np.array(pick(rng, STONE))
    if rng.random() < 0.35:
        two = np.array(pick(rng, DULL))
    fade = np.clip(1.5 - spot / side, 0, 1)
    odd = (np.floor(x / side + 0.5) + np.floor(z / side + 0.5)) % 2
    rgb = tx.over(tx.plain(one, x), two, 0.5 + (odd - 0.5) * fade)
    tx.lit(rgb, 0.05 * tx.octaves(x, z, 0.7, rng, spot))
    return tx.lit(rgb, -0.3 * np.maximum(tx.lines(x, side, 0.01, spot), tx.lines(z, side, 0.01, spot)) * fade)


def carpet(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    rgb = tx.plain(pick(rng, DULL) if rng.random() < 0.6 else darker(bright(rng), 0.8), x)
    tx.lit(rgb, 0.1 * tx.bumps(x / 0.02, z / 0.02, rng) * np.clip(1.5 - spot / 0.03, 0.3, 1))
    tx.lit(rgb, 0.06 * tx.octaves(x, z, 1.0, rng, spot))
    if rng.random() < 0.3:
        tx.over(rgb, bright(rng), 0.5 * tx.lines(x, rng.uniform(0.4, 1.2), rng.uniform(0.05, 0.3), spot))
    return rgb


def cloth(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    """A table cloth."""
    rgb = tx.plain(bright(rng) if rng.random() < 0.5 else (0.88, 0.87, 0.85), x)
    tx.lit(rgb, 0.05 * tx.octaves(x, z, 0.3, rng, spot))
    if rng.random() < 0.5:
        every = rng.uniform(0.03, 0.12)
        other, fade = bright(rng), np.clip(1.5 - spot / every, 0.3, 1)
        for t in (x, z):
            tx.over(rgb, other, 0.4 * tx.lines(t, every, every * 0.4, spot) * fade)
    return rgb


def worktop(x, z, spot, rng: np.random.Generator) -> np.ndarray:
    """Stone or laminate of desks and counters."""
    base = pick(rng, (*STONE, (0.15, 0.15, 0.16), (0.88, 0.87, 0.85), *WOOD))
    rgb = tx.lit(tx.plain(base, x), 0.06 * tx.octaves(x, z, 0.25, rng, spot))
    if rng.random() < 0.5:
        tx.lit(rgb, 0.2 * np.clip(tx.bumps(x / 0.006, z / 0.006, rng) - 1, 0, 2) * np.clip(1.5 - spot / 0.006, 0, 1))
    return rgb


FLOORS = (planks, tiles, carpet, worktop)
TOPS = (planks, worktop, cloth, worktop)


def any_of(grounds, rng: np.random.Generator):
    return grounds[rng.integers(len(grounds))]
