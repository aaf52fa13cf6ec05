"""Long JSON files, written piece by piece as `json.dumps(..., indent=1)` would write them at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def json_object(pairs: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Of members with names of their own. An `Iterator` among the values is written as a list, member by member."""
    return _between("{}", (_member(name, value, 1) for name, value in pairs), 0)


def json_list(values: Iterable[Any], depth: int = 0) -> Iterator[str]:
    """`depth`: how many objects and lists it stands in."""
    return _between("[]", ((_indented(value, depth + 1),) for value in values), depth)


def _member(name: str, value: Any, depth: int) -> Iterator[str]:
    yield f"{json_text(name)}: "
    yield from json_list(value, depth) if isinstance(value, Iterator) else (_indented(value, depth),)


def _between(brackets: str, members: Iterable[Iterable[str]], depth: int) -> Iterator[str]:
    begun = False
    for member in members:
        yield ("," if begun else brackets[0]) + _line(depth + 1)
        yield from member
        begun = True
    yield _line(depth) + brackets[1] if begun else brackets


def _indented(value: Any, depth: int) -> str:
    """Texts in JSON have no line breaks of their own."""
    return json_text(value).replace("\n", _line(depth))


def _line(depth: int) -> str:
    return "\n" + " " * depth
