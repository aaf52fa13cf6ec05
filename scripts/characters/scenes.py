"""Simple places to stand in: each one leaves its ground clear from GROUND down."""

from __future__ import annotations

import math
import random

import numpy as np

from .backdrops import glow, span, wash
from .brush import Blob, Pen, blob, limb
from .face import star
from .geometry import hexed, oval
from .scenery import GROUND, box, bush, cloud, fir, flower, hills, house, lamp_post, lawn, lay, pot_plant, tree, window


def park(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#d2e5ea"), hexed("#d2e5ea"), GROUND)
    lay(pen, [Blob(oval(wide * 0.5, GROUND + 6, wide * 0.75, 46, 60))], "#dfecea")
    cloud(pen, wide * 0.2, 17, 0.9)
    cloud(pen, wide * 0.84, 26, 0.7)
    hills(pen, 66, 8, "#c5dcc0", 0.6)
    hills(pen, GROUND, 4, "#b3d0a4", 2.2)
    for x, size in ((0.08, 1.5), (0.93, 1.7), (0.74, 0.95)):
        tree(pen, wide * x, GROUND - 1 + size * 2, size, "#9fc496" if size > 1.2 else "#adcca2")
    lawn(pen, rng, "#b7d49b", "#a3c588")
    lay(pen, [blob([(wide * 0.26, 101, 1), (wide * 0.40, 88), (wide * 0.66, 80), (wide * 0.62, GROUND + 0.5, 1), (wide * 0.70, GROUND + 0.5, 1), (wide * 0.78, 81), (wide * 0.70, 90), (wide * 0.78, 101, 1)])], "#e9dcc0")


def meadow(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#f6dfc6"), hexed("#fbf0dc"), GROUND)
    glow(pen, wide * 0.78, 24, 34, hexed("#fff3cf"), 0.9)
    lay(pen, [Blob(oval(wide * 0.78, 24, 7, 7))], "#fdeebc")
    hills(pen, 68, 12, "#d7d6b2", 1.2)
    hills(pen, GROUND, 6, "#c9d2a0", 3.4)
    lawn(pen, rng, "#cdd79f", "#b4c386")
    for _ in range(13):
        x = rng.uniform(0, wide)
        if abs(x - wide / 2) > wide * 0.17:
            flower(pen, x, rng.uniform(GROUND + 5, 99), rng.uniform(0.9, 1.4), rng.choice(["#eba79a", "#f6f0e2", "#e9c07c"]))


def street(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#d8e6ec"), hexed("#d8e6ec"), GROUND)
    cloud(pen, wide * 0.6, 12, 0.7)
    x = -6.0
    walls = ["#e7c9b4", "#d3dbcf", "#ecdcb8", "#cbd5de", "#e5cfc9"]
    for index in range(7):
        width, height = rng.uniform(20, 27), rng.uniform(38, 58)
        house(pen, x, width, height, walls[index % 5], rng)
        x += width
        if x > wide + 4:
            break
    box(pen, -2, GROUND, wide + 2, 84, "#d9d3cb")
    box(pen, -2, 83, wide + 2, 84.6, "#bdb8b6")
    box(pen, -2, 84.6, wide + 2, 102, "#a9abb3")
    for k in range(6):
        box(pen, k * 22 - 4, 92, k * 22 + 7, 93.4, "#dcdad4")
    lamp_post(pen, wide * 0.88)


def room(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#e9dfd3"), hexed("#e9dfd3"))
    for k in range(round(wide / 7) + 1):
        box(pen, k * 7, -1, k * 7 + 2.4, GROUND, "#e3d7ca", 0)
    box(pen, -2, GROUND - 2.6, wide + 2, GROUND, "#f7f1e7", 0)
    box(pen, -2, GROUND, wide + 2, 102, "#cfae8e", 0)
    for k in range(5):
        box(pen, -2, GROUND + 5.5 * k + 4, wide + 2, GROUND + 5.5 * k + 4.35, "#bd9a7b", 0)
    window(pen, wide * 0.20, 30)
    box(pen, wide * 0.76, 16, wide * 0.76 + 16, 36, "#b98f6c", 0.8)
    box(pen, wide * 0.76 + 1.4, 17.4, wide * 0.76 + 14.6, 34.6, "#f4ecdc", 0.4)
    lay(pen, [blob([(wide * 0.76 + 2, 33.6, 1), (wide * 0.76 + 6, 24), (wide * 0.76 + 9, 29), (wide * 0.76 + 12, 23), (wide * 0.76 + 14, 33.6, 1)])], "#a9c3b4")
    lay(pen, [Blob(oval(wide * 0.5, 88, wide * 0.36, 8))], "#d99f8b")
    lay(pen, [Blob(oval(wide * 0.5, 88, wide * 0.32, 6.7))], "#e6b7a2")
    pot_plant(pen, wide * 0.93, GROUND + 6)


def bakery(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#f2e6d2"), hexed("#f2e6d2"))
    for row in range(0, 11):
        for column in range(-1, round(wide / 9) + 1):
            x = column * 9 + (row % 2) * 4.5
            box(pen, x + 0.3, row * 5 + 22.3, x + 8.7, row * 5 + 26.7, "#efe0c8" if (row + column) % 3 else "#ecdabf", 0.5)
    for y in (24, 42):
        box(pen, wide * 0.04, y, wide * 0.96, y + 1.8, "#b98f6a", 0.4)
        x = wide * 0.09
        while x < wide * 0.92:
            size = rng.uniform(0.85, 1.1)
            if rng.random() < 0.6:
                lay(pen, [blob([(x - 4.6 * size, y), (x - 4 * size, y - 3.6 * size), (x, y - 5.4 * size), (x + 4 * size, y - 3.6 * size), (x + 4.6 * size, y)])], rng.choice(["#dcb07c", "#cf9d69", "#e4bf8f"]), 0.8)
            else:
                box(pen, x - 2.6, y - 8, x + 2.6, y, rng.choice(["#c9d6c4", "#e2c2b3", "#c5d0dc"]), 1.2, 0.6)
                box(pen, x - 2.1, y - 9.4, x + 2.1, y - 7.6, "#a97f5e", 0.5)
            x += 11.5
    box(pen, -2, GROUND - 18, wide + 2, GROUND - 15.5, "#c99f78", 0.5)
    box(pen, -2, GROUND - 15.5, wide + 2, GROUND, "#dfc3a0", 0)
    for k in range(round(wide / 16) + 1):
        box(pen, k * 16 + 1.5, GROUND - 13, k * 16 + 14, GROUND - 2.5, "#d6b691", 0.8)
    box(pen, -2, GROUND, wide + 2, 102, "#dcd2c6", 0)
    for row in range(4):
        for column in range(-1, round(wide / 12) + 2):
            if (row + column) % 2:
                y0, y1 = GROUND + 6.6 * row, GROUND + 6.6 * (row + 1)
                box(pen, column * 12, y0, column * 12 + 12, y1, "#cbbfb3", 0)


def garden(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#dceae6"), hexed("#dceae6"), GROUND)
    cloud(pen, wide * 0.74, 18, 0.9)
    for k in range(5):
        bush(pen, wide * (0.02 + 0.24 * k), GROUND - 8, 2.6, "#b2cfa6" if k % 2 else "#a5c59d")
    for k in range(round(wide / 6) + 1):
        x = k * 6.0
        lay(pen, [blob([(x, GROUND + 1, 1), (x, GROUND - 15, 1), (x + 2.2, GROUND - 18, 1), (x + 4.4, GROUND - 15, 1), (x + 4.4, GROUND + 1, 1)])], "#f4eee2")
    box(pen, -2, GROUND - 12.4, wide + 2, GROUND - 10.4, "#e8e0d2", 0)
    lawn(pen, rng, "#bcd5a2", "#a5c48c")
    for _ in range(15):
        x = rng.uniform(0, wide)
        if abs(x - wide / 2) > wide * 0.2:
            flower(pen, x, rng.uniform(GROUND + 4, 97), rng.uniform(1.1, 1.6), rng.choice(["#e59a95", "#f2e6c9", "#c6a5cc"]))


def seaside(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#cfe4ea"), hexed("#cfe4ea"), 60)
    cloud(pen, wide * 0.24, 18, 1.0)
    cloud(pen, wide * 0.80, 30, 0.7)
    box(pen, -2, 56, wide + 2, GROUND + 4, "#8fbfcb", 0)
    for _ in range(9):
        x, y = rng.uniform(0, wide), rng.uniform(59, 69)
        lay(pen, [limb([(x - 4, y), (x, y - 0.5), (x + 4, y)], [0.1, 0.35, 0.1], 5)], "#d4e8ea")
    xs = np.linspace(-2, wide + 2, 50)
    ys = GROUND - 2 + 1.1 * np.sin(xs / 8)
    lay(pen, [Blob(np.vstack([np.stack([xs, ys - 1.5], axis=1), [(wide + 2, 101), (-2, 101)]]))], "#f3f5ee")
    lay(pen, [Blob(np.vstack([np.stack([xs, ys], axis=1), [(wide + 2, 101), (-2, 101)]]))], "#ead9b6")
    lay(pen, [blob([(wide * 0.72, 55.5, 1), (wide * 0.72 + 10, 55.5, 1), (wide * 0.72 + 8, 58.5, 1), (wide * 0.72 + 2, 58.5, 1)])], "#b77f6a")
    lay(pen, [blob([(wide * 0.72 + 5, 42, 1), (wide * 0.72 + 5, 54.5, 1), (wide * 0.72 + 11, 54.5, 1)])], "#faf5ea")
    for _ in range(12):
        x, y = rng.uniform(0, wide), rng.uniform(GROUND + 4, 98)
        lay(pen, [Blob(oval(x, y, 0.6, 0.35, 14))], "#d5bf96")


def sky(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#a9cfe6"), hexed("#e8f1ee"))
    glow(pen, wide * 0.2, 14, 46, hexed("#fff6df"), 0.8)
    for x, y, size in ((0.14, 24, 1.0), (0.86, 16, 1.2), (0.76, 58, 0.8), (0.12, 66, 1.2), (0.5, 94, 2.1), (0.96, 88, 1.6), (0.05, 92, 1.4)):
        cloud(pen, wide * x, y, size)
    for x, y in ((0.36, 16), (0.42, 20), (0.31, 22)):
        for sign in (-1, 1):
            lay(pen, [limb([(wide * x, y), (wide * x + sign * 1.3, y - 1.2), (wide * x + sign * 2.8, y - 0.5)], [0.25, 0.25, 0.08], 5)], "#7d93a8")


def night(pen: Pen, rng: random.Random) -> None:
    wide = span(pen)
    wash(pen, hexed("#3f4c76"), hexed("#8088aa"), GROUND)
    glow(pen, wide * 0.78, 20, 36, hexed("#c9cfe0"), 0.55)
    lay(pen, [Blob(oval(wide * 0.78, 20, 8, 8))], "#f6efd2")
    for dx, dy, r in ((-2.4, -1.5, 1.4), (2.2, 2.2, 1.9), (1.6, -3.2, 0.9)):
        lay(pen, [Blob(oval(wide * 0.78 + dx, 20 + dy, r, r))], "#e8dfbf")
    for _ in range(34):
        x, y, r = rng.uniform(0, wide), rng.uniform(2, 58), rng.uniform(0.2, 0.5)
        if math.hypot(x - wide * 0.78, y - 20) > 11:
            lay(pen, [Blob(oval(x, y, r, r, 12))], "#e9ebf2")
    for x, y in ((0.16, 14), (0.42, 30), (0.1, 44)):
        lay(pen, [star(wide * x, y, 1.5, 10)], "#f7efce")
    hills(pen, 68, 10, "#69749a", 0.9)
    for k in range(9):
        fir(pen, wide * (k / 8) + rng.uniform(-2, 2), GROUND + 1, rng.uniform(0.8, 1.3), "#56658a")
    lawn(pen, rng, "#6b7d93", "#5c6e88")


def woods(pen: Pen, rng: random.Random) -> None:
    """An autumn wood."""
    wide = span(pen)
    wash(pen, hexed("#f4e8d3"), hexed("#f4e8d3"), GROUND)
    for k in range(7):
        tree(pen, wide * (k / 6) + rng.uniform(-3, 3), GROUND - 2, rng.uniform(1.4, 1.9), rng.choice(["#e8cda2", "#e6c4a6", "#dcd2a8"]), "#cdb79f")
    for x, size in ((0.04, 2.3), (0.97, 2.5)):
        tree(pen, wide * x, GROUND + 5, size, "#d9a873" if x < 0.5 else "#cf9670")
    box(pen, -2, GROUND, wide + 2, 102, "#dccaa2", 0)
    for _ in range(36):
        local = pen.at(rng.uniform(0, wide), rng.uniform(GROUND + 2, 99), rng.uniform(0, 180))
        lay(local, [limb([(-1.2, 0), (0, 0), (1.2, 0)], [0.1, 0.6, 0.1], 5)], rng.choice(["#d79a63", "#c98560", "#e0b877"]))


SCENES = {
    "park": park, "meadow": meadow, "street": street, "room": room, "bakery": bakery, "garden": garden,
    "seaside": seaside, "sky": sky, "night": night, "woods": woods,
}

