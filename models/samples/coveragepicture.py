"""The coverage of a set as a picture: a panel for each character, readable on a node."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from ..geometry import Box
from .coveragepanel import GAP, HATCH, HEAT, MARGIN, WIDTH, draw_panel, face_of, panel_height
from .drawing import SOFT, Sheet, mixed
from .holes import Coverage, coverage, pictures
from .lettering import NO_FONT, readable
from .sample import SampleSet

MOST_PANELS = 12  # a page that is longer is looked at by nobody; the table in text has all characters


def coverage_picture(sample_set: SampleSet) -> Image.Image:
    """672 pixels wide, a panel for each of the first 12 characters; RGB."""
    found = coverage(sample_set)
    shown = found[:MOST_PANELS]
    heights = [panel_height(c) for c in shown]
    notes = list(_footnotes(sample_set, found))
    sheet = Sheet(WIDTH, 104 + sum(heights) + GAP * len(heights) + 24 * len(notes) + MARGIN - GAP)
    sheet.text(MARGIN, 26, "Coverage", 28)
    sheet.text(MARGIN, 62, _subtitle(found, sample_set), 17, SOFT, WIDTH // 2 - MARGIN)
    _legend(sheet)
    y = 104
    for number, (c, height) in enumerate(zip(shown, heights, strict=True), 1):
        draw_panel(sheet, c, Box(MARGIN, y, WIDTH - MARGIN, y + height), number, face_of(sample_set.of(c.character)))
        y += height + GAP
    for note in notes:
        sheet.text(MARGIN, y + 2, note, 15, SOFT, WIDTH - 2 * MARGIN)
        y += 24
    return sheet.image


def _legend(sheet: Sheet) -> None:
    right = WIDTH - MARGIN
    sheet.text(right, 63, "missing", 15, SOFT, anchor="ra")
    sheet.hatched(Box(right - 84, 64, right - 62, 81), 3, *HATCH)
    sheet.text(right - 96, 63, "many", 15, SOFT, anchor="ra")
    for i in range(5):
        x = right - 238 + i * 20
        sheet.panel(Box(x, 64, x + 18, 81), 3, mixed(*HEAT, 0.1 + i * 0.22))
    sheet.text(right - 246, 63, "few", 15, SOFT, anchor="ra")


def _subtitle(found: tuple[Coverage, ...], sample_set: SampleSet) -> str:
    characters = "1 character" if len(found) == 1 else f"{len(found)} characters"
    dropped = f", {len(sample_set.rejected)} dropped" if sample_set.rejected else ""
    return f"{pictures(len(sample_set))} of {characters}{dropped}"


def _footnotes(sample_set: SampleSet, found: tuple[Coverage, ...]) -> Iterator[str]:
    if len(found) > MOST_PANELS:
        yield f"... and {len(found) - MOST_PANELS} more characters; the table in text names them all."
    if sample_set.rejected:
        yield f"{pictures(len(sample_set.rejected))} dropped out; see the table in text for the reasons."
    if any(readable(c.character) != c.character for c in found[:MOST_PANELS]):
        yield NO_FONT
