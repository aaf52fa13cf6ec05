"""Backgrounds that a character is staged on, named by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from ...errors import TroupeError
from ...pixels import shrunk
from ...samples.bridging import each_picture, require_equal
from ...samples.sample import Origin
from ..inputs import checked_background

LONGEST_NAME = 8  # signs of the digest; two of 10,000 backgrounds share one in 1 % of cases, and then get a number


@dataclass(frozen=True, eq=False)
class Backdrop:
    """picture: `(H, W, 3)` in [0, 1]. caption: what can be seen there, "" = nobody says. origin: who says so."""

    name: str
    picture: Tensor
    caption: str = ""
    origin: Origin = "person"

    @cached_property
    def digest(self) -> str:
        """Of the pixels at 8 bits, and their size."""
        pixels = self.picture.clamp(0, 1).mul(255).round().to(torch.uint8)
        return hashlib.sha256(str(tuple(pixels.shape)).encode() + pixels.numpy().tobytes()).hexdigest()


def backdrops(
    pictures: Sequence[Tensor], captions: Sequence[str] = (), *, mine: bool = True, longest_side: int = 0
) -> tuple[Backdrop, ...]:
    """Batches `(B, H, W, C)` of any sizes, brought down to `longest_side` pixels (0 = as they are).

    `captions`: one for each picture or none at all; `mine`: they are a person's words. A name comes from the
    picture, so that adding or reordering backgrounds changes nothing of the others.
    Raises `TroupeError` naming the background that cannot be used.
    """
    flat = list(each_picture(pictures))
    if not flat:
        raise TroupeError("There is no background", remedy="Connect one picture at least.")
    if captions:
        require_equal("captions", len(captions), len(flat))
    names: set[str] = set()
    found = []
    for number, (pixels, caption) in enumerate(zip(flat, captions or [""] * len(flat), strict=True), 1):
        picture = checked_background(pixels, f"background {number}")
        picture = shrunk(picture, longest_side) if longest_side else picture
        drop = Backdrop("", picture, " ".join(caption.split()), "person" if mine else "captioner")
        found.append(Backdrop(_free(drop.digest[:LONGEST_NAME], names), picture, drop.caption, drop.origin))
    return tuple(found)


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:  # the same picture twice
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free
