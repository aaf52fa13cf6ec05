"""Places under the sky, built around where the subject stands."""

from __future__ import annotations

from functools import partial

import numpy as np

from . import backdrops, ground
from . import textures as tx
from .camera import FAR, Camera
from .stage import Area, Place, Spot, Stage

CLEAR, DEEP, MISTY = 600.0, 250.0, 150.0  # metres of air that take half of a colour


def _earth(camera: Camera, rng: np.random.Generator, cover, beyond: str, half: float = CLEAR) -> np.ndarray:
    """`cover` up to the horizon and what stands there; `half` of the ground's colour is lost to haze, metres."""
    x, z, spot = camera.ground
    rgb = backdrops.outdoors(camera, rng, beyond) if camera.horizon > 0 else np.zeros((*x.shape, 3), np.float32)
    row = int(np.clip(camera.horizon, 0, camera.height))
    rgb[row:] = tx.over(cover(x[row:], z[row:], spot[row:], rng), backdrops.HAZE, 1 - 2.0 ** (-z[row:] / half))
    return rgb


def _strip(rgb: np.ndarray, camera: Camera, rng: np.random.Generator, cover, share: np.ndarray) -> None:
    """Another `cover` where `share` `(H, W)` is 1; in place."""
    row = int(np.clip(camera.horizon + 1, 0, camera.height))
    if row < camera.height and share[row:].any():
        x, z, spot = (a[row:] for a in camera.ground)
        tx.over(rgb[row:], cover(x, z, spot, rng), share[row:])


def _open(spot: Spot, wide: float = 14.0) -> tuple[Area, ...]:
    near, far = max(1.2, spot.z * 0.4), spot.z * 4 + 25
    return tuple(Area(lane, -wide, wide, near, far) for lane in ("walk", "open", "drive"))


def field(camera: Camera, rng: np.random.Generator, spot: Spot, half: float = CLEAR) -> Stage:
    rgb = _earth(camera, rng, ground.any_of((ground.grass, ground.grass, ground.earth), rng),
                 str(rng.choice(["hills", "trees"])), half)  # fmt: skip
    return Stage(rgb, (*_open(spot), Area("side", -30, 30, spot.z + 8, 120)))


def snow(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    return Stage(_earth(camera, rng, ground.snow, str(rng.choice(["hills", "trees"])), MISTY),
                 (*_open(spot), Area("side", -30, 30, spot.z + 6, 90)))  # fmt: skip


def park(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    """Grass with a path that runs away from us or across, and trees; walkers keep to the path mostly."""
    rgb = _earth(camera, rng, ground.grass, "trees")
    x, z, foot = camera.ground
    wide = rng.uniform(1.4, 4.0)
    on_path = spot.lane in ("walk", "drive") and rng.random() < 0.75
    cover = ground.any_of((ground.earth, ground.paving, ground.asphalt), rng)
    if rng.random() < 0.6:
        middle = (
            spot.x + rng.uniform(-0.4, 0.4) * wide
            if on_path
            else spot.x + rng.choice([-1, 1]) * (wide / 2 + rng.uniform(0.6, 4))
        )
        _strip(rgb, camera, rng, cover, tx.band(x, middle - wide / 2, middle + wide / 2, foot) * (z < FAR / 2))
        path = Area("walk", middle - wide / 2, middle + wide / 2, spot.z * 0.5, spot.z * 4 + 15)
    else:
        near = spot.z - rng.uniform(0.2, 0.8) * wide if on_path else spot.z + rng.uniform(0.8, 6)
        _strip(rgb, camera, rng, cover, tx.band(z, near, near + wide, camera.footprint(z) * 1.5))
        path = Area("walk", -8, 8, near, near + wide)
    return Stage(
        rgb, (path, Area("open", -12, 12, spot.z * 0.5, spot.z * 3 + 10), Area("side", -20, 20, spot.z + 5, 70))
    )


def beach(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    """Sand, then the sea up to the horizon; boats beyond the shore, everybody else before it."""
    x, z, foot = camera.ground
    shore = spot.z * rng.uniform(0.25, 0.8) if spot.lane == "water" else spot.z * rng.uniform(1.1, 4.0) + 1
    rgb = _earth(camera, rng, ground.sand, "sea" if rng.random() < 0.6 else "hills")
    edge = shore * (1 + 0.06 * tx.octaves(x * 0.3, np.zeros_like(x), 3.0, rng, count=3))
    tx.lit(rgb, -0.25 * tx.band(z, shore * 0.8, shore * 1.1, foot + 0.3) * (z < FAR / 2))
    _strip(rgb, camera, rng, ground.water, np.clip((z - edge) / (foot + 0.02) + 0.5, 0, 1))
    tx.over(
        rgb,
        (0.92, 0.94, 0.95),
        0.7 * tx.band(z, edge * 0.995, edge * (1.0 + rng.uniform(0.02, 0.12)), foot) * (z < FAR / 2),
    )
    dry = (Area(lane, -15, 15, shore * 0.3, shore * 0.95) for lane in ("walk", "open"))
    return Stage(rgb, (*dry, Area("water", -90, 90, shore + 15, shore + 250)))


def sea(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    rgb = _earth(camera, rng, ground.water, "sea" if rng.random() < 0.5 else "hills")
    return Stage(rgb, (Area("water", -150, 150, spot.z * 0.7, spot.z * 5 + 80),), rng.uniform(0.15, 0.45), True)


def plaza(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    rgb = _earth(camera, rng, ground.paving, "town")
    return Stage(rgb, (*(a for a in _open(spot) if a.lane != "drive"), Area("side", -25, 25, spot.z + 5, 25)),
                 rng.uniform(0.1, 0.35) * (rng.random() < 0.25))  # fmt: skip


def parking(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    """Asphalt with white bays."""
    rgb = _earth(camera, rng, ground.asphalt, str(rng.choice(["town", "trees"])))
    x, z, foot = camera.ground
    bay, row = rng.uniform(2.4, 2.9), spot.z + rng.uniform(-1.5, 1.5)
    mark = tx.lines(x - spot.x + bay / 2, bay, 0.12, foot) * tx.band(z, row - 2.4, row + 2.4, foot)
    tx.over(rgb, (0.85, 0.85, 0.83), 0.8 * mark * (z < FAR / 2))
    return Stage(rgb, (Area("drive", -20, 20, row + 4, row + 25), Area("walk", -8, 8, spot.z * 0.6, row + 12),
                       Area("side", -25, 25, row + 15, 60)), rng.uniform(0.1, 0.3) * (rng.random() < 0.2))  # fmt: skip


def street(camera: Camera, rng: np.random.Generator, spot: Spot) -> Stage:
    """From one side: house fronts, pavement, road, pavement, house fronts, all running to the vanishing point."""
    x, z, foot = camera.ground
    side, walk, road = float(rng.choice([-1, 1])), rng.uniform(2.0, 5.0), rng.uniform(5.5, 10)
    for _ in range(8):  # we stand between the fronts
        inside = (
            rng.uniform(0.5, walk - 0.4)
            if spot.lane in ("walk", "sky") and rng.random() < 0.8
            else walk + rng.uniform(1.2, road - 1.2)
        )
        start = side * spot.x - inside
        if start < -0.8 and start + 2 * walk + road > 0.8:
            break
        side = -side
    across = side * x - start
    rgb = _earth(camera, rng, ground.asphalt, "town")
    pavement = np.maximum(tx.band(across, -30, walk, foot), tx.band(across, walk + road, walk + road + 30, foot))
    _strip(rgb, camera, rng, ground.paving, pavement * (z < FAR / 2))
    _road_marks(rgb, camera, rng, across, walk, road, spot)
    for place in (start, start + 2 * walk + road):
        if abs(place) > 0.5 and rng.random() < 0.85:
            _fronts(rgb, camera, rng, side * place)
    wet = rng.uniform(0.1, 0.35) * (rng.random() < 0.15)
    lanes = [
        Area(
            "drive",
            *sorted((side * (start + walk + 1.2), side * (start + walk + road - 1.2))),
            spot.z * 0.6,
            spot.z * 3 + 30,
        )
    ]
    for low in (start, start + walk + road):
        lanes.append(
            Area("walk", *sorted((side * (low + 0.5), side * (low + walk - 0.4))), spot.z * 0.5, spot.z * 3 + 20)
        )
    return Stage(rgb, tuple(lanes), wet)


def _road_marks(rgb, camera: Camera, rng: np.random.Generator, across, walk: float, road: float, spot: Spot) -> None:
    """Kerbs, the middle line, perhaps a crossing; in place. `across` `(H, W)`: metres from the first house fronts."""
    _, z, foot = camera.ground
    near = z < FAR / 2
    for edge in (walk, walk + road):
        tx.over(rgb, (0.72, 0.71, 0.69), 0.8 * tx.band(across, edge - 0.1, edge + 0.1, foot) * near)
    dash = tx.dashed(z, 6.0, 0.5) if rng.random() < 0.7 else 1.0
    tx.over(rgb, (0.85, 0.84, 0.78), 0.75 * tx.lines(across - walk - road / 2, 1e4, 0.14, foot) * dash * near)
    if rng.random() < 0.3:  # a crossing
        at = spot.z + rng.uniform(-1.5, 4)
        tx.over(rgb, (0.87, 0.87, 0.85), 0.85 * tx.dashed(across, 1.0, 0.5) * tx.band(z, at, at + 3, foot)
                * tx.band(across, walk, walk + road, foot) * near)  # fmt: skip


def _fronts(rgb: np.ndarray, camera: Camera, rng: np.random.Generator, at: float) -> None:
    """Houses along the plane X = `at`; in place."""
    across, down = camera.rays
    ahead = across * np.sign(at) > 1e-3
    z = np.where(ahead, at / np.where(ahead, across, 1), FAR)
    up = camera.eye - down * z
    roof = rng.uniform(6, 16) + 3 * tx.per_cell(np.floor(z / 9), np.zeros_like(z), rng)
    cover = ahead & (z < rng.uniform(60, 300)) & (up > 0)
    cover &= up < roof
    rows, columns = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    if not len(rows):
        return
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    spot = z[part] / camera.focal * np.maximum(1, z[part] / abs(at) * 0.5)
    picture = backdrops.front(z[part], up[part], spot, rng)
    tx.over(picture, backdrops.HAZE, np.clip(z[part] / 400, 0, 0.6))
    rgb[part][cover[part]] = picture[cover[part]] * 0.92


PLACES = (
    Place("street", street, (1.1, 2.2), (-0.4, 0.68), (1.2, 45)),
    Place("park", park, (0.7, 2.0), (-0.5, 0.68), (0.8, 40)),
    Place("field", field, (0.7, 2.2), (-0.4, 0.7), (0.8, 60)),
    Place("hills", partial(field, half=DEEP), (1.0, 3.0), (-0.2, 0.7), (2.0, 70), haze=DEEP),
    Place("beach", beach, (0.9, 3.0), (0.02, 0.66), (1.2, 60)),
    Place("sea", sea, (1.5, 9.0), (0.08, 0.66), (6, 300), haze=CLEAR),
    Place("plaza", plaza, (1.0, 4.0), (-0.4, 0.66), (1.0, 40)),
    Place("parking", parking, (1.2, 3.5), (-0.2, 0.66), (1.5, 40)),
    Place("snow", snow, (1.0, 2.2), (-0.2, 0.66), (1.2, 50), haze=MISTY),
)
