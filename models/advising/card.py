"""One piece of advice on the sheet: how much it matters, what was found, what to do, and pictures that show it."""

from __future__ import annotations

from collections.abc import Sequence

from ..advice import Advice
from ..geometry import Box
from ..samples.coveragepanel import MARGIN
from ..samples.drawing import ALARM, CARD, INK, LINE, SOFT, Sheet
from ..samples.lettering import readable, wrapped
from ..samples.sample import Sample
from ..samples.tiles import empty_tile, tile

WIDTH = 1280
NAMES = {"fix": "to fix", "improve": "to improve", "note": "note"}
HUES = {"fix": ALARM, "improve": "#a8690f", "note": "#55697d"}
TITLES = {"fix": "Fix", "improve": "Improve", "note": "Note"}
THUMB, THUMBS = 52, 4
STRIPE, BADGE = 5, 128
TEXT_LEFT = MARGIN + STRIPE + 26 + BADGE
TEXT_WIDTH = WIDTH - MARGIN - TEXT_LEFT - 24
WHAT, REMEDY = 16, 14  # sizes of letters; their lines are 22 and 19 pixels high


def card_height(a: Advice) -> int:
    what, remedy = _lines(a)
    return max(76, 30 + 22 * len(what) + 19 * len(remedy))


def draw_card(sheet: Sheet, box: Box, a: Advice, samples: Sequence[Sample], several: bool) -> None:
    """`samples`: those that it is about; `several`: whether it must be said of which character it speaks."""
    hue = HUES[a.severity]
    sheet.panel(box, 9, CARD, LINE)
    sheet.panel(Box(box.left + 12, box.top + 13, box.left + 12 + STRIPE, box.bottom - 13), STRIPE // 2, hue)
    left = box.left + STRIPE + 26
    top = box.top + (10 if several else 14)
    sheet.text(left, top, TITLES[a.severity], 18, hue)
    sheet.text(left, top + 24, a.topic, 13, SOFT, BADGE - 12)
    if several and a.character:
        sheet.text(left, top + 41, readable(a.character), 13, INK, BADGE - 12)
    what, remedy = _lines(a)
    y = box.top + 14
    for line in what:
        sheet.text(TEXT_LEFT, y, line, WHAT, INK)
        y += 22
    for line in remedy:
        sheet.text(TEXT_LEFT, y + 2, line, REMEDY, SOFT)
        y += 19
    _pictures(sheet, box, a, samples)


def _pictures(sheet: Sheet, box: Box, a: Advice, samples: Sequence[Sample]) -> None:
    more = len(a.samples) - min(THUMBS, len(samples))
    x = box.right - 24 - (44 if more else 0) - _strip(min(THUMBS, len(samples)))
    y = (box.top + box.bottom - THUMB) // 2
    for sample in samples[:THUMBS]:
        sheet.panel(Box(x - 1, y - 1, x + THUMB + 1, y + THUMB + 1), 6, LINE)
        sheet.picture(tile(sample.image.path, THUMB, sample.image.background) or empty_tile(THUMB), x, y, 5)
        x += THUMB + 8
    if more and samples:
        sheet.text(x + 2, y + THUMB / 2, f"+{more}", 15, SOFT, anchor="lm")


def _strip(count: int) -> int:
    return count * (THUMB + 8)


def _lines(a: Advice) -> tuple[list[str], list[str]]:
    room = TEXT_WIDTH - (_strip(min(THUMBS, len(a.samples))) + 56 if a.samples else 0)
    return wrapped(readable(a.what), WHAT, room, 3), wrapped(readable(a.remedy), REMEDY, room, 2)
