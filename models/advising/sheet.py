"""Advice as a picture: what each character is shown in, with gaps and excess marked, what to do, how long to train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL import Image

from ..advice import SEVERITIES, Advice, Schedule, count_of
from ..geometry import Box
from ..samples.coveragepanel import GAP, GOOD, MARGIN, PADDING
from ..samples.drawing import CARD, INK, LINE, SOFT, Sheet, mixed
from ..samples.lettering import NO_FONT, readable, width_of, wrapped
from ..samples.sample import Sample, SampleSet
from .card import HUES, NAMES, WIDTH, card_height, draw_card
from .panel import draw_panel, panel_height

HEAD = 108
MOST_PANELS, MOST_CARDS = 4, 14  # what is on a page that somebody looks at to its end; the report has everything


def advice_sheet(
    sample_set: SampleSet, subtitle: str, advice: Sequence[Advice], schedule: Schedule | None
) -> Image.Image:
    """1280 pixels wide, RGB. `advice`: in order; the order of the pictures does not matter."""
    samples = {s.id: s for s in sorted(sample_set.samples, key=lambda s: s.id)}
    groups = {c: [s for s in samples.values() if s.character == c] for c in sorted(sample_set.characters)}
    panels = dict(list(groups.items())[:MOST_PANELS])
    cards = advice[:MOST_CARDS]
    notes = _footnotes(groups, advice)
    height = HEAD + sum(panel_height(g) + GAP for g in panels.values()) + _cards_height(cards) + _sums_height(schedule)
    sheet = Sheet(WIDTH, height + 24 * len(notes) + MARGIN - GAP)
    _head(sheet, subtitle, advice)
    y = HEAD
    for number, (character, group) in enumerate(panels.items(), 1):
        box = Box(MARGIN, y, WIDTH - MARGIN, y + panel_height(group))
        draw_panel(sheet, box, readable(character, f"character {number}"), character, group)
        y = box.bottom + GAP
    y = _draw_cards(sheet, cards, samples, len(groups) > 1, y)
    y = _draw_sums(sheet, schedule, y)
    for note in notes:
        sheet.text(MARGIN, y, note, 14, SOFT, WIDTH - 2 * MARGIN)
        y += 24
    return sheet.image


def _head(sheet: Sheet, subtitle: str, advice: Sequence[Advice]) -> None:
    sheet.text(MARGIN, 24, "Advice on training data", 30)
    sheet.text(MARGIN, 66, readable(subtitle), 15, SOFT, WIDTH - 2 * MARGIN - 330)
    right = WIDTH - MARGIN
    if not advice:
        _pill(sheet, right, "Ready to train", GOOD)
    for severity in reversed(SEVERITIES):
        n = count_of(advice, severity)
        if n:
            right = _pill(sheet, right, f"{n}  {NAMES[severity] + ('s' if severity == 'note' and n > 1 else '')}",
                          HUES[severity]) - 10  # fmt: skip


def _pill(sheet: Sheet, right: int, text: str, hue: str) -> int:
    """Its left side."""
    left = right - round(width_of(text, 16)) - 32
    sheet.panel(Box(left, 34, right, 70), 18, mixed(CARD, hue, 0.14), mixed(CARD, hue, 0.45))
    sheet.text((left + right) / 2, 52, text, 16, hue, anchor="mm")
    return left


def _cards_height(cards: Sequence[Advice]) -> int:
    return sum(card_height(a) + 10 for a in cards) + (GAP - 10 if cards else 0)


def _draw_cards(sheet: Sheet, cards: Sequence[Advice], samples: Mapping[str, Sample], several: bool, y: int) -> int:
    for a in cards:
        box = Box(MARGIN, y, WIDTH - MARGIN, y + card_height(a))
        draw_card(sheet, box, a, [samples[id] for id in a.samples if id in samples], several)
        y = box.bottom + 10
    return y + (GAP - 10 if cards else 0)


def _sum_lines(schedule: Schedule) -> list[str]:
    return [line for text in schedule.sums for line in wrapped(readable(text), 18, WIDTH - 2 * MARGIN - 260, 2)]


def _sums_height(schedule: Schedule | None) -> int:
    return 2 * PADDING + 27 * len(_sum_lines(schedule)) + 22 + GAP if schedule else 0


def _draw_sums(sheet: Sheet, schedule: Schedule | None, y: int) -> int:
    """The arithmetic, as one would do it on paper."""
    if schedule is None:
        return y
    box = Box(MARGIN, y, WIDTH - MARGIN, y + _sums_height(schedule) - GAP)
    sheet.panel(box, 10, CARD, LINE)
    sheet.text(box.left + PADDING, y + PADDING, "How long to train", 18, INK)
    left, line = box.left + 220, y + PADDING
    for text in _sum_lines(schedule):
        sheet.text(left, line, text, 18, INK)
        line += 27
    sheet.text(left, line + 2, schedule.remark, 14, SOFT, box.right - left - PADDING)
    return box.bottom + GAP


def _footnotes(groups: Mapping[str, list[Sample]], advice: Sequence[Advice]) -> list[str]:
    notes = []
    if len(groups) > MOST_PANELS:
        notes.append(f"... and {len(groups) - MOST_PANELS} more characters.")
    if len(advice) > MOST_CARDS:
        notes.append(f"... and {len(advice) - MOST_CARDS} more pieces of advice in the report.")
    texts = [*list(groups)[:MOST_PANELS], *(t for a in advice[:MOST_CARDS] for t in (a.what, a.remedy))]
    return notes + [NO_FONT] * any(readable(t) != " ".join(t.split()) for t in texts)
