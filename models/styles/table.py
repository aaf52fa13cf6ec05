"""A person's own rows, feature = style, checked to be one to one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..errors import TroupeError
from ..samples.sample import SubStyle
from ..vocabulary import normal
from .assignment import UNKNOWN
from .naming import require_style, require_value

REMEDY = "Image feature and second sub-style are one to one: change one of the two."


class Row(NamedTuple):
    """`place` says where it was written: "line 3"."""

    feature: str
    style: SubStyle
    place: str


class _Written(NamedTuple):
    left: str
    right: str
    place: str

    def __str__(self) -> str:
        return f"{self.place} ({self.left} = {self.right})"


def read_table(text: str, axis: str, present: Sequence[str], styles: Sequence[SubStyle]) -> tuple[Row, ...]:
    """Lines `front = fine_line`, `#` begins a comment; or a JSON object {"front": "fine_line"}.

    Features are values of slot `axis` by any of their names, or the word "unknown"; styles go by id or name.
    Raises `TroupeError` that names both places when a feature or a style is repeated.
    """
    written = _json_rows(text) if text.lstrip().startswith(("{", "[")) else _line_rows(text)
    rows = [(w, _row(w, axis, present, styles)) for w in written]
    _require_unique(rows, "feature", lambda row: row.feature)
    _require_unique(rows, "style", lambda row: row.style.id)
    return tuple(row for _, row in rows)


def require_one_to_one(text: str) -> None:
    """What can be known to be wrong before the features are: a line that is no pair, a feature or style twice."""
    written = _json_rows(text) if text.lstrip().startswith(("{", "[")) else _line_rows(text)
    for what, side in (("feature", "left"), ("style", "right")):
        _require_unique([(w, w) for w in written], what, lambda w, side=side: normal(getattr(w, side)))


def _line_rows(text: str) -> list[_Written]:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        left, sign, right = line.partition("=")
        if not (sign and left.strip() and right.strip()):
            raise TroupeError(
                f"Line {number} of the table is no pair", item=repr(line), remedy="Write it as: front = fine_line"
            )
        rows.append(_Written(left.strip(), right.strip(), f"line {number}"))
    return rows


def _json_rows(text: str) -> list[_Written]:
    try:
        # As pairs, because a dict would swallow a repeated feature.
        data = json.loads(text, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError) as error:  # broken, too deep, or a number of 5,000 digits
        raise TroupeError(
            "The table is no valid JSON", item=str(error), remedy="Or write lines: front = fine_line"
        ) from None
    if not isinstance(data, list) or not all(_is_pair(pair) for pair in data):
        raise TroupeError(
            "The table is no object of texts", item=text[:60], remedy='Write it as {"front": "fine_line"}.'
        )
    return [_Written(left, right, f"entry {number}") for number, (left, right) in enumerate(data, 1)]


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _row(written: _Written, axis: str, present: Sequence[str], styles: Sequence[SubStyle]) -> Row:
    where = f" in {written.place} of the table"
    feature = require_value(written.left, axis, (*present, UNKNOWN), where)
    return Row(feature, require_style(written.right, styles, where), written.place)


def _require_unique(rows: Sequence[tuple[_Written, Row]], what: str, key) -> None:
    first: dict[str, _Written] = {}
    for written, row in rows:
        earlier = first.setdefault(key(row), written)
        if earlier is not written:
            item = f"{earlier} and {written}"
            raise TroupeError(f"The table has the {what} {key(row)!r} twice", item=item, remedy=REMEDY)
