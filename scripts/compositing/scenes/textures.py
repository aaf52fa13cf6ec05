"""Surfaces are never clean: octaves of noise, lines, bricks and specks, softened where a pixel covers much of them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

TILE = 256
CELL = 8  # texels of a tile per bump
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@lru_cache(maxsize=1)
def _tiles() -> np.ndarray:
    """Four tiles `(4, TILE, TILE)` of smooth noise, mean 0, deviation 1, that repeat without a seam."""
    rng = np.random.default_rng(20240)
    spectrum = np.fft.rfft2(rng.standard_normal((4, TILE, TILE)))
    fy, fx = np.fft.fftfreq(TILE)[:, None], np.fft.rfftfreq(TILE)[None, :]
    spectrum *= np.exp(-((fx**2 + fy**2) * (CELL * 1.1) ** 2) * 2)
    tiles = np.fft.irfft2(spectrum, s=(TILE, TILE))
    return (tiles / tiles.std(axis=(1, 2), keepdims=True)).astype(np.float32)


def bumps(u: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise with one bump a unit of u and v; deviation 1."""
    tile = _tiles()[rng.integers(4)]
    du, dv = rng.random(2) * TILE
    iu = (u * CELL + du).astype(np.int32) & (TILE - 1)
    iv = (v * CELL + dv).astype(np.int32) & (TILE - 1)
    return tile[iv, iu]


def octaves(
    u: np.ndarray, v: np.ndarray, size: float, rng: np.random.Generator, spot: np.ndarray | float = 0.0, count: int = 4
) -> np.ndarray:
    """Sum of `bumps` of `size`, `size / 2.7` ...; each fades where a pixel covers more than the bump (`spot`)."""
    total, power = np.zeros_like(u), 0.0
    for k in range(count):
        cell = size / 2.7**k
        share = 0.75**k
        fade = np.clip(1.6 - spot / cell, 0, 1) if isinstance(spot, np.ndarray) else 1.0
        total += bumps(u / cell, v / cell, rng) * (fade * share)
        power += share**2
    return total / np.sqrt(power)


def lines(t: np.ndarray, every: float, width: float, spot: np.ndarray | float) -> np.ndarray:
    """1 on lines of `width` at each multiple of `every`, softened to a pixel's `spot`."""
    off = np.abs((t / every + 0.5) % 1.0 - 0.5) * every
    spot = np.maximum(spot, 1e-6)
    return np.clip((width / 2 + spot / 2 - off) / spot, 0, 1) * np.minimum(1, (width + spot) / (2 * spot))


def band(t: np.ndarray, low: float, high: float, spot: np.ndarray | float) -> np.ndarray:
    """1 between `low` and `high`."""
    spot = np.maximum(spot, 1e-6)
    return np.clip((t - low) / spot + 0.5, 0, 1) * np.clip((high - t) / spot + 0.5, 0, 1)


def dashed(t: np.ndarray, every: float, share: float) -> np.ndarray:
    return ((t / every) % 1.0 < share).astype(np.float32)


def per_cell(u: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One value, deviation 1, for each whole-numbered cell: no two planks or tiles are alike."""
    table = rng.standard_normal((64, 64)).astype(np.float32)
    return table[np.floor(v).astype(np.int32) & 63, np.floor(u).astype(np.int32) & 63]


def plain(colour: np.ndarray, like: np.ndarray) -> np.ndarray:
    """`(H, W, 3)` of one colour."""
    return np.broadcast_to(np.asarray(colour, np.float32), (*like.shape, 3)).copy()


def lit(rgb: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Brighter by the share `change` `(H, W)`; in place."""
    rgb *= np.maximum(0.05, 1 + change)[..., None]
    return rgb


def over(rgb: np.ndarray, colour: np.ndarray | tuple, cover: np.ndarray) -> np.ndarray:
    """`colour`, one or a picture, laid over with `cover` `(H, W)`; in place."""
    rgb += (np.asarray(colour, np.float32) - rgb) * cover[..., None]
    return rgb
