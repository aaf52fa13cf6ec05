"""The paper, ink and shapes of every page that the pack draws."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from ..geometry import Box
from .lettering import elided, font_for

PAPER, CARD, GROUND, LINE = "#f7f7f5", "#ffffff", "#eeeeeb", "#dfe0dd"
INK, SOFT, FAINT = "#23272e", "#666d78", "#a5abb3"
ALARM, ALARM_GROUND = "#b23a34", "#fbeeec"
CHECKS = ("#ffffff", "#e2e2e0")
SMOOTH = 4  # shapes are drawn this much larger and scaled down, which makes their edges smooth


class Sheet:
    """A picture to draw on; all positions in pixels, x before y."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, text: str, size: int, colour: str = INK, width: float = 0, anchor: str = "la"
    ) -> None:
        """One line, elided to `width` (0 = to the sheet's); `anchor` as Pillow's (`la` = left, top of the line)."""
        text = elided(text, size, width or self.image.width)
        self.pen.text((x, y), text, fill=colour, font=font_for(text, size), anchor=anchor)

    def rule(self, left: int, right: int, y: int, colour: str = LINE) -> None:
        self.pen.line((left, y, right - 1, y), fill=colour)

    def panel(self, box: Box, radius: int, fill: str, outline: str = "") -> None:
        """A rectangle with round corners."""
        if outline:
            self.image.paste(outline, tuple(box[:2]), round_mask(*box.size, radius))
            box = box.grown(-1)
        self.image.paste(fill, tuple(box[:2]), round_mask(*box.size, max(0, radius - bool(outline))))

    def picture(self, image: Image.Image, x: int, y: int, radius: int = 0) -> None:
        self.image.paste(image, (x, y), round_mask(*image.size, radius) if radius else None)

    def hatched(self, box: Box, radius: int, fill: str, stroke: str) -> None:
        """A panel of slanted lines: here something is missing."""
        self.panel(box, radius, fill, stroke)
        inner = box.grown(-1)
        lines = Image.new("RGB", inner.size, fill)
        lines.paste(stroke, (0, 0), _slants(*inner.size))
        self.picture(lines, inner.left, inner.top, radius - 1)


@lru_cache(maxsize=256)
def round_mask(width: int, height: int, radius: int) -> Image.Image:
    """White inside a rectangle with round corners, smooth at the edge. Do not draw on it."""
    large = Image.new("L", (max(1, width) * SMOOTH, max(1, height) * SMOOTH), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * SMOOTH, fill=255)
    return large.resize((max(1, width), max(1, height)), Image.Resampling.BOX)


@lru_cache(maxsize=64)
def _slants(width: int, height: int, step: int = 7) -> Image.Image:
    large = Image.new("L", (width * SMOOTH, height * SMOOTH), 0)
    pen = ImageDraw.Draw(large)
    for x in range(-large.height, large.width, step * SMOOTH):
        pen.line((x, large.height, x + large.height, 0), fill=90, width=SMOOTH)
    return large.resize((width, height), Image.Resampling.BOX)


def checkerboard(width: int, height: int, square: int = 8) -> Image.Image:
    """What stands for transparency since there are image editors."""
    small = Image.new("RGB", (-(-width // square), -(-height // square)), CHECKS[0])
    for y in range(small.height):
        for x in range((y + 1) % 2, small.width, 2):
            small.putpixel((x, y), tuple(bytes.fromhex(CHECKS[1][1:])))
    large = small.resize((small.width * square, small.height * square), Image.Resampling.NEAREST)
    return large.crop((0, 0, width, height))


def mixed(low: str, high: str, share: float) -> str:
    """The colour `share` of the way from `low` to `high`."""
    pairs = zip(bytes.fromhex(low[1:]), bytes.fromhex(high[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
