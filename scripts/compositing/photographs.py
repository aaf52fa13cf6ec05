"""One thing in an openly licensed photograph as a composite group: cut out, with its place filled from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

from ...models.compositing.grid import Frame, Position, position_of
from ...models.compositing.groups.group import GroupPixels
from ...models.compositing.groups.making import MakeSettings, make_group
from ...models.errors import TroupeError
from ...models.geometry import Size
from ...models.picturefiles import decode
from ...models.pixels import from_pillow, shrunk
from ...models.samples.seeds import sample_seed
from .coco import HELD_OUT, is_holdout, lot_of, rasterised

NOTES = "annotations.json"
# Pixels of the long side: more than twice what the tiny model sees, and filled in about a second.
SIDE = 320
# Share of all images that chooses between weights and is not trained on.
VALIDATION = 0.14


class Instance(NamedTuple):
    """A thing in a photograph. size: of the photograph, in pixels; box and polygons in the same."""

    image_id: int
    instance_id: int
    category: str
    file: Path
    size: Size
    polygons: tuple[tuple[float, ...], ...]
    box: Frame

    @property
    def id(self) -> str:
        return f"{self.image_id}/{self.instance_id}"

    @property
    def position(self) -> Position:
        return position_of(self.box, self.size)


def instances(folder: Path, wanted: Callable[[int], bool]) -> list[Instance]:
    """Those in images whose id is `wanted`, image after image. Raises `TroupeError` for a list that cannot be read."""
    try:
        notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        images = {image["id"]: image for image in notes["images"] if wanted(image["id"])}
        rows = [row for row in notes["instances"] if row["image_id"] in images]
        found = [_instance(folder, images[row["image_id"]], row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TroupeError(
            "The list of photographs cannot be read",
            item=str(folder / NOTES),
            remedy=f"It must hold images and their instances with polygons ({error!r}).",
        ) from error
    order = {id_: number for number, id_ in enumerate(images)}
    return sorted(found, key=lambda instance: order[instance.image_id])


def _instance(folder: Path, image: dict, row: dict) -> Instance:
    x, y, width, height = map(float, row["bbox"])
    polygons = tuple(tuple(map(float, polygon)) for polygon in row["polygons"])
    size = Size(image["width"], image["height"])
    box = Frame(x, y, x + width, y + height)
    return Instance(image["id"], row["id"], row["category"], folder / image["file"], size, polygons, box)


def taken_out(instance: Instance, side: int = SIDE, seed: int = 0) -> GroupPixels:
    """The group that the instance makes, `side` pixels long; the same for the same seed.

    Raises `TroupeError` with the reason for what cannot be used.
    """
    picture = from_pillow(decode(instance.file).image)
    if picture.ndim == 2:
        picture = picture[..., None].expand(-1, -1, 3)
    mask = rasterised(instance.polygons, *instance.size)
    if mask.shape != picture.shape[:2]:
        raise TroupeError("The photograph is not as large as its list says", item=instance.file.name)
    settings = MakeSettings(seed=seed)
    generator = torch.Generator().manual_seed(sample_seed(seed, instance.id))
    return make_group(shrunk(picture, side), shrunk(mask, side), settings, generator)


def is_validation(image_id: int) -> bool:
    """Images that choose between weights; never among those of `coco.is_holdout`, on which they are judged."""
    return HELD_OUT <= lot_of(image_id) < HELD_OUT + VALIDATION


def is_trained_on(image_id: int) -> bool:
    return not is_holdout(image_id) and not is_validation(image_id)
