"""Staged pictures that were made once are found again by what they were made from."""

from __future__ import annotations

import json
from functools import partial
from typing import NamedTuple

from ...picturefiles import file_digest, write_png
from ...pixels import to_pillow
from ...samples.sample import ImageFile, MaskFile
from ...samples.store import Store, store_key
from ..composing.compose import Composed
from ..grid import Frame

KINDS = ("image", "mask")


class Scene(NamedTuple):
    """A staged picture in the store. `confidence`: what the model thinks of the place, in [0, 1]; `free`: it was the
    model's choice alone, not that of a cut in the picture."""

    image: ImageFile
    mask: MaskFile
    box: Frame
    confidence: float
    free: bool


class NoScene(NamedTuple):
    """Why there is none, in words for the set's owner."""

    reason: str


def recall(store: Store, key: str) -> Scene | None:
    """The pictures of an earlier run, if they are still there to the byte."""
    record = store.find(key, ".json")
    try:
        told = json.loads(record.read_text(encoding="utf-8")) if record else None
        if told is None:
            return None
        paths = {kind: store.find(store_key(key, kind), ".png") for kind in KINDS}
        if any(path is None or file_digest(path) != told[kind] for kind, path in paths.items()):
            return None
        image = ImageFile(str(paths["image"]), told["image"], *told["size"])
        mask = MaskFile(str(paths["mask"]), told["mask"], "grey")
        return Scene(image, mask, Frame(*told["box"]), told["confidence"], told["free"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(store: Store, key: str, made: Composed, confidence: float, *, free: bool) -> Scene:
    """The record comes last, so it never names a picture that is not there."""
    digests = {}
    for kind in KINDS:
        store.put(store_key(key, kind), ".png", partial(write_png, to_pillow(getattr(made, kind))))
        digests[kind] = store.digest(store_key(key, kind), ".png")
    height, width = made.mask.shape
    box = [round(float(edge), 2) for edge in made.box]
    told = {**digests, "size": [width, height], "box": box, "confidence": round(confidence, 4), "free": free}
    text = json.dumps(told).encode()
    store.put(key, ".json", lambda file: file.write(text))
    return recall(store, key)
