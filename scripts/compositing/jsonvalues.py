"""A JSON object as a frozen dataclass: what is unknown, missing or of another kind is refused by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ...models.errors import TroupeError

Value = TypeVar("Value")
WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", Path: "a path"}


def as_value(kind: type[Value], given: Any, where: str, folder: Path) -> Value:
    """An instance of the dataclass `kind`. where: its name in messages. folder: what paths are relative to.

    Raises `TroupeError`.
    """
    if not isinstance(given, Mapping):
        raise wrong(where, "must be an object like {...}")
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(given) - set(known)):
        raise wrong(f"{where}: {', '.join(unknown)}", "is not known here", f"Known are {', '.join(known)}.")
    optional = {name for name, f in known.items() if f.default is not MISSING or f.default_factory is not MISSING}
    if missing := sorted(set(known) - set(given) - optional):
        raise wrong(f"{where}: {', '.join(missing)}", "is missing")
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value, f"{where}.{name}", folder) for name, value in given.items()})


def wrong(where: str, reason: str, remedy: str = "") -> TroupeError:
    return TroupeError("This configuration cannot be used", item=f"{where} {reason}", remedy=remedy)


def _value(hint: Any, given: Any, where: str, folder: Path) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return as_value(hint, given, where, folder)
    if origin in (Union, UnionType):
        return None if given is None else _value(inner[0], given, where, folder)
    if origin is tuple:
        return _row(inner, given, where, folder)
    if origin is Literal:
        if given not in inner:
            raise wrong(where, f"is {given!r}", f"Choose one of {', '.join(map(str, inner))}.")
        return given
    return _plain(hint, given, where, folder)


def _row(inner: tuple[Any, ...], given: Any, where: str, folder: Path) -> tuple[Any, ...]:
    many = inner[-1] is Ellipsis
    if not isinstance(given, list) or not (many or len(given) == len(inner)):
        raise wrong(where, "must be a list like [...]" if many else f"must be a list of {len(inner)}")
    hints = inner[:1] * len(given) if many else inner
    return tuple(_value(hint, v, f"{where}[{i}]", folder) for i, (hint, v) in enumerate(zip(hints, given, strict=True)))


def _plain(kind: type, given: Any, where: str, folder: Path) -> Any:
    fits = (int, float) if kind is float else (str,) if kind is Path else (kind,)
    # True is an int to Python and a slip of the pen to anybody else.
    if not isinstance(given, fits) or (isinstance(given, bool) and kind is not bool):
        raise wrong(where, f"must be {WORDS[kind]}, not {given!r}")
    return folder / given if kind is Path else kind(given)
