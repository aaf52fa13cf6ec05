"""The review table as text that a person edits: one line a picture, in Notepad or in Excel.

CSV, because a double click opens it in Excel, Numbers, LibreOffice and WPS, and because its rows there have the
numbers of the lines here. Commas, a byte order mark (without it Excel takes UTF-8 for the system's code page and spoils
"米拉") and CRLF (for old Notepads). Captions always stand in quotation marks, so that a comma typed in Notepad does no
harm. What comes back may have semicolons or tabs (Excel in German or French, "Unicode text") and any quoting; a comment
is a line that begins with #.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MARK = "\ufeff"
COMMENT = "#"
SEPARATORS = ("\t", ";", ",")


class Line(NamedTuple):
    """`number`: as Notepad and Excel count, from 1. `above`: comments that stand over it.
    `unclosed`: a cell begins with a quotation mark, and it does not end in this line."""

    number: int
    cells: tuple[str, ...]
    above: tuple[str, ...] = ()
    unclosed: bool = False


class Text(NamedTuple):
    """`lines`: the headings first; blank ones are left out. `below`: comments after the last line."""

    lines: tuple[Line, ...]
    below: tuple[str, ...] = ()


def parsed(text: str) -> Text:
    """Cells without the blanks around them and without their quotation marks; nothing is an error here."""
    lines: list[Line] = []
    comments: list[str] = []
    separator = ""
    for number, raw in enumerate(re.split("\r\n|\r|\n", text.removeprefix(MARK)), 1):
        # The headings have no comma of their own, so what stands most often in them is what separates cells.
        separator = separator or max(SEPARATORS, key=raw.count)
        pieces = list(_pieces(raw, separator))
        cells = tuple(piece.text for piece in pieces)
        if cells[0].startswith(COMMENT):
            comments.append(", ".join(filter(None, cells)))
        elif any(cells):
            lines.append(Line(number, cells, tuple(comments), any(map(_unclosed, pieces))))
            comments.clear()
        if not lines:
            separator = ""
    return Text(tuple(lines), tuple(comments))


class _Piece(NamedTuple):
    text: str
    quoted: bool


def _pieces(raw: str, separator: str) -> Iterator[_Piece]:
    """A cell counts as quoted only when its quotation mark ends it too: `"Mira" runs` is meant as it stands."""
    end = re.escape(separator)
    cell = re.compile(rf'[^\S\t]*"((?:[^"]|"")*)"[^\S\t]*(?={end}|$)|([^{end}]*)')
    at = 0
    while at <= len(raw):
        found = cell.match(raw, at)
        quoted, bare = found.groups()
        yield _Piece((bare if quoted is None else quoted.replace('""', '"')).strip(), quoted is not None)
        at = found.end() + 1


def _unclosed(piece: _Piece) -> bool:
    return not piece.quoted and piece.text.startswith('"') and piece.text.count('"') % 2 == 1


def written(lines: Sequence[Line], below: Sequence[str], quoted: int) -> bytes:
    """The file's bytes. `quoted`: the column that always stands in quotation marks, below the headings."""
    rows = []
    for place, line in enumerate(lines):
        rows += [_cell(comment) for comment in line.above]
        cells = [_cell(text, always=place > 0 and i == quoted) for i, text in enumerate(line.cells)]
        rows.append(",".join(cells))
    rows += map(_cell, below)
    return "".join([MARK, *(f"{row}\r\n" for row in rows)]).encode()


def plain(text: str) -> str:
    """`text` as a cell holds it: in one line, without blanks around it."""
    return " ".join(text.split())


def _cell(text: str, always: bool = False) -> str:
    if not always and not re.search('[",;\t]', text):
        return text
    return '"' + text.replace('"', '""') + '"'
