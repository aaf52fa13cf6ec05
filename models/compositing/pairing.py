"""Backgrounds and cut-outs of a batch brought together: 1 x N, N x 1 or N x N."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor

from ..errors import TroupeError
from ..geometry import Box
from .inputs import checked_background, checked_foreground


class Pair(NamedTuple):
    """background: `(H, W, 3)`. foreground: `(h, w, 4)`, cropped to what is there; `crop`: that in its picture."""

    background: Tensor
    foreground: Tensor
    crop: Box


def paired(backgrounds: Tensor, foregrounds: Tensor, masks: Tensor | None = None) -> list[Pair]:
    """Host batches `(B, H, W, C)` and masks `(B, H, W)`; a batch of one goes with every item of the others.

    Raises `TroupeError` naming the item for what cannot be used, and for batches whose lengths do not fit.
    """
    count = _common(backgrounds=backgrounds, foregrounds=foregrounds, masks=masks)
    scenes = [checked_background(picture, _name("background", i, backgrounds)) for i, picture in enumerate(backgrounds)]
    cut_outs = range(len(foregrounds) if masks is None else max(len(foregrounds), len(masks)))
    things = [
        checked_foreground(
            _at(foregrounds, i), None if masks is None else _at(masks, i), _name("foreground", i, cut_outs)
        )
        for i in cut_outs
    ]
    return [Pair(_at(scenes, i), *_at(things, i)) for i in range(count)]


def _common(**batches: Sequence | None) -> int:
    lengths = {name: len(batch) for name, batch in batches.items() if batch is not None}
    if not all(lengths.values()):
        raise TroupeError("A batch is empty", item=", ".join(n for n, length in lengths.items() if not length))
    several = {length for length in lengths.values() if length > 1}
    if len(several) > 1:
        said = ", ".join(f"{length} {name}" for name, length in lengths.items())
        raise TroupeError("The batches do not fit together", item=said, remedy="Use equal numbers, or one of a kind.")
    return max(lengths.values())


def _at(batch: Sequence, index: int):
    return batch[0] if len(batch) == 1 else batch[index]


def _name(kind: str, index: int, batch: Sequence) -> str:
    return kind if len(batch) == 1 else f"{kind} {index + 1}"
