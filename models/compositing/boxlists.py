"""Boxes as nodes hand them to one another: a dict, a list of dicts, or a list of such lists, one a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..errors import TroupeError
from ..geometry import Box
from .grid import Frame

KEYS = ("x", "y", "width", "height")


def boxes_out(boxes: Sequence[Sequence[Box]]) -> list[list[dict[str, int]]]:
    """For each picture its boxes, in pixels, as the host's BOUNDING_BOX."""
    return [[dict(zip(KEYS, (b.left, b.top, *b.size), strict=True)) for b in picture] for picture in boxes]


def drawn(given: object) -> bool:
    """Whether there is any box at all: the host's box editor hands an empty list on while nothing is drawn in it."""
    return given is not None and not (isinstance(given, list | tuple) and all(item == [] for item in given))


def boxes_in(given: object, count: int) -> list[Frame]:
    """One box for each of `count` pictures: the first of each picture's list; a single one goes for all, and of a flat
    list for one picture the first counts. `count` boxes drawn in one picture are for one thing each, in their order.

    Raises `TroupeError` for what is no box, and where the numbers do not fit.
    """
    if isinstance(given, list | tuple) and len(given) == 1 and isinstance(given[0], list) and len(given[0]) == count:
        given = given[0]
    listed = [_first(item) for item in given] if isinstance(given, list | tuple) else [given]
    if count == 1 and isinstance(given, list | tuple) and all(isinstance(item, dict) for item in given):
        listed = listed[:1]
    if len(listed) not in (1, count):
        raise TroupeError(
            "The boxes do not fit the pictures",
            item=f"boxes for {len(listed)} pictures, and {count} pictures",
            remedy="Hand over one box, or one for each picture.",
        )
    frames = [_frame(item, number) for number, item in enumerate(listed, 1)]
    return frames * count if len(frames) == 1 else frames


def _first(item: object) -> object:
    return (item[0] if item else None) if isinstance(item, list | tuple) else item


def _frame(item: object, number: int) -> Frame:
    values = [item.get(key) for key in KEYS] if isinstance(item, dict) else []
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)]
    if len(numbers) != len(KEYS) or min(numbers[2:]) <= 0:
        raise TroupeError(
            "This is not a box",
            item=f"number {number}: {item!r:.80}",
            remedy="It needs x, y, width and height in pixels.",
        )
    x, y, width, height = map(float, numbers)
    return Frame(x, y, x + width, y + height)
