"""Pictures beside one another, with a few words; nothing here knows what they show."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

PAPER, INK, FAINT, GUIDE = "#f7f6f3", "#26272b", "#6f7178", "#d8433b"
GAP = 10
LETTER, LINE, HEAD = 8.6, 26, 30  # pixels of a letter, a line, and the title above the text
WIDTH = 720  # pixels; the help panel shows about half of it


def row(pictures: Sequence[Image.Image], height: int = 240, words: Sequence[str] = ()) -> Image.Image:
    """Side by side at one height, each with a line below where there are words."""
    tiles = [_at_height(picture, height) for picture in pictures]
    below = 30 if words else 0
    width = sum(t.width for t in tiles) + GAP * (len(tiles) + 1)
    sheet = Image.new("RGB", (width, height + 2 * GAP + below), PAPER)
    draw, x = ImageDraw.Draw(sheet), GAP
    for at, tile in enumerate(tiles):
        sheet.paste(tile, (x, GAP))
        if words:
            draw.text((x + tile.width / 2, height + GAP + 16), words[at], INK, _font(17), anchor="mm")
        x += tile.width + GAP
    return sheet


def column(sheets: Sequence[Image.Image]) -> Image.Image:
    """Below one another, all of one width."""
    width = max(s.width for s in sheets)
    scaled = [s.resize((width, round(s.height * width / s.width)), Image.LANCZOS) for s in sheets]
    whole, y = Image.new("RGB", (width, sum(s.height for s in scaled)), PAPER), 0
    for sheet in scaled:
        whole.paste(sheet, (0, y))
        y += sheet.height
    return whole


def card(picture: Image.Image, title: str, text: str, height: int = 250) -> Image.Image:
    """A picture with text beside it; lines of `text` stay lines."""
    tile = _at_height(picture, height)
    sheet = Image.new("RGB", (WIDTH, height + 2 * GAP), PAPER)
    sheet.paste(tile, (GAP, GAP))
    left = tile.width + 3 * GAP
    letters = round((WIDTH - left - GAP) / LETTER)
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, letters)]
    room = (height - HEAD) // LINE
    shown = lines[:room] + ["..."] * (len(lines) > room)
    draw = ImageDraw.Draw(sheet)
    draw.text((left, GAP), title, FAINT, _font(15))
    draw.multiline_text((left, GAP + HEAD - 6), "\n".join(map(str.rstrip, shown)), INK, _font(17), spacing=6)
    return sheet


def on_squares(picture: Image.Image, mask: Image.Image, side: int = 16) -> Image.Image:
    """The masked part on grey squares, as editors show what is transparent."""
    ground = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(ground)
    for y in range(0, picture.height, side):
        for x in range(side * (y // side % 2), picture.width, 2 * side):
            draw.rectangle((x, y, x + side - 1, y + side - 1), "#cfd0d4")
    return Image.composite(picture.convert("RGB"), ground, mask.convert("L").resize(picture.size))


def with_guides(picture: Image.Image, guides: Sequence[tuple[float, float]]) -> Image.Image:
    """Thin crossed lines at places given as shares of width and height."""
    marked = picture.convert("RGB")
    draw = ImageDraw.Draw(marked)
    for x, y in guides:
        draw.line((x * marked.width, 0, x * marked.width, marked.height), GUIDE, 2)
        draw.line((0, y * marked.height, marked.width, y * marked.height), GUIDE, 2)
    return marked


def _at_height(picture: Image.Image, height: int) -> Image.Image:
    return picture.convert("RGB").resize((round(picture.width * height / picture.height), height), Image.LANCZOS)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)
