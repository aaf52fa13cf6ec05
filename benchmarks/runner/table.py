"""Rows as text: aligned columns, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence

from .rows import COLUMNS

RIGHT = ("ours", "peer", "limit", "ratio", "now", "before", "change")


def table(rows: Sequence[dict], columns: Sequence[str] = COLUMNS) -> str:
    cells = [list(columns), *([cell(row.get(column), column) for column in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    return "\n".join(_line(line, widths, columns) for line in cells)


def markdown(rows: Sequence[dict]) -> str:
    """The table of README.md: without the notes, which are in the benchmarks."""
    columns = COLUMNS[:-1]
    lines = [["", *columns[1:]], ["---"] * len(columns)]
    lines += [["" if (text := cell(row.get(c), c)) == "-" else text for c in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _line(line: list[str], widths: list[int], columns: Sequence[str]) -> str:
    return "  ".join(map(_pad, line, widths, columns)).rstrip()


def _pad(text: str, width: int, column: str) -> str:
    return text.rjust(width) if column in RIGHT else text.ljust(width)


def cell(value: object, column: str) -> str:
    if column == "met":
        return {True: "yes", False: "NO", None: "-"}[value]
    if value is None or value == "":
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}x" if column == "ratio" else f"{value:.4g}"
    return str(value)
