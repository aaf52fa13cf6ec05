"""A contact sheet of a set, the least alike pictures first, outliers framed in red, each with its figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageDraw

from ...geometry import Size
from ...parallel import ordered_map
from ...samples.drawing import ALARM
from ...samples.pages import Card, Group, Page, draw_page, share_out
from ...samples.sample import Sample
from ...samples.sheets import short_id
from ...samples.tiles import empty_tile, tile
from .checking import Checked, Portrait, kind_of
from .fact import Consistency
from .report import view_name

MAXIMUM = 120
FRAME = 5  # pixels


class Ranked(NamedTuple):
    sample: Sample
    found: Consistency


def consistency_sheet(checked: Checked, *, columns: int = 6, cell: int = 176, maximum: int = MAXIMUM) -> Image.Image:
    """RGB. `maximum`: pictures that are shown, of each character the least alike."""
    ranked = [_ranked(p) for p in checked.portraits]
    counts = share_out([len(r) for r in ranked], maximum)
    shown = [r[:n] for r, n in zip(ranked, counts, strict=True)]
    groups = tuple(_group(p, r) for p, r in zip(checked.portraits, shown, strict=True) if r)
    subtitle = f"least alike first; compared by {checked.look}"
    more = sum(map(len, ranked)) - sum(counts)
    footer = f"... and {more} more, all of them more alike." if more else ""
    page = Page("Consistency", subtitle, groups, columns, Size(cell, cell), 2, footer)
    return draw_page(page, ordered_map(lambda r: _tile(r, cell), (r for part in shown for r in part)))


def _ranked(portrait: Portrait) -> list[Ranked]:
    pairs = map(Ranked, portrait.samples, portrait.found)
    return sorted(pairs, key=lambda r: (not r.found.outlier, r.found.likeness, r.sample.id))


def _group(portrait: Portrait, shown: list[Ranked]) -> Group:
    outliers = sum(f.outlier for f in portrait.found)
    remark = f"usual likeness {portrait.found[0].usual:.2f}, {outliers} of {len(portrait.found)} outliers"
    return Group(portrait.character, remark, tuple(_cards(shown)))


def _cards(shown: list[Ranked]) -> Iterator[Card]:
    for sample, found in shown:
        mark = "outlier: " if found.outlier else ""
        yield Card(
            short_id(sample),
            f"{mark}{found.likeness:.2f} ({-found.deviations:+.1f}) {view_name(kind_of(sample))}",
        )


def _tile(ranked: Ranked, side: int) -> Image.Image:
    image = ranked.sample.image
    picture = tile(image.path, side, image.background) or empty_tile(side)
    if ranked.found.outlier:
        ImageDraw.Draw(picture).rectangle((0, 0, side - 1, side - 1), outline=ALARM, width=FRAME)
    return picture
