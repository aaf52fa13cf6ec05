"""All sub-styles there are: ours, from the data files beside this one, and a user's own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import TroupeError
from ..samples.substyle import SubStyle
from .entries import Kind, sub_style_from

FORMAT = 1
FOLDER = Path(__file__).parent / "library"
LARGEST = 4 << 20  # bytes; ours is 30 kB


@dataclass(frozen=True)
class StyleLibrary:
    """First sub-styles are ways to draw, second ones modify them. The order is part of the library: between styles
    that suit equally well, the earlier one is taken."""

    firsts: tuple[SubStyle, ...]
    seconds: tuple[SubStyle, ...]

    def with_styles(self, firsts: Iterable[SubStyle], seconds: Iterable[SubStyle]) -> StyleLibrary:
        """A style with a known id takes that one's place, any other comes last."""
        return StyleLibrary(_replaced(self.firsts, firsts), _replaced(self.seconds, seconds))


def load_library(extra: str | os.PathLike | None = None) -> StyleLibrary:
    """Our styles, and those of `extra`: the path of a JSON file, or JSON text itself. A same id replaces ours.

    The format is that of the files in `library/`: {"troupe_styles": 1, "first": [...], "second": [...]}.
    Raises `TroupeError` that names file, entry and field.
    """
    if extra is None or not str(extra).strip():
        return _ours()
    text, name = _read(extra)
    return _merged(_ours(), text, name)


@lru_cache(maxsize=1)
def _ours() -> StyleLibrary:
    library = StyleLibrary((), ())
    for path in sorted(FOLDER.glob("*.json")):
        library = _merged(library, path.read_text(encoding="utf-8"), path.name)
    return library


def _read(extra: str | os.PathLike) -> tuple[str, str]:
    if isinstance(extra, str) and extra.lstrip().startswith("{"):
        return extra, "your own styles"
    path = Path(extra)
    try:
        if path.exists() and not path.is_file():  # a device has no end
            raise TroupeError("This is no file", item=str(path), remedy="Choose a JSON file of styles.")
        if path.stat().st_size > LARGEST:
            raise TroupeError("This style file is too large", item=str(path), remedy="A style library has some kB.")
        return path.read_text(encoding="utf-8-sig"), path.name
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise TroupeError("The style file cannot be read", item=str(path), remedy=f"Reason: {reason}.") from error


def _merged(library: StyleLibrary, text: str, name: str) -> StyleLibrary:
    data = _parsed(text, name)
    merged = library.with_styles(_styles(data, "first", name), _styles(data, "second", name))
    both = {s.id for s in merged.firsts} & {s.id for s in merged.seconds}
    if both:
        raise TroupeError(
            "A style is both first and second", item=f"{name}: {', '.join(sorted(both))}", remedy="Give it another id."
        )
    return merged


def _parsed(text: str, name: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        remedy = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        raise TroupeError("The style file is no valid JSON", item=name, remedy=remedy) from error
    except (RecursionError, ValueError) as error:
        remedy = "It is nested too deep, or holds a number of thousands of digits."
        raise TroupeError("The style file is no valid JSON", item=name, remedy=remedy) from error
    if not isinstance(data, Mapping) or data.get("troupe_styles") != FORMAT:
        raise TroupeError(
            "Not a style file of this version", item=name, remedy=f'It must begin with {{"troupe_styles": {FORMAT}, ...'
        )
    return data


def _styles(data: Mapping[str, Any], kind: Kind, name: str) -> Iterator[SubStyle]:
    entries = data.get(kind, [])
    if not isinstance(entries, list):
        raise TroupeError("A style list is no list", item=f"{name}: {kind}", remedy='Write it as "first": [ ... ].')
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries, 1):
        style = sub_style_from(entry, kind, f"{name}: {kind} entry {number}")
        if style.id in seen:
            raise TroupeError(
                "Two styles have the same id",
                item=f"{name}: {kind} entries {seen[style.id]} and {number} ({style.id})",
                remedy="Give one of them another id.",
            )
        seen[style.id] = number
        yield style


def _replaced(old: tuple[SubStyle, ...], new: Iterable[SubStyle]) -> tuple[SubStyle, ...]:
    return tuple({s.id: s for s in (*old, *new)}.values())
