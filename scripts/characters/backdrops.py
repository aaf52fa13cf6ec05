"""Plain and patterned backgrounds, quiet enough for the character to stand out."""

from __future__ import annotations

import math
import random

import numpy as np
from PIL import Image

from .brush import Blob, Canvas, Limb, Pen, limb
from .face import star
from .geometry import Colour, Placement, hexed, oval

OVER_BACK = 2  # backgrounds are soft, so they need less supersampling


def board(width: int, height: int) -> Pen:
    """A fully covered canvas in units of one hundredth of the picture height."""
    canvas = Canvas(width, height, OVER_BACK)
    canvas.alpha.paste(255, (0, 0, *canvas.alpha.size))
    scale = height * OVER_BACK / 100
    return Pen(canvas, Placement(scale, 0, 0, 0, scale, 0))


def span(pen: Pen) -> float:
    """The picture's width in the same units."""
    return 100 * pen.canvas.rgb.width / pen.canvas.rgb.height


def wash(pen: Pen, top: Colour, bottom: Colour, until: float = 100.0) -> None:
    """A vertical gradient from the top edge down to `until`."""
    width, height = pen.canvas.rgb.size
    rows = max(1, round(height * until / 100))
    share = np.linspace(0, 1, rows)[:, None]
    ramp = np.array(top) * (1 - share) + np.array(bottom) * share
    pixels = np.repeat(ramp[:, None, :], width, axis=1)
    pen.canvas.rgb.paste(Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8)), (0, 0))
    if rows < height:
        pen.canvas.rgb.paste(bottom, (0, rows, width, height))


def glow(pen: Pen, x: float, y: float, radius: float, colour: Colour, share: float) -> None:
    """A soft disc of light."""
    scale = pen.place.scale
    width, height = pen.canvas.rgb.size
    step = 8
    ys, xs = np.mgrid[0 : height : step, 0 : width : step]
    far = np.hypot(xs - x * scale, ys - y * scale) / (radius * scale)
    fade = np.clip(1 - far, 0, 1) ** 2 * (3 - 2 * np.clip(1 - far, 0, 1))
    cover = Image.fromarray((fade * 255 * share).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    pen.canvas.rgb.paste(colour, (0, 0), cover)


def plain(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))


def gradient(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[1]))


def halo(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    """A plain wall with one large quiet disc."""
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    pen.fill([Blob(oval(span(pen) / 2, 52, 37, 37, 80))], hexed(colours[1]))


def dots(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    for row in range(-1, 12):
        for column in range(-1, round(span(pen) / 10) + 2):
            x, y = column * 10 + (row % 2) * 5, row * 9 + 4
            pen.fill([Blob(oval(x, y, 1.7, 1.7, 24))], hexed(colours[1]))


def stripes(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    for index in range(-12, round(span(pen) / 12) + 2):
        x = index * 12.0
        pen.fill([Blob(np.array([(x, 101), (x + 6, 101), (x + 66, -1), (x + 60, -1)]))], hexed(colours[1]))


def upright_stripes(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    for index in range(round(span(pen) / 14) + 1):
        x = index * 14.0 + 2
        pen.fill([Blob(np.array([(x, -1), (x + 7, -1), (x + 7, 101), (x, 101)]))], hexed(colours[1]))


def checks(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    """Gingham: two sets of bands that deepen where they cross."""
    ground, cloth = hexed(colours[0]), hexed(colours[1])
    wash(pen, ground, ground)
    wide = span(pen)
    for index in range(0, round(wide / 13) + 1):
        x = index * 13.0
        pen.fill([Blob(np.array([(x, -1), (x + 6.5, -1), (x + 6.5, 101), (x, 101)]))], cloth, None, 0.5)
    for index in range(0, 9):
        y = index * 13.0
        pen.fill([Blob(np.array([(-1, y), (wide + 1, y), (wide + 1, y + 6.5), (-1, y + 6.5)]))], cloth, None, 0.5)


def stars(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    for row in range(-1, 9):
        for column in range(-1, round(span(pen) / 16) + 2):
            x, y = column * 16 + (row % 2) * 8, row * 13 + 5
            pen.fill([star(x, y, 2.7, rng.uniform(-20, 20))], hexed(colours[1]))


def waves(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    wide = span(pen)
    for row in range(0, 9):
        xs = np.linspace(-3, wide + 3, 90)
        ys = row * 12.5 + 4 + 2.4 * np.sin(xs / 4.2 + row)
        pen.fill([Limb(np.stack([xs, ys], axis=1), np.full(90, 1.5))], hexed(colours[1]))


def leaves(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    """Scattered two-leaf sprigs on a loose grid."""
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    for row in range(0, 8):
        for column in range(0, round(span(pen) / 15) + 1):
            x = column * 15 + (row % 2) * 7.5 + rng.uniform(-1, 1)
            local = pen.at(x, row * 13.5 + 4 + rng.uniform(-1, 1), rng.uniform(0, 360))
            for sign in (-1, 1):
                local.at(0, 0, sign * 28).fill([limb([(0, 0), (0, -2.6), (0, -5)], [0.4, 1.5, 0.3], 5)], hexed(colours[1]))


def sunburst(pen: Pen, colours: tuple[str, ...], rng: random.Random) -> None:
    wash(pen, hexed(colours[0]), hexed(colours[0]))
    x, y = span(pen) / 2, 62
    for index in range(0, 24, 2):
        a, b = (math.radians(index * 15 + t) for t in (0, 15))
        reach = 160
        pen.fill([Blob(np.array([(x, y), (x + reach * math.cos(a), y + reach * math.sin(a)), (x + reach * math.cos(b), y + reach * math.sin(b))]))], hexed(colours[1]))


PATTERNS = {
    "plain": plain, "gradient": gradient, "halo": halo, "dots": dots, "stripes": stripes, "upright-stripes": upright_stripes,
    "checks": checks, "stars": stars, "waves": waves, "leaves": leaves, "sunburst": sunburst,
}
