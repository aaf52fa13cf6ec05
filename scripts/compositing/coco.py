"""Openly licensed COCO photographs as pictures with masks, and which of them are never trained on."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

OVER = 4  # polygons are drawn so many times larger and reduced, which gives masks their soft edge
HELD_OUT = 0.3


class CocoPicture(NamedTuple):
    """picture: `(H, W, 3)`, mask: `(H, W)`, float32 in [0, 1]."""

    image_id: int
    instance_id: int
    category: str
    picture: Tensor
    mask: Tensor


def is_holdout(image_id: int) -> bool:
    """About 30 % of all images, always the same ones, whatever else is in the set."""
    return lot_of(image_id) < HELD_OUT


def lot_of(image_id: int) -> float:
    """A number in [0, 1) that the id alone settles."""
    first = hashlib.sha256(str(image_id).encode()).digest()[:8]
    return int.from_bytes(first, "big") / 2**64


def coco_pictures(folder: str | Path) -> Iterator[CocoPicture]:
    """Every instance in `annotations.json`, image after image, one in memory at a time."""
    folder = Path(folder)
    notes = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    instances = defaultdict(list)
    for instance in notes["instances"]:
        instances[instance["image_id"]].append(instance)
    for image in notes["images"]:
        if not instances[image["id"]]:
            continue
        picture = _pixels(Image.open(folder / image["file"]).convert("RGB"))
        for instance in instances[image["id"]]:
            mask = rasterised(instance["polygons"], image["width"], image["height"])
            yield CocoPicture(image["id"], instance["id"], instance["category"], picture, mask)


def rasterised(polygons: Sequence[Sequence[float]], width: int, height: int) -> Tensor:
    """`(height, width)` in [0, 1]; each polygon is x0, y0, x1, y1, ... in pixels."""
    large = Image.new("L", (width * OVER, height * OVER))
    for polygon in polygons:
        ImageDraw.Draw(large).polygon([value * OVER for value in polygon], fill=255)
    return _pixels(large.reduce(OVER))


def _pixels(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).to(torch.float32).div_(255)
