"""Little pictures of a made-up character, for tests that need a folder of them."""

from __future__ import annotations

from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

ANGLES, ACTIONS, SHOTS = ("front", "side", "back"), ("stand", "run", "wave"), ("close-up", "full")


def character_folder(folder: Path, count: int = 6, side: int = 192, seed: int = 0) -> Path:
    """`count` different JPEG pictures whose names tell angle, action and shot."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        words = ANGLES[i % 3], ACTIONS[i // 3 % 3], SHOTS[i % 2]
        figure(seed + i, side).save(folder / f"{'_'.join(words)}_{i:02d}.jpg", quality=92)
    return folder


def figure(seed: int, side: int) -> Image.Image:
    """A head on a body in fixed colours, somewhere on a ground of scattered discs: edges everywhere, no two alike."""
    random = Random(seed)
    image = Image.new("RGB", (side, side), tuple(random.randrange(120, 220) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(30):
        x, y, r = random.uniform(0, side), random.uniform(0, side), random.uniform(3, side / 14)
        draw.ellipse((x - r, y - r, x + r, y + r), tuple(random.randrange(90, 240) for _ in range(3)))
    x, y, r = side * random.uniform(0.35, 0.65), side * random.uniform(0.3, 0.45), side / 8
    draw.rectangle((x - r, y, x + r, side), (30, 120, 110))
    draw.ellipse((x - r, y - r, x + r, y + r), (240, 205, 180), (40, 40, 60), 2)
    draw.pieslice((x - r, y - r, x + r, y + r), 180, 360, (70, 90, 180))
    return image
