"""One character's coverage as a panel: portrait, heat table of angle by shot, bars of actions, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from ..geometry import Box
from .drawing import ALARM, ALARM_GROUND, CARD, FAINT, INK, LINE, SOFT, Sheet, mixed
from .holes import ANGLES, ENOUGH, NOT_MISSED, SHOTS, UNKNOWN, Coverage, pictures, values_shown
from .lettering import readable, wrapped
from .sample import Sample
from .tiles import empty_tile, tile

WIDTH = 1024
MARGIN, PADDING, GAP = 32, 24, 16
THUMBNAIL = 160
ROW, COLUMN, ROW_LABEL, TABLE_HEAD = 30, 62, 104, 40
TABLE_LEFT = MARGIN + PADDING + THUMBNAIL + 28
BARS_LEFT, BAR = TABLE_LEFT + ROW_LABEL + 6 * COLUMN + 24, 18
MOST_BARS = 5
HEAT = ("#e4eef7", "#1f5f99")
UNKNOWN_HEAT = ("#efefed", "#8c9199")
EMPTY, GOOD = "#f5f5f3", "#3f8f5f"
FACE_ANGLES, FACE_SHOTS = ("front", "three-quarter", "", "side"), ("medium", "full", "close-up", "")
HATCH = ("#fdf6f5", "#e0a09b")


def face_of(samples: Sequence[Sample]) -> Sample:
    """The picture by which the character is known best: seen from the front, not too close and not too far."""

    def place(value: str, order: tuple[str, ...]) -> int:
        return order.index(value) if value in order else len(order)

    return min(samples, key=lambda s: (place(s.value("angle"), FACE_ANGLES), place(s.value("shot"), FACE_SHOTS)))


def draw_panel(sheet: Sheet, c: Coverage, box: Box, number: int, face: Sample) -> None:
    sheet.panel(box, 10, CARD, LINE)
    top = box.top + PADDING
    portrait(sheet, c, box.left + PADDING, top, readable(c.character, f"character {number}"), face)
    heat_table(sheet, c, TABLE_LEFT, top)
    y = _bars(sheet, "Actions", c.actions, top)
    _bars(sheet, "Expressions", c.expressions, y + 12)
    strip = _strip_height(c)
    _strip(sheet, c, Box(box.left + 1, box.bottom - strip - 1, box.right - 1, box.bottom - 1))


def portrait(sheet: Sheet, c: Coverage, x: int, y: int, name: str, face: Sample) -> None:
    """A picture, the name, and how far the count is on its way to enough."""
    picture = tile(face.image.path, THUMBNAIL, face.image.background) or empty_tile(THUMBNAIL)
    sheet.panel(Box(x, y, x + THUMBNAIL, y + THUMBNAIL).grown(1), 7, LINE)
    sheet.picture(picture, x, y, 6)
    y += THUMBNAIL + 12
    sheet.text(x, y, name, 19, INK, THUMBNAIL)
    enough = c.count >= ENOUGH
    sheet.text(x, y + 26, pictures(c.count), 14, GOOD if enough else ALARM)
    if not enough:
        sheet.text(x + THUMBNAIL, y + 26, f"of {ENOUGH}", 14, FAINT, anchor="ra")
    draw_bar(sheet, Box(x, y + 49, x + THUMBNAIL, y + 55), min(1.0, c.count / ENOUGH), GOOD if enough else ALARM)


def heat_table(sheet: Sheet, c: Coverage, left: int, top: int) -> None:
    """Rows are angles, columns shots; the darker, the more pictures."""
    angles, shots = values_shown("angle", (c,)), values_shown("shot", (c,))
    most, column = max(n for _, _, n in c.cells), min(COLUMN, 6 * COLUMN // len(shots))
    for i, shot in enumerate(shots):
        middle = left + ROW_LABEL + i * column + column // 2
        lines = wrapped(shot, 12, column - 2, 2)
        for j, line in enumerate(lines):
            sheet.text(middle, top + TABLE_HEAD - 8 - 14 * (len(lines) - 1 - j), line, 12, SOFT, anchor="ms")
    for row, angle in enumerate(angles):
        y = top + TABLE_HEAD + row * ROW
        sheet.text(left, y + ROW / 2 - 1, angle, 13, SOFT if angle == UNKNOWN else INK, ROW_LABEL - 8, anchor="lm")
        for i, shot in enumerate(shots):
            x = left + ROW_LABEL + i * column
            _cell(sheet, c, angle, shot, Box(x, y, x + column - 3, y + ROW - 3), most)


def _cell(sheet: Sheet, c: Coverage, angle: str, shot: str, box: Box, most: int) -> None:
    count = c.at(angle, shot)
    if not count:
        if _missed(c, angle, shot):
            sheet.hatched(box, 4, *HATCH)
        else:
            sheet.panel(box, 4, EMPTY)
        return
    # The square root, because one picture is further from none than nine are from eight.
    share = (count / most) ** 0.5 if most > 1 else 0.5
    sheet.panel(box, 4, mixed(*(UNKNOWN_HEAT if UNKNOWN in (angle, shot) else HEAT), share))
    sheet.text(*box.centre, str(count), 14, "#ffffff" if share > 0.55 else INK, anchor="mm")


def _missed(c: Coverage, angle: str, shot: str) -> bool:
    """Whether every set wants this cell and nothing stands for it; unknown pictures may hide it, so then no."""
    group = next((members for name, members in SHOTS.items() if name == shot), ())
    known = any(UNKNOWN not in (a, s) for a, s, _ in c.cells)
    return known and angle in ANGLES and bool(group) and (angle, shot) not in NOT_MISSED and not any(
        c.at(angle, member) for member in group
    )  # fmt: skip


def _bars(sheet: Sheet, title: str, counts: tuple[tuple[str, int], ...], y: int) -> int:
    """A bar for each of the most frequent values; returns where the next block may begin."""
    right = WIDTH - MARGIN - PADDING
    sheet.text(BARS_LEFT, y, title, 13, INK)
    y += 22
    if not counts:
        sheet.text(BARS_LEFT, y, "none known", 12, FAINT)
        return y + BAR
    for value, n in counts[:MOST_BARS]:
        sheet.text(BARS_LEFT, y, value, 12, SOFT, 76)
        draw_bar(sheet, Box(BARS_LEFT + 82, y + 4, right - 24, y + 11), n / counts[0][1], HEAT[1])
        sheet.text(right, y, str(n), 12, SOFT, anchor="ra")
        y += BAR
    if len(counts) > MOST_BARS:
        sheet.text(BARS_LEFT, y, f"and {len(counts) - MOST_BARS} more", 12, FAINT)
        y += BAR
    return y


def draw_bar(sheet: Sheet, box: Box, share: float, colour: str) -> None:
    radius = box.size.height // 2
    sheet.panel(box, radius, LINE)
    sheet.panel(box._replace(right=box.left + max(box.size.height, round(box.size.width * share))), radius, colour)


def _strip_lines(c: Coverage) -> list[str]:
    text = c.warning or ", ".join(c.holes) or "nothing is missing"
    text = text[:1].upper() + text[1:]
    return wrapped(text, 14, WIDTH - 2 * MARGIN - 2 * PADDING - 26, 3)


def _strip_height(c: Coverage) -> int:
    return 20 + 20 * len(_strip_lines(c))


def _strip(sheet: Sheet, c: Coverage, box: Box) -> None:
    """What is missing, in words, across the foot of the panel."""
    alarm = bool(c.warning)
    colour = ALARM if alarm else SOFT if c.holes else GOOD
    sheet.panel(box, 9, ALARM_GROUND if alarm else EMPTY)
    sheet.panel(Box(box.left, box.top, box.right, box.top + 12), 0, ALARM_GROUND if alarm else EMPTY)
    sheet.rule(box.left, box.right, box.top, mixed(LINE, colour, 0.25))
    sheet.panel(Box(box.left + PADDING, box.top + 15, box.left + PADDING + 10, box.top + 25), 5, colour)
    for i, line in enumerate(_strip_lines(c)):
        sheet.text(box.left + PADDING + 20, box.top + 11 + 20 * i, line, 14, ALARM if alarm else INK)


def panel_height(c: Coverage) -> int:
    """The tallest of portrait, table and bars, and the strip below them."""
    table = TABLE_HEAD + ROW * len(values_shown("angle", (c,)))
    bars = sum(22 + BAR * (min(len(b), MOST_BARS) + (len(b) > MOST_BARS) or 1) for b in (c.actions, c.expressions))
    return 2 * PADDING + max(THUMBNAIL + 68, table, bars + 12) + _strip_height(c) - 6
