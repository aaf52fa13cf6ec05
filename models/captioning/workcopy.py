"""A picture made small once, for everything that is measured on it."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from ..pixels import Picture, resized
from .colour import oklab

# Edges and lines are measured at this side: the size of a LoRA's training picture, and fine enough to tell a
# drawn line (2 to 4 pixels here) from an area.
EDGE_SIDE = 512
# Colours and backgrounds need no more: stripes down to 1/64 of the picture keep four pixels each.
COLOUR_SIDE = 256
Pixels = TypeVar("Pixels", np.ndarray, Tensor)
SUBJECT = 0.5  # a mask's value from which a pixel counts as subject
LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


class WorkCopy(NamedTuple):
    """`grey`: `(h, w)` in [0, 1], long side at most 512. `rgb`: `(hs, ws, 3)` uint8 and `lab`: OKLab, long side at
    most 256. `mask` as `grey`, `subject` as `lab`: bool, True = subject; None where nobody knows the subject.
    `cut_out`: outside the subject the file is transparent, so there is nothing to measure there."""

    grey: Tensor
    rgb: np.ndarray
    lab: np.ndarray
    mask: Tensor | None
    subject: np.ndarray | None
    cut_out: bool

    def subject_edges(self, values: Tensor) -> Tensor:
        """`(n,)`: the subject's part of `values`, one for each pixel of `grey` but the outermost; all of them where
        nobody knows the subject."""
        return values.flatten() if self.mask is None else values[self.mask[1:-1, 1:-1]]

    def subject_colours(self, values: np.ndarray) -> np.ndarray:
        """`(n, 3)`: the same of `rgb` or `lab`."""
        return values.reshape(-1, 3) if self.subject is None else values[self.subject]

    @property
    def shown(self) -> np.ndarray:
        """`(n, 3)` OKLab: what the file shows at all."""
        return self.subject_colours(self.lab) if self.cut_out else self.lab.reshape(-1, 3)


def work_copy(picture: Picture, cut_out: bool = False) -> WorkCopy:
    """Never enlarges. A mask without a single subject pixel counts as no mask."""
    fine = _within_edge_side(picture.rgb)
    rgb = halved(fine, COLOUR_SIDE).mul(255).round().to(torch.uint8).numpy()
    mask = subject = None
    if picture.mask is not None:
        values = _within_edge_side(picture.mask)
        mask = values >= SUBJECT
        subject = (halved(values, COLOUR_SIDE) >= SUBJECT).numpy()
        if not subject.any():
            mask = subject = None
    return WorkCopy(fine @ fine.new_tensor(LUMA), rgb, oklab(rgb), mask, subject, cut_out)


def _within_edge_side(pixels: Tensor) -> Tensor:
    while max(pixels.shape[:2]) >= 2 * EDGE_SIDE:
        pixels = halved(pixels, EDGE_SIDE)  # half the price of resizing, and antialiased as well
    height, width = pixels.shape[:2]
    scale = EDGE_SIDE / max(height, width)
    return pixels if scale >= 1 else resized(pixels, max(1, round(width * scale)), max(1, round(height * scale)))


def halved(values: Pixels, enough: int) -> Pixels:
    """Means of 2 x 2 pixels of `(h, w, ...)`, unless both sides are `enough` already. An odd last row or column is
    left out."""
    height, width = values.shape[:2]
    if max(height, width) <= enough or min(height, width) < 2:
        return values
    even = values[: height // 2 * 2, : width // 2 * 2]
    rows = even[::2] + even[1::2]  # whole rows first: half the time of adding four strided quarters
    return (rows[:, ::2] + rows[:, 1::2]) / 4
