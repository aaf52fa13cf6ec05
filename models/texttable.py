"""Rows of text aligned in columns for a monospaced font, whatever script they are written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]], left: int | None = None) -> str:
    """One line a row, two blanks between columns, Chinese signs counted double.

    All rows have the same number of cells. The first `left` columns are aligned to the left, the others, of
    numbers, to the right; None: all to the left.
    """
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_aligned(row, widths, len(widths) if left is None else left).rstrip() for row in rows)


def display_width(text: str) -> int:
    """In columns of a monospaced font; wide and full-width signs take two (Unicode Standard Annex 11)."""
    return sum(_sign_width(sign) for sign in text)


def elided(text: str, width: int) -> str:
    """`text`, its end given up for `...` where it is wider than `width` columns."""
    if display_width(text) <= width:
        return text
    while text and display_width(text) > width - 3:
        text = text[:-1]
    return text + "..."


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _aligned(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = []
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - display_width(cell))
        cells.append(cell + space if column < left else space + cell)
    return "  ".join(cells)
