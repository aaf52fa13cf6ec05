"""The subject is not alone: other things stand around it, as large as their distance makes them."""

from __future__ import annotations

import numpy as np

from ....models.geometry import Box
from .backdrops import HAZE
from .camera import Camera
from .flats import Flat
from .light import Light, shaded
from .paste import Ground, fitted, hazed, put
from .stage import Area, Place, Spot, Stage
from .things import BY_KIND, THINGS, Thing

DETAIL = 1.6  # pixels drawn per pixel shown


def around(stage: Stage, place: Place, camera: Camera, spot: Spot, box: Box, light: Light, count: int,
           rng: np.random.Generator) -> np.ndarray:  # fmt: skip
    """The stage's picture with up to `count` more things, far ones first; none hides the subject's place."""
    found = [c for c in (_chosen(stage, place, camera, spot, box, rng) for _ in range(count)) if c]
    rgb = stage.rgb
    for thing, x, z, tall in sorted(found, key=lambda c: -c[2]):
        rgb = _added(rgb, thing, x, z, tall, camera, light, stage, place, rng)
    return rgb


def _chosen(stage: Stage, place: Place, camera: Camera, spot: Spot, box: Box, rng: np.random.Generator):
    """A thing, its X and Z and its height, where it can be seen and does not stand before the subject."""
    area = stage.areas[rng.integers(len(stage.areas))]
    thing = _fitting(place.name, area, rng)
    if thing is None:
        return None
    z = float(np.exp(rng.uniform(np.log(max(area.near, 0.1)), np.log(max(area.far, area.near + 0.1)))))
    half = camera.width / camera.focal * z
    low, high = (
        max(area.left, -half * camera.vanish / camera.width),
        min(area.right, half * (1 - camera.vanish / camera.width)),
    )
    if high <= low:
        return None
    x, tall = rng.uniform(low, high), rng.uniform(*thing.height)
    pixels, (foot_x, foot_y) = tall * camera.focal / z, camera.foot(x, z)
    if not 4 < pixels < camera.height * 0.9 or foot_y > camera.height * 1.1:
        return None
    reach = pixels * (1.6 if thing.lane in ("drive", "water") else 0.7)
    before = z < spot.z * 1.05 and foot_x + reach > box.left and foot_x - reach < box.right
    crowded = abs(x - spot.x) < tall * 0.6 and abs(z - spot.z) < tall * 0.8
    return None if before or crowded else (thing, x, z, tall)


def _fitting(name: str, area: Area, rng: np.random.Generator) -> Thing | None:
    if area.lane == "side":
        return BY_KIND["tree"]
    kinds = [t for t in THINGS if name in t.places and t.lane == area.lane and t.kind != "seated person"]
    if not kinds:
        return None
    shares = np.array([t.share**0.7 for t in kinds])
    return kinds[rng.choice(len(kinds), p=shares / shares.sum())]


def _added(rgb, thing: Thing, x: float, z: float, tall: float, camera: Camera, light: Light, stage: Stage, place: Place,
           rng: np.random.Generator) -> np.ndarray:  # fmt: skip
    foot_x, foot_y = camera.foot(x, z)
    height = max(3, round(tall * camera.focal / z))
    drawn = thing.draw(rng, int(np.clip(height * DETAIL, 24, 200)))
    width = max(2, round(height * drawn.aspect))
    left, bottom = round(foot_x - width / 2), round(foot_y)
    if left > camera.width or left + width < 0 or width > camera.width:
        return rgb
    box = Box(left, bottom - height, left + width, bottom)
    colours, alpha = fitted(shaded(drawn, light), drawn.alpha, width, height)
    colours = hazed(colours, z, place.haze, HAZE * light.level)
    ground = Ground(camera.flatness(foot_y), stage.gloss, stage.ripple)
    return put(rgb, colours, alpha, box, light, ground, rng)[0]


def seat(
    rgb: np.ndarray, box: Box, tall: float, camera: Camera, light: Light, name: str, rng: np.random.Generator
) -> np.ndarray:
    """A chair or bench under somebody who sits, so that sitting has a reason."""
    thing = BY_KIND["bench" if name in ("park", "plaza") else "chair"]
    drawn, metre = thing.draw(rng, 160), box.size.height / tall
    height = max(3, round(0.9 * metre))
    width = max(3, round(height * drawn.aspect))
    left = round(box.centre[0] - width * rng.uniform(0.35, 0.65))
    bottom = round(box.bottom - 0.04 * height)
    place = Box(left, bottom - height, left + width, bottom)
    return put(rgb, *fitted(shaded(drawn, light), drawn.alpha, width, height), place, light,
               Ground(camera.flatness(bottom)), rng)[0]  # fmt: skip


def beside(
    flat: Flat, name: str, hangs: bool, metre: float, box: Box, light: Light, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Other things on the same shelf, wall or belt, clear of the subject."""
    rgb, kinds = flat.rgb, [t for t in THINGS if name in t.places]
    height, width = rgb.shape[:2]
    rows = [r for r in flat.rows if 0.1 * height < r < 1.05 * height]
    taken = [box.grown(2)]
    for _ in range(count):
        thing = kinds[rng.integers(len(kinds))]
        tall = rng.uniform(*thing.height) * metre
        foot = rows[rng.integers(len(rows))] if rows else rng.uniform(*flat.span)
        gap = abs(flat.rows[0] - flat.rows[1]) if flat.rows else np.inf
        if not 4 < tall < min(height * 0.9, gap * 0.88):
            continue
        drawn = thing.draw(rng, int(np.clip(tall * DETAIL, 24, 200)))
        wide, tall = max(2, round(tall * drawn.aspect)), round(tall)
        if wide > width:
            continue
        left, bottom = round(rng.uniform(-0.3 * wide, width - 0.7 * wide)), round(foot)
        new = Box(left, bottom - tall, left + wide, bottom)
        if any(new.left < t.right and t.left < new.right and new.top < t.bottom and t.top < new.bottom for t in taken):
            continue
        taken.append(new)
        ground = Ground(0.15, hangs=hangs)
        rgb = put(rgb, *fitted(shaded(drawn, light), drawn.alpha, wide, tall), new, light, ground, rng)[0]
    return rgb
