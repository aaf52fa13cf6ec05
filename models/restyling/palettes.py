"""Palettes of new characters: those that ship with Troupe, and a person's own."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import TroupeError
from ..picturefiles import parse_colour

if TYPE_CHECKING:
    from .painterly.palette import CharacterPalette

MINIMUM_COLOURS, MAXIMUM_COLOURS = 3, 12


@lru_cache(maxsize=1)
def shipped_colours() -> dict[str, tuple[str, ...]]:
    """The colours of the palettes that ship with Troupe, by name."""
    data = json.loads((Path(__file__).parent / "palettes.json").read_text(encoding="utf-8"))
    return {entry["name"]: tuple(entry["colours"]) for entry in data["palettes"]}


def named_palettes() -> dict[str, CharacterPalette]:
    """The same as what the painterly stylizer takes."""
    from .painterly.palette import CharacterPalette

    return {name: CharacterPalette(name, colours) for name, colours in shipped_colours().items()}


def parse_palette(text: str) -> CharacterPalette:
    """Colours as names or `#rrggbb`, separated by commas or spaces."""
    from .painterly.palette import CharacterPalette

    colours = tuple("#{:02x}{:02x}{:02x}".format(*parse_colour(c)) for c in text.replace(",", " ").split())
    if not MINIMUM_COLOURS <= len(colours) <= MAXIMUM_COLOURS:
        raise TroupeError(
            f"A character palette has {MINIMUM_COLOURS} to {MAXIMUM_COLOURS} colours, not {len(colours)}",
            item=repr(text),
            remedy='Write them like "#2d4a6b, #e8b04a, #f3e6d0".',
        )
    return CharacterPalette("own", colours)
