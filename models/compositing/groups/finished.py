"""Groups that were made once are found again by what they were made from."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from ...errors import BadPicture
from ...geometry import Box
from ...picturefiles import write_png
from ...pixels import from_pillow, to_pillow
from ...samples.store import Store, store_key
from .group import GroupFault, GroupPixels
from .straight import decode_opaque, decode_straight
from .writing import PARTS, NamedGroup


def recall(store: Store, key: str, id_: str) -> NamedGroup | GroupFault | None:
    """What became of a picture in an earlier run; None when it is not known any more, or damaged."""
    record = store.find(key, ".json")
    try:
        told = json.loads(record.read_text(encoding="utf-8")) if record else None
        if told is None or "fault" in told:
            return told and GroupFault(id_, told["fault"])
        files = [store.find(store_key(key, part), ".png") for part in PARTS]
        return NamedGroup(id_, GroupPixels(*map(_read, PARTS, files), Box(*told["box"]))) if all(files) else None
    except (OSError, ValueError, TypeError, KeyError, BadPicture):
        return None


def remember(store: Store, key: str, outcome: NamedGroup | GroupFault) -> None:
    """The record comes last, so it never names a picture that is not there."""
    if isinstance(outcome, GroupFault):
        told = {"fault": outcome.reason}
    else:
        for part in PARTS:
            image = to_pillow(getattr(outcome.pixels, part))
            store.put(store_key(key, part), ".png", partial(write_png, image))
        told = {"box": list(outcome.pixels.box)}
    text = json.dumps(told, ensure_ascii=False).encode()
    store.put(key, ".json", lambda file: file.write(text))


def _read(part: str, path: Path) -> Tensor:
    if part != "foreground":
        return from_pillow(decode_opaque(path))
    colours, alpha = decode_straight(path)
    return torch.cat((from_pillow(colours), from_pillow(alpha)[..., None]), dim=-1)
