"""The formats that a data set can be written in."""

from __future__ import annotations

from ..errors import TroupeError
from .huggingface import HuggingFace
from .kohya import Kohya
from .protocol import Format

# To add one: a file like kohya.py, and an entry here.
FORMATS: tuple[Format, ...] = (Kohya(), HuggingFace())


def find_format(id: str) -> Format:
    for format in FORMATS:
        if format.id == id:
            return format
    choices = ", ".join(f.id for f in FORMATS)
    raise TroupeError("Unknown data set format", item=repr(id), remedy=f"Choose one of: {choices}.")
