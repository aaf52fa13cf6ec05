"""One character on the sheet: portrait, the table of angle by shot, and how each value is shared out."""

from __future__ import annotations

from collections.abc import Sequence

from ..geometry import Box
from ..samples.coveragepanel import (
    HATCH,
    HEAT,
    PADDING,
    ROW,
    ROW_LABEL,
    TABLE_HEAD,
    TABLE_WIDTH,
    THUMBNAIL,
    draw_bar,
    face_of,
    heat_table,
    portrait,
)
from ..samples.drawing import ALARM, CARD, FAINT, INK, LINE, SOFT, Sheet
from ..samples.holes import coverage_of, values_shown
from ..samples.sample import Sample
from ..vocabulary import vocabulary
from .spread import MOST_SHARE, Share, shares

COLUMNS = (("shot", "angle"), ("action", "expression"))
BAR_ROW, BAR_HEAD, BLOCK_GAP = 22, 26, 12
BAR_LABEL, BAR_FIGURE, GAP = 106, 44, 30
MOST_BARS = 5


def panel_height(samples: Sequence[Sample]) -> int:
    table = TABLE_HEAD + ROW * len(values_shown("angle", (coverage_of("", list(samples)),)))
    bars = max(sum(_block_height(shares(samples, slot)) for slot in column) + BLOCK_GAP for column in COLUMNS)
    return 2 * PADDING + max(THUMBNAIL + 70, table + 24, bars + 18)


def draw_panel(sheet: Sheet, box: Box, name: str, character: str, samples: Sequence[Sample]) -> None:
    """`name`: as it can be drawn."""
    c = coverage_of(character, list(samples))
    sheet.panel(box, 10, CARD, LINE)
    left, top = box.left + PADDING, box.top + PADDING
    portrait(sheet, c, left, top, name, face_of(samples))
    heat_table(sheet, c, left + THUMBNAIL + 28, top)
    right = box.right - PADDING
    left += THUMBNAIL + 28 + ROW_LABEL + TABLE_WIDTH + GAP
    width = (right - left - GAP) // 2
    for i, column in enumerate(COLUMNS):
        y, x = top, left + i * (width + GAP)
        for slot in column:
            y = _bars(sheet, slot, shares(samples, slot), x, y, width) + BLOCK_GAP
    foot = box.bottom - PADDING - 4
    sheet.text(right, foot, f"red: more than {MOST_SHARE:.0%}", 14, SOFT, anchor="rm")
    left = box.left + PADDING + THUMBNAIL + 28 + ROW_LABEL
    sheet.hatched(Box(left, foot - 8, left + 20, foot + 8), 3, *HATCH)
    sheet.text(left + 28, foot, "missing", 14, SOFT, anchor="lm")


def _block_height(found: Sequence[Share]) -> int:
    return BAR_HEAD + BAR_ROW * (min(len(found), MOST_BARS) + (len(found) > MOST_BARS) or 1)


def _bars(sheet: Sheet, slot: str, found: Sequence[Share], x: int, y: int, width: int) -> int:
    """A bar for each of the most frequent values, with a tick where it becomes too much; where the next may begin."""
    label = vocabulary().slot(slot).label
    sheet.text(x, y, label[:1].upper() + label[1:], 16, INK)
    y += BAR_HEAD
    if not found:
        sheet.text(x, y, "none known", 15, FAINT)
        return y + BAR_ROW
    left, right = x + BAR_LABEL, x + width - BAR_FIGURE
    for share in found[:MOST_BARS]:
        hue = ALARM if share.too_much else SOFT
        sheet.text(x, y, share.value, 15, hue, BAR_LABEL - 8)
        draw_bar(sheet, Box(left, y + 6, right, y + 14), share.of_all, ALARM if share.too_much else HEAT[1])
        tick = left + round((right - left) * MOST_SHARE)
        sheet.panel(Box(tick, y + 3, tick + 1, y + 17), 0, SOFT)
        sheet.text(x + width, y, f"{share.of_all:.0%}", 15, hue, anchor="ra")
        y += BAR_ROW
    if len(found) > MOST_BARS:
        sheet.text(x, y, f"and {len(found) - MOST_BARS} more", 15, FAINT)
        y += BAR_ROW
    return y
