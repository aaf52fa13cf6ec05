"""Cut a large picture into overlapping windows, so that memory stays bounded.

What a look gathers over a distance (saliency, L0, Kuwahara, flow) lives in the whole picture's sketch; what remains
reaches less than MARGIN design pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .analysis import Analysis
from .canvas import Window

LARGE = 4_200_000  # pixels painted in one go
TILE = 1536  # pixels
MARGIN = 48  # design pixels: the widest reach of any look, its bloom
GRID = 64  # tiles start on multiples of this, where reduced blurs have their block borders


class Tile(NamedTuple):
    """analysis: of the window with its margin. inner, home: where to cut the result, and where it goes."""

    analysis: Analysis
    inner: tuple
    home: tuple


def is_large(analysis: Analysis) -> bool:
    return analysis.window.height * analysis.window.width > LARGE


def tiles_of(analysis: Analysis) -> Iterator[Tile]:
    window = analysis.window
    margin = -(-int(MARGIN * window.unit) // GRID) * GRID
    for top in range(0, window.height, TILE):
        for left in range(0, window.width, TILE):
            bottom, right = min(top + TILE, window.height), min(left + TILE, window.width)
            yield _tile(analysis, (top, bottom), (left, right), margin)


def _tile(analysis: Analysis, rows: tuple[int, int], columns: tuple[int, int], margin: int) -> Tile:
    window = analysis.window
    y0, y1 = max(0, rows[0] - margin), min(window.height, rows[1] + margin)
    x0, x1 = max(0, columns[0] - margin), min(window.width, columns[1] + margin)
    part = Window(y0, x0, y1 - y0, x1 - x0, window.whole_height, window.whole_width)
    inner = (..., slice(rows[0] - y0, rows[1] - y0), slice(columns[0] - x0, columns[1] - x0))
    home = (..., slice(*rows), slice(*columns))
    return Tile(Analysis(analysis.lab[..., y0:y1, x0:x1].contiguous(), part, analysis.sketch), inner, home)
