"""A picture as a square tile: the whole of it on neutral ground, transparent parts on a checkerboard."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageOps

from ..picturefiles import WHITE, Decoded, decode, displayed_size
from .drawing import FAINT, GROUND, LINE, PAPER, checkerboard
from .examining import FORMATS


def tile(path: str, side: int, background: str = WHITE) -> Image.Image | None:
    """`side` x `side` pixels, RGB; None for a file that cannot be read."""
    decoded = _decoded(path, side, background)
    if decoded is None:
        return None
    whole = Image.new("RGB", (side, side), GROUND)
    size = _fitted(decoded.image.size, side)
    image = decoded.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if decoded.alpha:
        image = _on_checks(image, decoded.alpha.resize(size, Image.Resampling.BILINEAR), background)
    whole.paste(image, ((side - size[0]) // 2, (side - size[1]) // 2))
    return whole


def empty_tile(side: int) -> Image.Image:
    """What stands where there is no picture."""
    image = Image.new("RGB", (side, side), GROUND)
    pen = ImageDraw.Draw(image)
    inset = round(side * 0.36)
    corners = (inset, inset, side - 1 - inset, side - 1 - inset)
    pen.rectangle(corners, outline=FAINT)
    pen.line(corners, fill=FAINT)
    pen.line((corners[0], corners[3], corners[2], corners[1]), fill=FAINT)
    return image


def dimmed(image: Image.Image) -> Image.Image:
    """Grey and pale: it was here, and is no longer in the set."""
    grey = ImageOps.grayscale(image).convert("RGB")
    return Image.blend(Image.blend(image, grey, 0.75), Image.new("RGB", image.size, PAPER), 0.45)


def side_by_side(left: Image.Image, right: Image.Image, gap: int = 4) -> Image.Image:
    """Before and after, with an arrow on the seam."""
    side = left.height
    pair = Image.new("RGB", (2 * side + gap, side), PAPER)
    pair.paste(left, (0, 0))
    pair.paste(right, (side + gap, 0))
    radius, centre = max(9, side // 14), (side + gap // 2, side // 2)
    badge = _arrow(radius)
    pair.paste(badge, (centre[0] - radius, centre[1] - radius), badge)
    return pair


def _arrow(radius: int, smooth: int = 4) -> Image.Image:
    r = radius * smooth
    badge = Image.new("RGBA", (2 * r, 2 * r))
    pen = ImageDraw.Draw(badge)
    pen.ellipse((0, 0, 2 * r - 1, 2 * r - 1), fill=PAPER, outline=LINE, width=smooth)
    pen.line(
        [(r * 0.8, r * 0.58), (r * 1.25, r), (r * 0.8, r * 1.42)], fill="#4b5260", width=round(r * 0.2), joint="curve"
    )
    return badge.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)


def _decoded(path: str, side: int, background: str) -> Decoded | None:
    try:
        with Image.open(path, formats=FORMATS) as image:
            size = displayed_size(image)
        return decode(path, background, at_least=math.ceil(side * size.short / size.long))
    except Exception:  # no file, no picture, damaged: on a sheet they all are an empty tile
        return None


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    factor = side / max(size)
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _on_checks(image: Image.Image, alpha: Image.Image, background: str) -> Image.Image:
    """`image` is a c + (1 - a) b over the background b; adding (1 - a)(k - b) lays it over the checks k instead."""
    a = np.asarray(alpha, np.float32)[..., None] / 255
    b = np.array(ImageColor.getrgb(background)[:3], np.float32)
    k = np.asarray(checkerboard(*image.size), np.float32)
    over = np.asarray(image, np.float32) + (1 - a) * (k - b)
    return Image.fromarray(over.clip(0, 255).round().astype(np.uint8))
