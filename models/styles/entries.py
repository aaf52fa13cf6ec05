"""One style library entry, from JSON to a `SubStyle`, with every mistake named by file, entry and field."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Literal

from ..errors import TroupeError
from ..samples.substyle import SubStyle

Kind = Literal["first", "second"]

# What the weight-free stylizer can draw, and the ranges of its dials (`models/restyling/painterly`; a test keeps the
# two equal). A second sub-style's numbers are laid over the first one's: ADDED dials are added, all others multiply,
# and the result is held within the range. So a second sub-style that names no dial changes nothing.
LOOKS = (
    "anime_cel", "ink_wash", "gongbi", "watercolour", "oil", "gouache", "pencil", "coloured_pencil", "comic", "poster",
    "toon_3d",
)  # fmt: skip
DIALS: Mapping[str, tuple[float, float]] = {
    "strength": (0.0, 1.0),
    "line": (0.0, 2.0),
    "chroma": (0.0, 2.0),
    "warmth": (-1.0, 1.0),
    "contrast": (0.5, 1.5),
    "lightness": (-0.3, 0.3),
    "texture": (0.0, 2.0),
    "detail": (0.5, 1.5),
    "bloom": (0.0, 2.0),
    "pigment": (0.0, 1.0),
}
ADDED = ("warmth", "lightness")
FACTORS = (0.0, 2.0)

REQUIRED = ("id", "name", "prompt")
TEXTS = (*REQUIRED, "name_zh", "family", "negative", "instruction")


def sub_style_from(entry: Any, kind: Kind, where: str) -> SubStyle:
    """`where` names file and entry in errors. Only id, name and prompt must be there; `name_zh` defaults to `name`."""
    if not isinstance(entry, Mapping):
        raise _bad(where, "is not an object", 'Write it as {"id": ..., "name": ..., "prompt": ...}.')
    where = f"{where} ({entry['id']})" if isinstance(entry.get("id"), str) else where
    unknown = set(entry) - {*TEXTS, "strength", "keywords", "painterly"}
    if unknown:
        raise _bad(where, f"has an unknown field: {', '.join(sorted(map(str, unknown)))}", "Check its spelling.")
    texts = {field: _text(entry, field, where) for field in TEXTS}
    return SubStyle(
        **{**texts, "name_zh": texts["name_zh"] or texts["name"], "family": texts["family"] or "own"},
        strength=_number(entry.get("strength", 1.0), "strength", (0.0, 1.0), where),
        keywords=_keywords(entry.get("keywords", []), where),
        painterly=_painterly(entry.get("painterly", {}), kind, where),
    )


def _text(entry: Mapping[str, Any], field: str, where: str) -> str:
    value = entry.get(field, "")
    if not isinstance(value, str):
        raise _bad(where, f"field {field!r} is no text", "Put it in quotes.")
    if field in REQUIRED and not value.strip():
        raise _bad(where, f"has no {field!r}", "Every style needs an id, a name and a prompt.")
    return value.strip()


def _keywords(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _bad(where, "field 'keywords' is no list of words", 'Write it as ["night", "moon"].')
    return tuple(value)


def _painterly(value: Any, kind: Kind, where: str) -> tuple[tuple[str, str | float], ...]:
    if not isinstance(value, Mapping):
        raise _bad(where, "field 'painterly' is no object", 'Write it as {"look": "watercolour", "line": 1.2}.')
    if kind == "second" and "look" in value:
        raise _bad(where, "is a second sub-style with a 'look'", "Only first sub-styles name a look; leave it out.")
    return tuple((name, _setting(name, setting, kind, where)) for name, setting in value.items())


def _setting(name: str, value: Any, kind: Kind, where: str) -> str | float:
    if name == "look":
        if value not in LOOKS:
            raise _bad(where, f"names an unknown look: {value!r}", f"Choose one of {', '.join(LOOKS)}.")
        return value
    if name not in DIALS:
        raise _bad(where, f"names an unknown painterly setting: {name!r}", f"Choose among {', '.join(DIALS)}.")
    return _number(value, f"painterly.{name}", factor_range(name) if kind == "second" else DIALS[name], where)


def factor_range(dial: str) -> tuple[float, float]:
    """What a second sub-style may say about a dial: an amount to add, or a factor that may be neutral (1)."""
    return DIALS[dial] if dial in ADDED else FACTORS


def _number(value: Any, field: str, limits: tuple[float, float], where: str) -> float:
    low, high = limits
    good = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not good or not low <= value <= high:
        raise _bad(where, f"field {field!r} is {value!r}", f"It must be a number from {low:g} to {high:g}.")
    return float(value)


def _bad(where: str, what: str, remedy: str) -> TroupeError:
    return TroupeError(f"A style entry {what}", item=where, remedy=remedy)
