"""Whether a value that came out of a file is what its class says, down to the last text and number."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from functools import cache
from typing import Any, Literal, Union


def require_types(value: Any, hint: Any, where: str = "") -> None:
    """`hint`: a dataclass, `str`, `int`, `float`, `bool`, `None`, or tuple, `Literal` and union of such.

    Raises `TypeError` that names the first place where it is not so. A number is finite; an int is a float, too.
    """
    if dataclasses.is_dataclass(hint):
        if type(value) is not hint:
            raise TypeError(f"{where or 'it'} is no {hint.__name__}")
        for name, inner in _hints(hint).items():
            require_types(getattr(value, name), inner, f"{where}.{name}".lstrip("."))
    elif typing.get_origin(hint) is tuple and isinstance(value, tuple):
        for item, inner in zip(value, _items(value, typing.get_args(hint), where), strict=True):
            require_types(item, inner, where)
    elif typing.get_origin(hint) in (Union, types.UnionType):
        _require_one_of(value, typing.get_args(hint), where)
    elif not _is_plain(value, hint):
        raise TypeError(f"{where or 'it'} cannot be {value!r:.40}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _items(value: tuple, arguments: tuple, where: str) -> tuple:
    if arguments[1:] == (...,):
        return (arguments[0],) * len(value)
    if len(value) != len(arguments):
        raise TypeError(f"{where} has {len(value)} members and not {len(arguments)}")
    return arguments


def _require_one_of(value: Any, hints: tuple, where: str) -> None:
    for hint in hints:
        if dataclasses.is_dataclass(hint) and type(value) is hint:  # says where in it the fault is
            return require_types(value, hint, where)
    if not any(_is_plain(value, hint) for hint in hints):
        raise TypeError(f"{where} cannot be {value!r:.40}")


def _is_plain(value: Any, hint: Any) -> bool:
    if typing.get_origin(hint) is Literal:
        return value in typing.get_args(hint)
    if hint is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is hint
