"""Where a character's head is, read off the outline of its mask."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Shares of the figure's height.
ARM = 0.07  # wider than this is no arm held up: arms are drawn 0.03 to 0.06 wide, heads from 0.09
HEAD = 0.2  # a head where no neck shows, between the artist's canon (1 / 7.5) and animation's (1 / 3)
SMALLEST_HEAD, LARGEST_HEAD = 0.1, 0.55
NECK, WIDENS = 0.8, 0.1  # of what is over it and under it: narrower than that is a neck; it ends where that grows
SOLID = 128  # of 255: from here on a mask means subject


class Figure(NamedTuple):
    """Shares of the picture, x before y: the subject's box, and its head: x of its middle, its top, its height."""

    left: float
    top: float
    right: float
    bottom: float
    head_x: float
    head_top: float
    head_height: float


def read_figure(mask: np.ndarray) -> Figure | None:
    """The figure in `mask` ((H, W), uint8, 255 = subject), or None where the mask is empty.

    .....##.....   <- a hand held up: thinner than ARM, so not the head
    .####.#.....   <- head_top
    .####.#.....
    .####.#.....
    ..##.##.....   <- the neck: head_height ends here
    .#####......
    #.###.......
    """
    solid = mask >= SOLID
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if not len(rows):
        return None
    height, width = solid.shape
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    run, middle = _widest_runs(solid[top:bottom])
    head_x, head_top, head = _head(solid[top:bottom], run, middle)
    box = (columns[0] / width, top / height, (columns[-1] + 1) / width, bottom / height)
    return Figure(*map(float, box), head_x / width, (top + head_top) / height, head / height)


def _head(solid: np.ndarray, run: np.ndarray, middle: np.ndarray) -> tuple[float, float, float]:
    """x of the middle, first row and height of the head, in pixels of the figure's own rows."""
    tall = len(solid)
    thick = np.flatnonzero(run >= ARM * tall)
    first = int(thick[0]) if len(thick) and thick[0] < tall / 3 else 0
    x = float(np.median(middle[first : first + max(1, round(SMALLEST_HEAD * tall))]))
    height = _neck(_runs_at(solid[first:], x), tall)
    # Ears, a bun or a hat's tip stand above the first thick row, and over the head's middle.
    core = solid[:first, max(0, round(x - height / 4)) : max(1, round(x + height / 4))]
    above = np.flatnonzero(core.any(1))
    tip = int(above[0]) if len(above) and first - above[0] < height / 2 else first
    return x, tip, height + first - tip


def _neck(widths: np.ndarray, tall: int) -> float:
    """Rows from the head's top to the neck: the first place where the outline is narrow against what is above it and
    against a head's height below it. Without one (long hair, a hood) to where HEAD says it ought to be."""
    begin, end = round(SMALLEST_HEAD * tall), round(LARGEST_HEAD * tall)
    widest_above = np.maximum.accumulate(widths)
    reach = max(1, round(HEAD * tall))
    best, neck = NECK, HEAD * tall
    for row in range(begin, min(end, len(widths) - reach)):
        narrowness = widths[row] / max(1, min(widest_above[row], widths[row : row + reach].max()))
        if narrowness < best:
            best, neck = narrowness, float(row)
        elif best < NECK and narrowness > best + WIDENS:
            break  # shoulders: what is narrow further down is a waist
    return neck


def _widest_runs(solid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Length and middle of each row's longest run of subject: (H,), (H,), pixels."""
    so_far = np.cumsum(solid, axis=1)
    before = np.maximum.accumulate(np.where(solid, 0, so_far), axis=1)
    run = so_far - before
    end = run.argmax(1)
    length = run[np.arange(len(run)), end]
    return length, end + 1 - length / 2


def _runs_at(solid: np.ndarray, x: float) -> np.ndarray:
    """How far the subject reaches to both sides of column `x` without a gap, in each row: (H,), pixels."""
    at = min(int(x), solid.shape[1] - 1)
    right = np.logical_and.accumulate(solid[:, at:], axis=1).sum(1)
    left = np.logical_and.accumulate(solid[:, at::-1], axis=1).sum(1)
    return np.maximum(left + right - 1, 0)
