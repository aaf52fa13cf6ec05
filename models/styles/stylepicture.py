"""A style map to look at: one picture of each feature's value, and the sub-style that belongs to it alone."""

from __future__ import annotations

from PIL import Image

from ..geometry import Size
from ..parallel import ordered_map
from ..samples.holes import pictures
from ..samples.pages import Card, Group, Page, draw_page
from ..samples.sample import Sample
from ..samples.tiles import empty_tile, tile
from .mapping import Mapped, MappingRow, mapping_rows
from .values import feature_of

CELL, COLUMNS, MOST = 160, 4, 16


def style_picture(mapped: Mapped) -> Image.Image:
    """A tile for each of the first 16 rows of the map; below the value stands what it got."""
    rows = mapping_rows(mapped)[:MOST]
    examples = [_example(mapped, row) for row in rows]
    cards = tuple(Card(row.feature, f"{row.style}: {pictures(row.count)}, {row.reason}") for row in rows)
    heading = f"second sub-style by {mapped.axis}, one to one" if mapped.axis else "first sub-style"
    page = Page("Style map", _firsts(mapped), (Group(heading, "", cards),), COLUMNS, Size(CELL, CELL), note_lines=3)
    return draw_page(page, ordered_map(_tile, examples))


def _firsts(mapped: Mapped) -> str:
    names = dict.fromkeys(choice.style.name for choice in mapped.firsts)
    return f"first sub-style: {', '.join(names)}"


def _example(mapped: Mapped, row: MappingRow) -> Sample | None:
    """The first picture that the row speaks of: by its feature, or by its character or name."""

    def names(sample: Sample) -> tuple[str, ...]:
        return (feature_of(sample, mapped.axis),) if mapped.axis else (sample.character, sample.id)

    return next((s for s in mapped.sample_set.samples if row.feature in names(s)), None)


def _tile(sample: Sample | None) -> Image.Image:
    found = tile(sample.image.path, CELL, sample.image.background) if sample else None
    return found or empty_tile(CELL)
