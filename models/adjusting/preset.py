"""A preset as a person writes it: parsed, every word checked, every mistake named with its line.

total = 25                                  # pictures of each character
shots = { close-up = "40%", medium = "30%", full = "30%" }
angles = { back = 2, side = 4 }
crop_to_shot = ["close-up"]                 # make close-ups from full shots where they are missing
minimum_side = 256                          # of pictures, and of crops too if it is below 384
crop_minimum_side = 512                     # of crops alone
"""

from __future__ import annotations

from dataclasses import replace

from ..errors import TroupeError
from .presettext import nearest, read_tables, where
from .ready import PRESETS
from .settings import READERS, Wrong
from .wishes import CROP_SIDE, Preset, Wish, as_json

__all__ = ["PRESETS", "Preset", "Wish", "as_json", "parse_preset"]


def parse_preset(text: str, base: Preset | None = None) -> Preset:
    """The preset in `text`, TOML or JSON (it begins with a brace), laid over `base`: what the text does not name
    stays as it is there, or as in `Preset()`, which drops near-duplicates and nothing else. Who names a minimum_side
    below the least side of crops lowers that too, unless the text names both.

    Raises `TroupeError` that names the line and the nearest known word for unknown keys and values, wrong types and
    numbers out of range.
    """
    tables = read_tables(text) if text.strip() else {}
    unknown = next((key for key in tables if key not in READERS), None)
    if unknown is not None:
        raise TroupeError(
            "The preset has a setting that does not exist",
            item=where(text, unknown),
            remedy=nearest(unknown, tuple(READERS)),
        )
    values = {key: _read(text, key, value) for key, value in tables.items() if value is not None}
    if "minimum_side" in values:
        values.setdefault("crop_minimum_side", min(values["minimum_side"], CROP_SIDE))
    preset = replace(base or Preset(), **values)
    _check_together(text, preset)
    return preset


def _read(text: str, key: str, value: object) -> object:
    try:
        return READERS[key](value)
    except Wrong as wrong:
        place = f"{where(text, wrong.key, within=key)} of {key}" if wrong.key else where(text, key)
        shown = value if wrong.shown is None else wrong.shown
        raise TroupeError(f"The preset cannot use {shown!r}", item=place, remedy=wrong.expected) from None


def _check_together(text: str, preset: Preset) -> None:
    """Settings that are right one by one and cannot be met together."""
    low, high = preset.aspect_minimum, preset.aspect_maximum
    if low is not None and high is not None and low > high:
        raise TroupeError(
            "No picture can have the aspect that the preset asks for",
            item=f"{where(text, 'aspect_minimum')}: at least {low:g}, at most {high:g}",
            remedy="Swap the two; both are width over height.",
        )
