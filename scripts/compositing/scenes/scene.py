"""One drawn photograph with and without its subject, in which place, size, shadow and colour follow from the scene."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import torch

from ....models.compositing.groups.group import GroupPixels
from ....models.geometry import Box, Size
from . import company, finish, flats, inside, outside, see_through
from .backdrops import HAZE
from .brush import Drawn
from .camera import Camera
from .framing import any_box, framed
from .light import Light, any_light, shaded
from .paste import Ground, fitted, hazed, put
from .things import Thing, any_thing

PLACES = {place.name: place for place in (*outside.PLACES, *inside.PLACES)}
FLATS = {place.name: place for place in flats.PLACES}
LONG = 256
ASPECTS = (4 / 3, 4 / 3, 3 / 2, 1.0, 3 / 4, 16 / 9, 2 / 3)
MASTER = 320  # long side that the subject is drawn with, in pixels
FOREGROUND = (72, 240)  # long side that the subject is handed over with, whatever its size in the scene


class Scene(NamedTuple):
    """A group and what is known about it. `camera`: None where the view is square on. `changed`: `(H, W)`, 0 = equal.

    `tall`: metres of the subject's picture.
    """

    group: GroupPixels
    kind: str
    place: str
    tall: float
    camera: Camera | None
    light: Light
    changed: np.ndarray


def scene_group(seed: int, size: Size | None = None) -> GroupPixels:
    """Foreground, background, composite and box of the scene number `seed`; `size` in pixels, else 256 at most."""
    return scene(seed, size).group


def scene(seed: int, size: Size | None = None) -> Scene:
    rng = np.random.default_rng([1746, seed])
    size = size or any_size(rng)
    while True:
        thing = any_thing(rng)
        name = thing.places[rng.integers(len(thing.places))]
        drawn, tall = thing.draw(rng, MASTER), rng.uniform(*thing.height)
        taken = (
            _flat(rng, size, thing, drawn, tall, name) if name in FLATS else _deep(rng, size, thing, drawn, tall, name)
        )
        if taken:
            return taken


def any_size(rng: np.random.Generator) -> Size:
    aspect = ASPECTS[rng.integers(len(ASPECTS))]
    return Size(LONG, round(LONG / aspect)) if aspect >= 1 else Size(round(LONG * aspect), LONG)


def _deep(rng: np.random.Generator, size: Size, thing: Thing, drawn: Drawn, tall: float, name: str) -> Scene | None:
    """A place with a ground that runs away from the camera."""
    place = PLACES[name]
    found = framed(rng, size, thing, drawn.aspect, tall, place)
    if found is None:
        return None
    camera, spot, box = found
    light = any_light(rng, place.indoors)
    stage = place.paint(camera, rng, spot)
    stage = stage._replace(rgb=stage.rgb * light.level)
    ground = Ground(
        camera.flatness(box.bottom), stage.gloss, stage.ripple or thing.lane == "water", air=thing.lane == "sky"
    )
    rgb = company.around(stage, place, camera, spot, box, light, rng.integers(1, 8), rng)
    if thing.kind == "seated person":
        rgb = company.seat(rgb, box, tall, camera, light, name, rng)
    if rng.random() < (0.5 if name in ("table", "desk") else 0.2):
        rgb = finish.out_of_focus(rgb, box.bottom, rng)
    return _finished(rng, drawn, rgb, box, light, ground, spot.z, place.haze)._replace(
        kind=thing.kind, place=name, tall=tall, camera=camera)  # fmt: skip


def _flat(rng: np.random.Generator, size: Size, thing: Thing, drawn: Drawn, tall: float, name: str) -> Scene | None:
    """A place seen square on."""
    box = any_box(rng, size, drawn.aspect)
    if box is None:
        return None
    place, metre, light = FLATS[name], box.size.height / tall, any_light(rng, indoors=True)
    flat = place.paint(*size, metre, (box.centre[0], float(box.bottom)), tall, rng)
    flat = flat._replace(rgb=flat.rgb * light.level)
    rgb = company.beside(flat, name, place.hangs, metre, box, light, rng.integers(2, 14), rng)
    ground = Ground(0.15, hangs=place.hangs)
    return _finished(rng, drawn, rgb, box, light, ground, 1.0, 1e6)._replace(kind=thing.kind, place=name, tall=tall)


def _finished(rng: np.random.Generator, drawn: Drawn, rgb: np.ndarray, box: Box, light: Light, ground: Ground, z: float,
              half: float) -> Scene:  # fmt: skip
    """The subject put in under the scene's light; the group with the subject as another camera saw it."""
    background = rgb.astype(np.float32)
    lit = see_through.shown(drawn, shaded(drawn, light), background[box.top : box.bottom, box.left : box.right])
    colours, alpha = fitted(lit, drawn.alpha, *box.size)
    colours = hazed(colours, z, half, HAZE * light.level)
    solid = see_through.solid(drawn, *box.size)
    composite, changed = put(background, colours, alpha, box, light, ground, rng, solid)
    background, composite, develop = finish.developed(background, composite, changed, rng)
    foreground = _foreground(rng, drawn, lit, light, develop)
    group = GroupPixels(*(torch.from_numpy(np.ascontiguousarray(a)) for a in (foreground, background, composite)), box)
    return Scene(group, "", "", 0.0, None, light, changed)


def _foreground(rng: np.random.Generator, drawn: Drawn, lit: np.ndarray, light: Light, develop) -> np.ndarray:
    """`(h, w, 4)`: a quarter as it is in the scene nearly, the others under some other light and camera."""
    alike = rng.random() < 0.25
    picture = develop(lit) if alike else _elsewhere(rng, drawn)
    scale = np.exp(rng.uniform(*np.log(FOREGROUND))) / max(drawn.alpha.shape)
    height, width = (max(4, round(side * scale)) for side in drawn.alpha.shape)
    colours, alpha = fitted(picture, drawn.alpha, width, height)
    return np.dstack([finish.recoloured(colours, rng, 0.12 if alike else 1.0), alpha]).astype(np.float32)


def _elsewhere(rng: np.random.Generator, drawn: Drawn) -> np.ndarray:
    """The thing `(h, w, 3)` where another camera saw it."""
    lit = shaded(drawn, any_light(rng, indoors=rng.random() < 0.5))
    return np.clip(see_through.shown(drawn, lit, see_through.somewhere(rng)), 0, 1)


def scene_groups(count: int, seed: int) -> Iterable[tuple[str, GroupPixels]]:
    """`count` scenes with their names; the same for the same `seed`."""
    scenes = Scenes(count, seed)
    return ((f"scene-{seed}-{i:06d}", scenes[i]) for i in range(count))


class Scenes:
    """`count` scenes by number, drawn when asked for; different seeds share no scene."""

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.seed = count, seed

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, i: int) -> GroupPixels:
        if not 0 <= i < self.count:
            raise IndexError(i)
        return scene_group((self.seed << 32) + i)
