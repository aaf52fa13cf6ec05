"""One promise put to the test, with the number that came out."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """`promise`: what is held, in words that name the bound. `kept`: whether it was. `note`: what went wrong, or what
    else one should know."""

    part: str
    name: str
    value: float
    unit: str
    promise: str
    kept: bool
    note: str = ""
