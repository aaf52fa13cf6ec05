"""Names and values as they stand in files that somebody else wrote: of any type, and trusted with nothing."""

from __future__ import annotations

import re
from typing import Any

from ..samples.walking import stem_of

# What is more is no count: 1e999 is infinity to JSON.
MOST = 1e9


def stem_name(file: str) -> str:
    """The file's own name without its suffix."""
    return stem_of(file).rpartition("/")[2]


def folder_name(folder: str) -> str:
    """Its last name, without the repeats that kohya's trainers read from it (`12_mira`)."""
    return re.sub(r"^\d+_(?=.)", "", folder.rpartition("/")[2])


def folder_repeats(folder: str) -> int:
    """What is before the first "_" of its last name; 0 where that is no number."""
    number = folder.rpartition("/")[2].partition("_")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def tables(data: object, *names: str) -> list[dict[str, Any]]:
    """The tables under `names` in `data`, list by list: `tables(config, "datasets", "subsets")`."""
    found = [data] if isinstance(data, dict) else []
    for name in names:
        lists = (table.get(name) for table in found)
        found = [t for inner in lists if isinstance(inner, list) for t in inner if isinstance(t, dict)]
    return found


def whole_number(value: object, otherwise: int = 1) -> int:
    """A positive whole number near `value`, or `otherwise` for what is none."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return max(1, round(value)) if number and 0 < value < MOST else otherwise


def text_of(value: object, otherwise: str = "") -> str:
    return value if isinstance(value, str) else otherwise
