"""One character's coverage as a panel: portrait, heat table of angle by shot, bars of actions, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from ..geometry import Box
from .drawing import ALARM, ALARM_GROUND, CARD, FAINT, INK, LINE, SOFT, Sheet, mixed
from .holes import ANGLES, ENOUGH, NOT_MISSED, SHOTS, UNKNOWN, Coverage, pictures, values_shown
from .lettering import readable, wrapped
from .sample import Sample
from .tiles import empty_tile, tile

# On a node, some 350 pixels wide, letters are half as large.
WIDTH = 672
MARGIN, PADDING, GAP = 24, 18, 16
THUMBNAIL = 150
ROW, COLUMN, ROW_LABEL, TABLE_HEAD = 34, 62, 106, 44
TABLE_LEFT = MARGIN + PADDING + THUMBNAIL + 20
TABLE_WIDTH = WIDTH - MARGIN - PADDING - TABLE_LEFT - ROW_LABEL
BAR, BARS_HEAD, BAR_LABEL, BARS_GAP = 22, 26, 104, 28
BARS_WIDTH = (WIDTH - 2 * MARGIN - 2 * PADDING - BARS_GAP) // 2
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
    left, top = box.left + PADDING, box.top + PADDING
    portrait(sheet, c, left, top, readable(c.character, f"character {number}"), face)
    heat_table(sheet, c, TABLE_LEFT, top)
    top += _upper_height(c) + 14
    _bars(sheet, "Actions", c.actions, left, top)
    _bars(sheet, "Expressions", c.expressions, left + BARS_WIDTH + BARS_GAP, top)
    strip = _strip_height(c)
    _strip(sheet, c, Box(box.left + 1, box.bottom - strip - 1, box.right - 1, box.bottom - 1))


def portrait(sheet: Sheet, c: Coverage, x: int, y: int, name: str, face: Sample) -> None:
    """A picture, the name, and how far the count is on its way to enough."""
    picture = tile(face.image.path, THUMBNAIL, face.image.background) or empty_tile(THUMBNAIL)
    sheet.panel(Box(x, y, x + THUMBNAIL, y + THUMBNAIL).grown(1), 7, LINE)
    sheet.picture(picture, x, y, 6)
    y += THUMBNAIL + 10
    sheet.text(x, y, name, 22, INK, THUMBNAIL)
    enough = c.count >= ENOUGH
    sheet.text(x, y + 29, pictures(c.count), 17, GOOD if enough else ALARM)
    if not enough:
        sheet.text(x + THUMBNAIL, y + 29, f"of {ENOUGH}", 17, FAINT, anchor="ra")
    draw_bar(sheet, Box(x, y + 55, x + THUMBNAIL, y + 62), min(1.0, c.count / ENOUGH), GOOD if enough else ALARM)


def heat_table(sheet: Sheet, c: Coverage, left: int, top: int) -> None:
    """Rows are angles, columns shots; the darker, the more pictures."""
    angles, shots = values_shown("angle", (c,)), values_shown("shot", (c,))
    most, column = max(n for _, _, n in c.cells), min(COLUMN, TABLE_WIDTH // len(shots))
    for i, shot in enumerate(shots):
        middle = left + ROW_LABEL + i * column + column // 2
        lines = wrapped(shot, 14, column - 2, 2)
        for j, line in enumerate(lines):
            sheet.text(middle, top + TABLE_HEAD - 8 - 16 * (len(lines) - 1 - j), line, 14, SOFT, anchor="ms")
    for row, angle in enumerate(angles):
        y = top + TABLE_HEAD + row * ROW
        sheet.text(left, y + ROW / 2 - 1, angle, 16, SOFT if angle == UNKNOWN else INK, ROW_LABEL - 8, anchor="lm")
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
    sheet.text(*box.centre, str(count), 18, "#ffffff" if share > 0.55 else INK, anchor="mm")


def _missed(c: Coverage, angle: str, shot: str) -> bool:
    """Whether every set wants this cell and nothing stands for it; unknown pictures may hide it, so then no."""
    group = next((members for name, members in SHOTS.items() if name == shot), ())
    known = any(UNKNOWN not in (a, s) for a, s, _ in c.cells)
    return known and angle in ANGLES and bool(group) and (angle, shot) not in NOT_MISSED and not any(
        c.at(angle, member) for member in group
    )  # fmt: skip


def _bars(sheet: Sheet, title: str, counts: tuple[tuple[str, int], ...], left: int, y: int) -> None:
    """A bar for each of the most frequent values."""
    right = left + BARS_WIDTH
    sheet.text(left, y, title, 16, INK)
    y += BARS_HEAD
    if not counts:
        sheet.text(left, y, "none known", 15, FAINT)
    for value, n in counts[:MOST_BARS]:
        sheet.text(left, y, value, 15, SOFT, BAR_LABEL - 8)
        draw_bar(sheet, Box(left + BAR_LABEL, y + 6, right - 28, y + 14), n / counts[0][1], HEAT[1])
        sheet.text(right, y, str(n), 15, SOFT, anchor="ra")
        y += BAR
    if len(counts) > MOST_BARS:
        sheet.text(left, y, f"and {len(counts) - MOST_BARS} more", 15, FAINT)


def draw_bar(sheet: Sheet, box: Box, share: float, colour: str) -> None:
    radius = box.size.height // 2
    sheet.panel(box, radius, LINE)
    sheet.panel(box._replace(right=box.left + max(box.size.height, round(box.size.width * share))), radius, colour)


def _strip_lines(c: Coverage) -> list[str]:
    text = c.warning or ", ".join(c.holes) or "nothing is missing"
    text = text[:1].upper() + text[1:]
    return wrapped(text, 16, WIDTH - 2 * MARGIN - 2 * PADDING - 26, 4)


def _strip_height(c: Coverage) -> int:
    return 20 + 22 * len(_strip_lines(c))


def _strip(sheet: Sheet, c: Coverage, box: Box) -> None:
    """What is missing, in words, across the foot of the panel."""
    alarm = bool(c.warning)
    colour = ALARM if alarm else SOFT if c.holes else GOOD
    sheet.panel(box, 9, ALARM_GROUND if alarm else EMPTY)
    sheet.panel(Box(box.left, box.top, box.right, box.top + 12), 0, ALARM_GROUND if alarm else EMPTY)
    sheet.rule(box.left, box.right, box.top, mixed(LINE, colour, 0.25))
    sheet.panel(Box(box.left + PADDING, box.top + 16, box.left + PADDING + 10, box.top + 26), 5, colour)
    for i, line in enumerate(_strip_lines(c)):
        sheet.text(box.left + PADDING + 20, box.top + 10 + 22 * i, line, 16, ALARM if alarm else INK)


def panel_height(c: Coverage) -> int:
    """Portrait and table, the bars below them, and the strip at the foot."""
    bars = max(
        BARS_HEAD + BAR * (min(len(b), MOST_BARS) + (len(b) > MOST_BARS) or 1) for b in (c.actions, c.expressions)
    )
    return 2 * PADDING + _upper_height(c) + 14 + bars + _strip_height(c) - 4


def _upper_height(c: Coverage) -> int:
    """The taller of portrait and table."""
    return max(THUMBNAIL + 74, TABLE_HEAD + ROW * len(values_shown("angle", (c,))))
