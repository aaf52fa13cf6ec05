"""How far two data sets are apart whose pictures were computed on other numbers of threads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from .chain import differences, digests

# What a manifest says of a picture's own bytes.
OF_BYTES = ("sha256", "digest", "bytes")


class Apart(NamedTuple):
    """`other`: files that differ in more than pixels. `steps`: of 8 bits, by which a redrawn picture's numbers differ
    at most; `share`: of a picture's numbers that differ, in the one where most do."""

    other: list[str]
    steps: int
    share: float


def apart(first: Path, second: Path) -> Apart:
    """Of two folders of one data set."""
    other, steps, share = [], 0, 0.0
    for name in differences(digests(first), digests(second)):
        if not (first / name).is_file() or not (second / name).is_file():
            other.append(name)
        elif name == "manifest.json":
            other += [name] * (_without_bytes(first / name) != _without_bytes(second / name))
        elif name.startswith("train/") and name.endswith(".png"):
            off = np.abs(_pixels(first / name) - _pixels(second / name))
            steps, share = max(steps, int(off.max())), max(share, float((off > 0).mean()))
        else:
            other.append(name)
    return Apart(other, steps, share)


def _pixels(file: Path) -> np.ndarray:
    return np.asarray(Image.open(file)).astype(int)


def _without_bytes(manifest: Path) -> object:
    return json.loads(manifest.read_text(encoding="utf-8"), object_hook=_plain)


def _plain(members: dict) -> dict:
    return {key: value for key, value in members.items() if not any(word in key for word in OF_BYTES)}
