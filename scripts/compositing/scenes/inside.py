"""Rooms, corridors and halls, and the tops of tables, desks and counters seen from above their edge."""

from __future__ import annotations

import numpy as np

from . import backdrops, ground
from . import textures as tx
from .camera import Camera
from .palette import STONE, WALL, WOOD, pick
from .stage import Area, Place, Spot, Stage


def _walls(
    camera: Camera, rng: np.random.Generator, floor, left: float, right: float, back: float, tall: float
) -> np.ndarray:
    """A box of a room by the nearest of its five faces along each ray."""
    across, down = camera.rays
    x, z_floor, spot = camera.ground
    row = int(np.clip(camera.horizon + 1, 0, camera.height))
    rgb = np.zeros((*across.shape, 3), np.float32)
    if row < camera.height:
        rgb[row:] = floor(x[row:], z_floor[row:], spot[row:], rng)
        tx.lit(rgb, -0.2 * np.clip(1 - (back - z_floor) / 0.6, 0, 1))
    z_side = np.where(across < 0, left / np.minimum(across, -1e-4), right / np.maximum(across, 1e-4))
    z_roof = np.where(down < -1e-4, (camera.eye - tall) / np.minimum(down, -1e-4), 1e6)
    z_all = np.minimum(np.minimum(z_floor, z_roof), np.minimum(z_side, back))
    colour = pick(rng, WALL)
    for mask, u, z, shade in (
        (z_all == back, across * back, np.full_like(across, back), 1.0),
        ((z_all == z_side) & (across < 0), z_side, z_side, 0.88),
        ((z_all == z_side) & (across > 0), z_side, z_side, 0.93),
    ):
        if mask.any():
            rows = np.flatnonzero(mask.any(1))
            part = slice(rows[0], rows[-1] + 1)
            up = camera.eye - down[part] * z[part]
            face = backdrops.wall(u[part], up, z[part] / camera.focal, rng, colour, tall) * shade
            rgb[part][mask[part]] = face[mask[part]]
    rgb[z_all == z_roof] = np.array((0.86, 0.86, 0.84)) * rng.uniform(0.85, 1.05)
    return rgb


def room(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    behind = rng.uniform(0.25, 0.5) if spot.lane == "back" else rng.uniform(0.5, 3.0)
    left, right = min(spot.x, 0) - rng.uniform(0.6, 2.5), max(spot.x, 0) + rng.uniform(0.6, 2.5)
    back, floor = spot.z + behind, ground.any_of(ground.FLOORS, rng)
    rgb = _walls(camera, rng, floor, left, right, back, rng.uniform(2.3, 2.9))
    return Stage(rgb, (Area("walk", left + 0.4, right - 0.4, spot.z * 0.7, back - 0.3),
                       Area("back", left + 0.4, right - 0.4, back - 0.5, back - 0.25)),
                 rng.uniform(0.08, 0.3) * (floor in (ground.tiles, ground.planks) and rng.random() < 0.5))  # fmt: skip


def corridor(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    wide = rng.uniform(1.6, 3.0)
    left = min(spot.x - rng.uniform(0.35, wide - 0.35), -0.3)
    right = max(left + wide, spot.x + 0.35, 0.3)
    rgb = _walls(camera, rng, ground.any_of((ground.tiles, ground.worktop, ground.planks), rng), left, right,
                 spot.z + rng.uniform(2, 18), rng.uniform(2.3, 3.0))  # fmt: skip
    return Stage(rgb, (Area("walk", left + 0.3, right - 0.3, spot.z * 0.7, spot.z + 8),), rng.uniform(0, 0.35))


def hall(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    left, right = min(spot.x, 0) - rng.uniform(2, 9), max(spot.x, 0) + rng.uniform(2, 9)
    back = spot.z + rng.uniform(3, 20)
    rgb = _walls(
        camera, rng, ground.any_of((ground.tiles, ground.worktop), rng), left, right, back, rng.uniform(3.2, 7)
    )
    left, right = left + 0.6, right - 0.6
    areas = Area("walk", left, right, spot.z * 0.6, back - 0.5), Area("back", left, right, back - 0.8, back - 0.4)
    return Stage(rgb, areas, rng.uniform(0, 0.35))


def _top(
    camera: Camera,
    rng: np.random.Generator,
    spot: Spot,
    behind: np.ndarray,
    far: float,
    wide: tuple[float, float],
    near: float,
) -> Stage:
    """A board at the camera's plane over a picture of what is `behind`, with its front edge where that is seen."""
    x, z, foot = camera.ground
    row = int(np.clip(camera.horizon + 1, 0, camera.height))
    picture = np.zeros_like(behind)
    cover = ground.any_of(ground.TOPS, rng)
    if row < camera.height:
        picture[row:] = cover(x[row:], z[row:], foot[row:], rng)
    board = tx.band(z, near, far, foot) * tx.band(x, *wide, foot)
    edge = camera.horizon + camera.focal * camera.eye / near
    if edge < camera.height:
        low = int(max(edge, 0))
        tx.lit(behind[low:], np.full(behind[low:].shape[:2], -0.45, np.float32))
        thick = max(2, int(camera.metre_at(edge) * rng.uniform(0.02, 0.05)))
        sides = np.clip((camera.vanish + camera.focal * np.array(wide) / near), 0, camera.width).astype(int)
        behind[low : low + thick, sides[0] : sides[1]] = picture[max(low - 2, 0)].mean(axis=0) * 0.65
    return Stage(tx.over(behind, picture, board),
                 (Area("top", wide[0] + 0.1, wide[1] - 0.1, max(near + 0.05, spot.z * 0.7), far - 0.06),),
                 rng.uniform(0.08, 0.35) * (rng.random() < 0.35))  # fmt: skip


def table(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    behind = backdrops.blurred_room(camera.height, camera.width, rng)
    far = spot.z + rng.uniform(0.06, 0.8)
    wide = (spot.x - rng.uniform(0.15, 1.2), spot.x + rng.uniform(0.15, 1.2))
    return _top(camera, rng, spot, behind, far, wide, spot.z * rng.uniform(0.3, 0.9) - 0.03)


def desk(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    """A board against a wall."""
    far = spot.z + rng.uniform(0.1, 0.5)
    up = camera.eye - camera.rays.down * far
    behind = backdrops.wall(camera.rays.across * far, up + 0.75, far / camera.focal, rng, pick(rng, WALL), 2.6)
    wide = (spot.x - rng.uniform(0.4, 1.6), spot.x + rng.uniform(0.4, 1.6))
    return _top(camera, rng, spot, behind, far, wide, spot.z * rng.uniform(0.3, 0.8))


def counter(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    """A kitchen's worktop in front of tiles, the doors of cupboards below."""
    far = spot.z + rng.uniform(0.08, 0.4)
    u, v = camera.rays.across * far, camera.eye - camera.rays.down * far
    side, pixel = rng.uniform(0.06, 0.2), far / camera.focal
    behind = tx.lit(tx.plain(pick(rng, WALL + STONE), u), 0.06 * tx.per_cell(u / side, v / side, rng))
    tx.lit(behind, -0.25 * np.maximum(tx.lines(u, side, 0.005, pixel), tx.lines(v, side, 0.005, pixel)))
    if rng.random() < 0.5:  # wall cupboards
        low = rng.uniform(0.4, 0.6)
        door = tx.lit(tx.plain(pick(rng, WOOD + WALL), u), -0.4 * tx.lines(u, 0.45, 0.012, pixel))
        tx.over(behind, door, np.clip((v - low) / pixel + 0.5, 0, 1))
    near = spot.z * rng.uniform(0.35, 0.9)
    front = camera.horizon + camera.focal * camera.eye / near
    if front < camera.height:
        low = int(max(front, 0))
        behind[low:] = tx.lit(
            tx.plain(pick(rng, WOOD + WALL), u[low:]),
            -0.4 * tx.lines(camera.rays.across[low:] * near, 0.45, 0.012, pixel),
        )
    return _top(camera, rng, spot, behind, far, (-9.0, 9.0), near)


PLACES = (
    Place("room", room, (0.8, 1.8), (-0.7, 0.66), (0.8, 6), (0.65, 1.3), True),
    Place("corridor", corridor, (1.1, 1.8), (-0.3, 0.66), (1.2, 14), (0.65, 1.5), True),
    Place("hall", hall, (1.1, 2.6), (-0.3, 0.66), (1.5, 25), (0.7, 1.6), True),
    Place("table", table, (0.14, 0.6), (-1.2, 0.5), (0.2, 1.8), (0.9, 1.8), True),
    Place("desk", desk, (0.18, 0.6), (-1.2, 0.45), (0.25, 1.8), (0.8, 1.6), True),
    Place("counter", counter, (0.16, 0.6), (-1.0, 0.45), (0.25, 2.0), (0.8, 1.6), True),
)
