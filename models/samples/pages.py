"""Tiles in a grid under headings: where everything lies, and the page drawn from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PIL import Image

from ..geometry import Box, Size
from .drawing import FAINT, INK, LINE, SOFT, Sheet
from .lettering import elided, readable, wrapped

MARGIN, GAP = 32, 16
TITLE, SUBTITLE, HEADING, LABEL, NOTE = 28, 17, 20, 15, 14  # sizes of letters
HEADER_HEIGHT, GROUP_HEAD, GROUP_GAP = 84, 44, 26
LABEL_TOP, LABEL_HEIGHT, NOTE_HEIGHT = 9, 21, 18  # below a tile: a space, the label, each line of the note
RADIUS = 6
NARROWEST = 480  # the headings need that much


class Card(NamedTuple):
    """What is written under one tile."""

    label: str
    note: str = ""


class Group(NamedTuple):
    heading: str
    remark: str
    cards: tuple[Card, ...]


class Page(NamedTuple):
    title: str
    subtitle: str
    groups: tuple[Group, ...]
    columns: int
    tile: Size
    note_lines: int = 1
    footer: str = ""


class Plan(NamedTuple):
    """`heads`: a box for each group's heading; `tiles`, `labels`: for each card, in the order of the groups."""

    size: Size
    heads: tuple[Box, ...]
    tiles: tuple[Box, ...]
    labels: tuple[Box, ...]


def plan(page: Page) -> Plan:
    """Where everything lies; boxes never overlap."""
    columns = max(1, min(page.columns, max((len(g.cards) for g in page.groups), default=1)))
    width = max(NARROWEST, 2 * MARGIN + columns * page.tile.width + (columns - 1) * GAP)
    text = LABEL_TOP + LABEL_HEIGHT + page.note_lines * NOTE_HEIGHT
    heads, tiles, labels = [], [], []
    y = HEADER_HEIGHT + MARGIN // 2
    for group in page.groups:
        heads.append(Box(MARGIN, y, width - MARGIN, y + GROUP_HEAD))
        y += GROUP_HEAD
        for i in range(len(group.cards)):
            left = MARGIN + i % columns * (page.tile.width + GAP)
            top = y + i // columns * (page.tile.height + text + GAP)
            tiles.append(Box(left, top, left + page.tile.width, top + page.tile.height))
            labels.append(Box(left, top + page.tile.height, left + page.tile.width, top + page.tile.height + text))
        rows = -(-len(group.cards) // columns)
        y += rows * (page.tile.height + text + GAP) - GAP + GROUP_GAP if rows else GROUP_GAP
    return Plan(
        Size(width, y - GROUP_GAP + MARGIN + (24 if page.footer else 0)), tuple(heads), tuple(tiles), tuple(labels)
    )


def draw_page(page: Page, pictures: Iterable[Image.Image]) -> Image.Image:
    """`pictures`: one of `page.tile`'s size for each card, in order; each is let go once it is pasted."""
    places = plan(page)
    sheet = Sheet(*places.size)
    width = places.size.width - 2 * MARGIN
    sheet.text(MARGIN, MARGIN - 6, readable(page.title, "Pictures"), TITLE, INK, width)
    sheet.text(MARGIN, MARGIN + TITLE + 6, page.subtitle, SUBTITLE, SOFT, width)
    for group, box in zip(page.groups, places.heads, strict=True):
        _head(sheet, group, box)
    cards = [card for group in page.groups for card in group.cards]
    for card, box, label, picture in zip(cards, places.tiles, places.labels, pictures, strict=True):
        sheet.panel(box.grown(1), RADIUS + 1, LINE)
        sheet.picture(picture, box.left, box.top, RADIUS)
        _write(sheet, card, label, page.note_lines)
    if page.footer:
        sheet.text(MARGIN, places.size.height - MARGIN - 4, page.footer, SUBTITLE, SOFT, width)
    return sheet.image


def share_out(counts: Sequence[int], maximum: int) -> list[int]:
    """How many of each group are shown when no more than `maximum` may be: the largest groups give way first."""
    shown = [0] * len(counts)
    left = maximum
    while left > 0 and any(s < c for s, c in zip(shown, counts, strict=True)):
        open_groups = [i for i, c in enumerate(counts) if shown[i] < c]
        each = max(1, left // len(open_groups))
        for i in open_groups[:left]:
            taken = min(each, counts[i] - shown[i])
            shown[i] += taken
            left -= taken
    return shown


def _head(sheet: Sheet, group: Group, box: Box) -> None:
    half = box.size.width * 0.6
    sheet.text(box.left, box.top + 6, readable(group.heading), HEADING, INK, half)
    sheet.text(box.right, box.top + 10, group.remark, LABEL, SOFT, box.size.width - half, anchor="ra")
    sheet.rule(box.left, box.right, box.bottom - 11)


def _write(sheet: Sheet, card: Card, box: Box, note_lines: int) -> None:
    width = box.size.width
    y = box.top + LABEL_TOP
    sheet.text(box.left, y, elided(readable(card.label), LABEL, width, middle=True), LABEL, INK)
    y += LABEL_HEIGHT
    for line in wrapped(readable(card.note, ""), NOTE, width, note_lines):
        sheet.text(box.left, y, line, NOTE, SOFT if card.note else FAINT)
        y += NOTE_HEIGHT
