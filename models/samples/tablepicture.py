"""A table to look at on a node: three columns under headings, in letters that can be read there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from ..geometry import Box
from .drawing import CARD, INK, LINE, SOFT, Sheet
from .lettering import NO_FONT, readable, wrapped

WIDTH, MARGIN, PADDING = 640, 24, 14
TITLE, SUBTITLE, HEADING, TEXT = 28, 17, 18, 16
HEAD, SECTION, ROW, LINE_HEIGHT = 84, 40, 12, 22
FIRST, LAST = 170, 92  # widths of the outer columns; the middle one has the rest
LINES = 2


class Row(NamedTuple):
    """`name`: what it is about, in `colour`; `text`: may take two lines; `count`: at the right edge."""

    name: str
    text: str
    count: str = ""
    colour: str = SOFT


class Section(NamedTuple):
    heading: str
    rows: tuple[Row, ...]


def table_picture(title: str, subtitle: str, sections: Sequence[Section], footer: str = "") -> Image.Image:
    """640 pixels wide, RGB; a section without rows is left out."""
    sections = [s for s in sections if s.rows]
    texts = [[_lines(row) for row in section.rows] for section in sections]
    heights = [sum(ROW + LINE_HEIGHT * len(lines) for lines in rows) for rows in texts]
    notes = [n for n in (footer, NO_FONT if _shortened(sections) else "") if n]
    sheet = Sheet(WIDTH, HEAD + sum(SECTION + h + PADDING for h in heights) + 26 * len(notes) + MARGIN)
    sheet.text(MARGIN, 18, readable(title), TITLE, INK, WIDTH - 2 * MARGIN)
    sheet.text(MARGIN, 54, subtitle, SUBTITLE, SOFT, WIDTH - 2 * MARGIN)
    y = HEAD
    for section, rows, height in zip(sections, texts, heights, strict=True):
        sheet.text(MARGIN, y + 8, readable(section.heading), HEADING, INK, WIDTH - 2 * MARGIN)
        _body(sheet, section, rows, Box(MARGIN, y + SECTION, WIDTH - MARGIN, y + SECTION + height))
        y += SECTION + height + PADDING
    for note in notes:
        sheet.text(MARGIN, y + 4, note, TEXT, SOFT, WIDTH - 2 * MARGIN)
        y += 26
    return sheet.image


def _body(sheet: Sheet, section: Section, texts: Sequence[Sequence[str]], box: Box) -> None:
    sheet.panel(box, 8, CARD, LINE)
    left, right = box.left + PADDING, box.right - PADDING
    y = box.top
    for place, (row, lines) in enumerate(zip(section.rows, texts, strict=True)):
        if place:
            sheet.rule(box.left + 1, box.right - 1, y)
        sheet.text(left, y + ROW // 2, readable(row.name), TEXT, row.colour, FIRST - PADDING)
        for line in lines:
            sheet.text(left + FIRST, y + ROW // 2, line, TEXT, INK)
            y += LINE_HEIGHT
        sheet.text(right, y - LINE_HEIGHT * len(lines) + ROW // 2, row.count, TEXT, SOFT, LAST, anchor="ra")
        y += ROW


def _lines(row: Row) -> list[str]:
    return wrapped(readable(row.text), TEXT, WIDTH - 2 * MARGIN - 2 * PADDING - FIRST - LAST - 8, LINES) or [""]


def _shortened(sections: Sequence[Section]) -> bool:
    texts = [t for s in sections for row in s.rows for t in (s.heading, row.name, row.text)]
    return any(readable(t) != " ".join(t.split()) for t in texts if t)
