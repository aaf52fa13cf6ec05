"""Tables of settings as TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | list[int]
# Its head, such as `[general]`; "" for what stands before all tables.
Table = tuple[str, Mapping[str, Value]]


def toml_text(tables: Sequence[Table]) -> str:
    """JSON's strings, numbers, booleans and lists are TOML's too."""
    blocks = (
        "\n".join(
            (*filter(None, (head,)), *(f"{key} = {json.dumps(v, ensure_ascii=False)}" for key, v in values.items()))
        )
        for head, values in tables
    )
    return "\n\n".join(blocks) + "\n"
