"""Colours as the eye orders them, each with an everyday name."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..oklab import LMS_TO_LAB, RGB_TO_LMS

LMS, LAB = (np.array(matrix, np.float32) for matrix in (RGB_TO_LMS, LMS_TO_LAB))
# sRGB's curve (IEC 61966-2-1) at the 256 values that a picture file can hold: a look-up beats a power 20 times.
_LINEAR = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_LINEAR <= 0.04045, _LINEAR / 12.92, ((_LINEAR + 0.055) / 1.055) ** 2.4).astype(np.float32)


class Names(NamedTuple):
    """`lab[i]`, `(n, 3)`, is one colour that `names[i]` stands for; a name has several."""

    names: tuple[str, ...]
    lab: np.ndarray


def oklab(rgb: np.ndarray) -> np.ndarray:
    """`(..., 3)` uint8 sRGB to float32 OKLab of the same shape."""
    return np.cbrt(_LINEAR[rgb] @ LMS.T) @ LAB.T


@lru_cache(maxsize=1)
def colour_names() -> Names:
    data = json.loads((Path(__file__).parent / "colours.json").read_text(encoding="utf-8"))
    pairs = [(name, code) for name, codes in data["colours"].items() for code in codes]
    rgb = np.array([list(bytes.fromhex(code.removeprefix("#"))) for _, code in pairs], np.uint8)
    return Names(tuple(name for name, _ in pairs), oklab(rgb))


def name_of(lab: np.ndarray) -> str:
    """The name of the nearest known colour. `lab`: `(3,)`, OKLab."""
    known = colour_names()
    return known.names[int(((known.lab - lab) ** 2).sum(-1).argmin())]
