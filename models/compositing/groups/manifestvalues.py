"""The values that a manifest's entry may hold, each read into what it means, or refused in words."""

from __future__ import annotations

import math
import os
import re
import reprlib
import unicodedata
from pathlib import Path
from typing import Any

from ...geometry import Box

LONGEST_LINE = 200  # characters of an id, a category, a scene
FARTHEST = 1_000_000  # pixels; far above any picture, and safe to calculate with
STRONGEST_GAIN = 100.0


class Wrong(Exception):
    """What is wrong with a value, as the end of a sentence that begins with the value's name."""


def shown(value: object) -> str:
    """A value of any size and depth in some words."""
    short = reprlib.Repr()
    short.maxstring, short.maxlevel = 100, 2
    return short.repr(value)


def box_of(value: Any) -> Box:
    """`[x, y, width, height]` in pixels, to the nearest whole ones. Raises `Wrong`."""
    numbers = _numbers(value, 4)
    if numbers is None or max(map(abs, numbers)) > FARTHEST:
        raise Wrong(f"must be four numbers [x, y, width, height] in pixels, not {shown(value)}")
    x, y, width, height = numbers
    if width <= 0 or height <= 0:
        raise Wrong(f"must have a width and a height above 0, not {shown(value)}")
    box = Box(round(x), round(y), round(x + width), round(y + height))
    if min(box.size) < 1:
        raise Wrong(f"is less than one pixel large: {shown(value)}")
    return box


def _numbers(value: Any, count: int) -> list[float] | None:
    """`count` finite numbers, else None. Python's JSON knows NaN and whole numbers of any length."""
    if not isinstance(value, list) or len(value) != count or not all(type(v) in (int, float) for v in value):
        return None
    try:
        numbers = [float(v) for v in value]
    except OverflowError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def boxes_of(value: Any) -> tuple[Box, ...]:
    if not isinstance(value, list):
        raise Wrong(f"must be a list of boxes [[x, y, width, height], ...], not {shown(value)}")
    return tuple(map(box_of, value))


def gain_of(value: Any) -> tuple[float, float, float]:
    gains = _numbers(value if isinstance(value, list) else [value] * 3, 3)
    if gains is None or not all(0 < g <= STRONGEST_GAIN for g in gains):
        raise Wrong(f"must be a number above 0, or three for red, green and blue, not {shown(value)}")
    return gains[0], gains[1], gains[2]


def file_below(value: Any, folder: Path) -> Path:
    """The path below `folder`. It is followed through links, so that no link leads out either."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"must be the path of a picture, not {shown(value)}")
    relative = value.replace("\\", "/")  # written on Windows, read anywhere
    if relative.startswith("/") or re.match("[A-Za-z]:", relative):
        raise Wrong(f"must be a path relative to the manifest's folder, not {shown(value)}")
    path, root = folder / relative, os.path.realpath(folder)
    try:
        inside = os.path.commonpath((root, os.path.realpath(path))) == root
    except ValueError:  # a null character, half a surrogate pair, another drive
        inside = False
    if not inside:
        raise Wrong(f"leads out of the manifest's folder: {shown(value)}")
    if not os.path.isfile(path):
        raise Wrong(f"names a file that is missing: {shown(value)}")
    return path


def name_of(value: Any) -> str:
    name = line_of(str(value) if type(value) is int and abs(value) < 10**18 else value)
    if not name:
        raise Wrong("is empty")
    return name


def line_of(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_LINE or any(_is_control(c) for c in value):
        raise Wrong(f"must be one line of at most {LONGEST_LINE} characters, not {shown(value)}")
    return value.strip()


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"must be true or false, not {shown(value)}")
    return value
