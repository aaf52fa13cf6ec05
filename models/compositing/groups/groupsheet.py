"""Some groups of a set to look at: cut-out, background without it, and the composite with its box."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from ...errors import TroupeError
from ...geometry import Box, Size
from ...parallel import ordered_map
from ...pixels import to_pillow
from ...samples.drawing import GROUND, PAPER, checkerboard
from ...samples.pages import Card, Group, Page, draw_page
from ...samples.tiles import empty_tile
from .group import CompositeGroup, GroupPixels, GroupSet
from .reading import read_group

CELL, GAP = 176, 4  # pixels
COLUMNS = 2
LINE, EDGE = "#ffffff", "#14161a"  # a white line with a dark rim is seen on any picture


def groups_sheet(groups: GroupSet, most: int = 12) -> Image.Image:
    """`most` groups at most, spread evenly over the set; one that cannot be read leaves its tile empty."""
    shown = spread(groups.groups, most)
    remark = "" if len(shown) == len(groups) else f"{len(shown)} of {len(groups)}"
    cards = tuple(Card(group.id, _note(group)) for group in shown)
    heading = Group("Cut-out, background, composite", remark, cards)
    faults = f", {len(groups.faults)} that cannot be used" if groups.faults else ""
    subtitle = f"{len(groups)} group{'s' * (len(groups) != 1)}{faults}"
    page = Page("Composite groups", subtitle, (heading,), COLUMNS, Size(3 * CELL + 2 * GAP, CELL))
    return draw_page(page, ordered_map(_tile, shown))


def spread(groups: Sequence[CompositeGroup], most: int) -> tuple[CompositeGroup, ...]:
    """The first, the last and what lies evenly between them, `most` in all."""
    if len(groups) <= most:
        return tuple(groups)
    return tuple(groups[round(i * (len(groups) - 1) / max(1, most - 1))] for i in range(most))


def _note(group: CompositeGroup) -> str:
    colours = "position only" if group.position_only else ""
    return ", ".join(filter(None, (group.category, group.scene, colours)))


def _tile(group: CompositeGroup) -> Image.Image:
    strip = Image.new("RGB", (3 * CELL + 2 * GAP, CELL), PAPER)
    try:
        pictures = _pictures(read_group(group, 2 * CELL))
    except TroupeError:  # the report has the reason
        pictures = [empty_tile(CELL)] * 3
    for number, picture in enumerate(pictures):
        strip.paste(picture, (number * (CELL + GAP), 0))
    return strip


def _pictures(pixels: GroupPixels) -> list[Image.Image]:
    cutout = to_pillow(pixels.foreground)
    size = _fitted(Size(*cutout.size))
    cutout = cutout.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")  # premultiplied
    thing = checkerboard(*size)
    thing.paste(cutout, mask=cutout.getchannel("A"))
    scene, composite = to_pillow(pixels.background), to_pillow(pixels.composite)
    inner = _fitted(Size(*scene.size))
    scene, composite = (picture.resize(inner, Image.Resampling.LANCZOS) for picture in (scene, composite))
    _outline(composite, pixels.box, inner.width / pixels.background.shape[1])
    return [_centred(picture) for picture in (thing, scene, composite)]


def _fitted(size: Size) -> Size:
    return size.scaled(CELL / size.long)


def _outline(picture: Image.Image, box: Box, scale: float) -> None:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    inside = Box(left, top, max(left + 1, right), max(top + 1, bottom)).clipped(Size(*picture.size))
    pen = ImageDraw.Draw(picture)
    for reach, colour in ((1, EDGE), (0, LINE)):
        grown = inside.grown(reach)
        pen.rectangle((grown.left, grown.top, grown.right - 1, grown.bottom - 1), outline=colour)


def _centred(picture: Image.Image) -> Image.Image:
    tile = Image.new("RGB", (CELL, CELL), GROUND)
    tile.paste(picture, ((CELL - picture.width) // 2, (CELL - picture.height) // 2))
    return tile
