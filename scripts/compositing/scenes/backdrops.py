"""What lies above the ground: skies, hills, tree lines, house fronts, walls of rooms."""

from __future__ import annotations

import numpy as np

from . import textures as tx
from .camera import Camera
from .palette import LEAF, STONE, WALL, WOOD, bright, darker, pick

HAZE = np.array([0.74, 0.79, 0.84], np.float32)


def _picture_plane(camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0 : camera.height, 0 : camera.width].astype(np.float32)
    return x, y


def sky(camera: Camera, rng: np.random.Generator) -> np.ndarray:
    """Blue, cloudy, white or evening, paler toward the horizon."""
    x, y = _picture_plane(camera)
    high = np.clip((camera.horizon - y) / (camera.height * 0.9), 0, 1)
    top, low = (
        ((0.25, 0.45, 0.75), (0.72, 0.82, 0.9)) if rng.random() < 0.55 else ((0.6, 0.63, 0.67), (0.85, 0.86, 0.87))
    )
    if rng.random() < 0.12:
        top, low = (0.35, 0.4, 0.6), (0.95, 0.72, 0.5)
    top, low = (np.clip(np.array(c) * rng.uniform(0.9, 1.1), 0, 1) for c in (top, low))
    rgb = (low + (top - low) * (high**0.7)[..., None]).astype(np.float32)
    if rng.random() < 0.65:
        size = camera.height * rng.uniform(0.2, 0.6)
        cloud = tx.octaves(x * 0.45, y * (1.0 + 0.8 * (1 - high)), size, rng)
        tx.over(rgb, (0.95, 0.95, 0.96), np.clip(cloud * 0.5 + rng.uniform(-0.4, 0.4), 0, 0.9))
    return rgb


def ridge(rgb: np.ndarray, camera: Camera, rng: np.random.Generator, height: float, colour, haze: float,
          rough: float = 1.0) -> None:  # fmt: skip
    """A skyline of hills or trees `height` pixels over the horizon, down to it; in place."""
    x, y = _picture_plane(camera)
    line = tx.octaves(x[:1], np.zeros_like(x[:1]) + 7, camera.width * 0.5 / rough, rng, count=5)[0]
    top = camera.horizon - height * np.clip(0.75 + (0.35 if rough < 2 else 0.22) * line, 0.08, 2)
    cover = np.clip(y - top[None, :] + 0.5, 0, 1) * (y < camera.horizon + 2)
    colour = np.array(colour) + (HAZE - np.array(colour)) * haze
    body = tx.lit(tx.plain(colour, x), 0.25 * (1 - haze) * tx.octaves(x, y * 1.5, camera.height * 0.06 + 2, rng))
    tx.over(rgb, body, cover)


def outdoors(camera: Camera, rng: np.random.Generator, kind: str) -> np.ndarray:
    """Sky and what stands on the horizon: `hills`, `trees`, `town` or `sea` (nothing)."""
    rgb, unit = sky(camera, rng), camera.height
    if kind == "hills" or rng.random() < 0.25:
        for k in range(rng.integers(1, 4)):
            ridge(rgb, camera, rng, unit * rng.uniform(0.06, 0.28) * (1 - 0.25 * k), pick(rng, LEAF), 0.75 - 0.2 * k)
    if kind == "trees":
        for k in range(rng.integers(1, 3)):
            tall = max(camera.metre_at(camera.horizon + camera.focal * camera.eye / rng.uniform(25, 90)) * 7, 4)
            ridge(rgb, camera, rng, tall, darker(pick(rng, LEAF), 0.8), 0.3 - 0.2 * k, rng.uniform(2, 6))
    if kind == "town":
        town(rgb, camera, rng)
    return rgb


def town(rgb: np.ndarray, camera: Camera, rng: np.random.Generator) -> None:
    """A row of houses standing across, at one distance; in place."""
    x, y = _picture_plane(camera)
    z = rng.uniform(18, 60)
    metre = camera.focal / z
    edge, ground = rng.uniform(-10, 0) * metre, camera.horizon + metre * camera.eye
    while edge < camera.width:
        wide, tall = rng.uniform(6, 16) * metre, rng.uniform(5, 20) * metre
        left, right, top = int(max(edge, 0)), int(min(edge + wide, camera.width)), int(max(ground - tall, 0))
        low = int(np.clip(ground, 0, camera.height))
        if right > left and low > top and rng.random() < 0.85:
            u, v = (x[top:low, left:right] - edge) / metre, (ground - y[top:low, left:right]) / metre
            rgb[top:low, left:right] = front(u, v, 1 / metre, rng) * 0.9 + HAZE * 0.1
        edge += wide


def front(u: np.ndarray, v: np.ndarray, spot, rng: np.random.Generator) -> np.ndarray:
    """A house front in metres along and up: wall, rows of windows, a darker ground floor with doors."""
    rgb = tx.plain(pick(rng, WALL), u)
    tx.lit(rgb, 0.1 * tx.octaves(u, v, 3.0, rng, spot))
    if rng.random() < 0.35:
        brick = tx.lines(v, 0.075, 0.015, spot)
        tx.lit(rgb, -0.25 * brick)
    every, floor = rng.uniform(1.6, 3.2), rng.uniform(2.8, 3.6)
    share, tall = rng.uniform(0.35, 0.6), rng.uniform(1.2, 1.9)
    pane = tx.band((u / every) % 1.0, 0.5 - share / 2, 0.5 + share / 2, np.asarray(spot) / every)
    pane = pane * tx.band(v % floor, 0.9, 0.9 + tall, spot) * (v > floor * 0.95)
    glow = 0.5 + 0.5 * np.clip(tx.per_cell(u / every, v / floor, rng), -1, 1)
    tx.over(rgb, (0.85, 0.85, 0.83), np.clip(pane * 1.0, 0, 1) * 0.5)
    tx.over(rgb, tx.lit(tx.plain((0.25, 0.29, 0.34), u), glow * 0.6), pane * 0.85)
    shop = tx.band(v, 0.3, floor * 0.8, spot) * tx.band((u / (every * 1.5)) % 1.0, 0.12, 0.88, np.asarray(spot) / every)
    tx.over(rgb, darker(bright(rng), 0.45), shop * (0.75 if rng.random() < 0.5 else 0.2))
    return tx.lit(rgb, -0.25 * np.clip(1 - v / 0.5, 0, 1))


def wall(u: np.ndarray, v: np.ndarray, spot, rng: np.random.Generator, colour, tall: float) -> np.ndarray:
    """A room's wall in metres along and up from the floor: paint or paper, skirting, perhaps a window, door, shelf."""
    rgb = tx.plain(colour, u)
    tx.lit(rgb, 0.05 * tx.octaves(u, v, 1.2, rng, spot))
    style = rng.random()
    if style < 0.15:
        tx.lit(rgb, 0.12 * (tx.dashed(u, rng.uniform(0.12, 0.4), 0.5) - 0.5))
    elif style < 0.3:
        tx.lit(rgb, -0.18 * np.maximum(tx.lines(u, 0.15, 0.008, spot), tx.lines(v, 0.15, 0.008, spot)))
    elif style < 0.4:
        tx.over(rgb, darker(colour, 0.7), tx.band(v, 0, 0.95, spot))
    if rng.random() < 0.6:
        at, wide = rng.uniform(-3, 3), rng.uniform(0.8, 2.0)
        low, high = (0.9, 2.1) if rng.random() < 0.6 else (0.0, 2.05)
        inside = tx.band(u, at, at + wide, spot) * tx.band(v, low, high, spot)
        frame = tx.band(u, at - 0.08, at + wide + 0.08, spot) * tx.band(v, low - 0.08, high + 0.08, spot)
        tx.over(rgb, (0.88, 0.87, 0.84), frame)
        glass = np.array((0.9, 0.95, 1.0)) if low else np.array(pick(rng, WOOD))
        body = tx.lit(tx.plain(glass, u), 0.2 * tx.octaves(u, v, 0.7, rng))
        tx.over(rgb, body, inside * (1 - 0.6 * tx.lines(u - at, wide / 2, 0.05, spot) * (low > 0)))
    if rng.random() < 0.4:
        at, high = rng.uniform(-2.5, 2.5), rng.uniform(1.2, 1.5)
        tx.over(
            rgb,
            bright(rng),
            tx.band(u, at, at + rng.uniform(0.4, 1.0), spot) * tx.band(v, high, high + 0.6, spot) * 0.9,
        )
    tx.over(rgb, (0.85, 0.84, 0.81) if rng.random() < 0.6 else pick(rng, WOOD), tx.band(v, 0, 0.09, spot))
    return tx.lit(rgb, -0.25 * np.clip(1 - np.abs(v) / 0.35, 0, 1) - 0.12 * np.clip(1 - (tall - v) / 0.5, 0, 1))


def blurred_room(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """What is far behind a table: soft patches of a room out of focus."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    rgb = tx.plain(pick(rng, WALL + STONE), x)
    tx.lit(rgb, 0.3 * tx.octaves(x, y, width * 0.5, rng, count=2))
    for _ in range(rng.integers(2, 7)):
        cx, cy, w, h = rng.uniform(0, width), rng.uniform(-0.2, 0.9) * height, *rng.uniform(0.05, 0.3, 2) * width
        soft = width * rng.uniform(0.01, 0.05)
        tx.over(rgb, bright(rng) if rng.random() < 0.4 else pick(rng, WOOD + WALL),
                tx.band(x, cx - w, cx + w, soft) * tx.band(y, cy - h, cy + h, soft) * 0.8)  # fmt: skip
    return rgb
