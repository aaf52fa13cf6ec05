"""Preset text, TOML or JSON, as plain tables, with the line of each key for whoever has to complain about it."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches

from ..errors import TroupeError
from ..tomlreading import toml_reader


def read_tables(text: str) -> dict[str, object]:
    """The tables in `text`. Raises `TroupeError` with the line for text that is neither TOML nor JSON."""
    if text.lstrip().startswith("{"):
        return _read_json(text)
    toml = toml_reader()
    if toml is None:
        raise TroupeError(
            "This Python is too old to read TOML",
            item="Python 3.10 without the package tomli",
            remedy='Write the preset as JSON instead, such as {"total": 25, "shots": {"close-up": "40%"}}.',
        )
    try:
        return toml.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is the first; nesting and dates raise others
        raise TroupeError(
            "The preset is not valid TOML",
            item=str(error),
            remedy='Write one setting a line, such as  total = 25  and words in quotes, such as  balance = "exact".',
        ) from None


def _read_json(text: str) -> dict[str, object]:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise TroupeError(
            "The preset is not valid JSON",
            item=f"line {error.lineno}, column {error.colno}: {error.msg}",
            remedy='Write it as {"total": 25, "shots": {"close-up": "40%"}}.',
        ) from None
    except (ValueError, RecursionError):
        raise TroupeError(
            "The preset is not valid JSON",
            item="it is nested too deep, or holds a number of thousands of digits",
            remedy='Write it as {"total": 25, "shots": {"close-up": "40%"}}.',
        ) from None


def where(text: str, key: str, within: str = "") -> str:
    """`"shots" in line 3`: the first line that sets `key`, after the line that names `within`."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if within and _names(line, within)), 0)
    found = next((n for n in range(start, len(lines)) if _names(lines[n], key)), None)
    return f'"{key}"' if found is None else f'"{key}" in line {found + 1}'


def _names(line: str, key: str) -> bool:
    """`key = ...`, `"key": ...`, `[key]`, alone on the line or inside braces; not in a comment."""
    return bool(re.search(rf"""(^|[\[{{,.\s"'])({re.escape(key)})["']?\s*[=:\].]""", line.split("#")[0]))


def nearest(word: str, known: tuple[str, ...]) -> str:
    """`Did you mean "shots"?` or, when nothing is near, all that is known."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else f"Known here: {', '.join(known)}."
