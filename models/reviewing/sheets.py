"""Contact sheets for a review: every picture with the number of its line in the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from PIL import Image, ImageDraw

from ..geometry import Size
from ..parallel import ordered_map
from ..samples.lettering import font_for, readable, width_of
from ..samples.pages import Card, Group, Page, draw_page
from ..samples.sample import Sample
from ..samples.sheets import known, short_id
from ..samples.tiles import dimmed, empty_tile, tile

CELL, COLUMNS, PER_PAGE = 192, 6, 42
# Tall enough to be read where the host shows a sheet a quarter as large.
NUMBER = 36
BADGE, DROPPED, LETTERS = "#14161a", "#b23a34", "#ffffff"


class Shown(NamedTuple):
    """One picture on a sheet. `mine`: which of its words are a person's."""

    number: int
    sample: Sample
    dropped: bool
    mine: tuple[str, ...] = ()


def review_sheets(shown: Sequence[Shown], table: str) -> Iterator[Image.Image]:
    """Pages of 42 pictures in the table's order, one at a time. `table`: the file's name, for the heading."""
    pages = [shown[i : i + PER_PAGE] for i in range(0, len(shown), PER_PAGE)]
    dropped = sum(s.dropped for s in shown)
    subtitle = f"{len(shown) - dropped} kept, {dropped} dropped. The numbers are the lines of {table}"
    for number, page in enumerate(pages, 1):
        title = "Review" if len(pages) == 1 else f"Review, sheet {number} of {len(pages)}"
        yield draw_page(
            Page(title, subtitle, tuple(_groups(page)), COLUMNS, Size(CELL, CELL), note_lines=1),
            ordered_map(_tile, page),
        )


def _groups(page: Sequence[Shown]) -> Iterator[Group]:
    for place, (character, members) in enumerate(groupby(page, lambda s: s.sample.character), 1):
        cards = tuple(Card(short_id(s.sample), _note(s)) for s in members)
        remark = f"lines {page[0].number} to {page[-1].number}" if place == 1 else ""
        yield Group(readable(character, f"character {place}"), remark, cards)


def _note(shown: Shown) -> str:
    if shown.dropped:
        return "dropped"
    return f"your {', '.join(shown.mine)}" if shown.mine else known(shown.sample)


def _tile(shown: Shown) -> Image.Image:
    image = shown.sample.image
    found = tile(image.path, CELL, image.background) or empty_tile(CELL)
    found = dimmed(found) if shown.dropped else found
    pen, text = ImageDraw.Draw(found), str(shown.number)
    wide = round(width_of(text, NUMBER)) + 20
    pen.rectangle((0, 0, wide, NUMBER + 8), fill=DROPPED if shown.dropped else BADGE)
    pen.text((wide / 2, NUMBER / 2 + 4), text, LETTERS, font_for(text, NUMBER), anchor="mm")
    return found
