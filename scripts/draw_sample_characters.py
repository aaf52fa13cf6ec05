"""Redraws the sample characters byte for byte: python scripts/draw_sample_characters.py [--output DIR]."""

from __future__ import annotations

import argparse
import io
import json
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
from characters import bram, mira
from characters.picture import Shot, paint_shot
from characters.shots import BRAM, MIRA
from characters.traits import facts
from PIL import Image

CAST: tuple[tuple[str, ModuleType, tuple[Shot, ...]], ...] = (("mira", mira, MIRA), ("bram", bram, BRAM))
JPEG_QUALITY = 86
FAITHFUL = 3.2  # more drift than this shows

LICENSE = """The pictures and captions in this folder are dedicated to the public domain
under CC0 1.0 Universal (CC0-1.0).

To the extent possible under law, the authors of Troupe have waived all
copyright and related or neighbouring rights to these sample pictures of the
characters "Mira" and "Bram" and to the captions beside them. You may copy,
change, train on, publish and sell them without asking permission.

The full text is at https://creativecommons.org/publicdomain/zero/1.0/legalcode

The pictures are drawn by scripts/draw_sample_characters.py. That program is
part of Troupe and stays under Troupe's own licence.
"""


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def few_colours(image: Image.Image, count: int = 224) -> Image.Image:
    """The picture in a few chosen colours: a flat drawing loses nothing the eye can find."""
    return image.quantize(count, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)


def as_clear_png(image: Image.Image) -> bytes:
    """True-colour PNG with transparency; fewer different colours only make it pack better."""
    colours = few_colours(image.convert("RGB"), 144).convert("RGB")
    return as_png(Image.merge("RGBA", (*colours.split(), image.getchannel("A"))))


def as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True, progressive=True)
    return out.getvalue()


def drift(image: Image.Image, few: Image.Image) -> float:
    """How far, 0..255, the background's colours moved when only a few were kept."""
    error = np.asarray(few.convert("RGB"), dtype=np.float32) - np.asarray(image, dtype=np.float32)
    height, width = (size // 8 * 8 for size in error.shape[:2])
    patches = error[:height, :width].reshape(height // 8, 8, width // 8, 8, 3).mean(axis=(1, 3))
    return float(np.quantile(np.abs(patches).max(axis=2), 0.9))


def encoded(image: Image.Image, smooth: bool) -> tuple[str, bytes]:
    """The file ending and the bytes: PNG with few colours for flat pictures, JPEG for smooth slopes."""
    if image.mode == "RGBA":
        return "png", as_clear_png(image)
    jpeg, few = as_jpeg(image), few_colours(image)
    flat = as_png(few)
    return ("jpg", jpeg) if smooth or len(jpeg) < len(flat) or drift(image, few) > FAITHFUL else ("png", flat)


def draw_character(who: str, character: ModuleType, shots: tuple[Shot, ...], folder: Path) -> int:
    """Draw every shot of one character, with its mask and what it shows; returns the bytes of the pictures."""
    shutil.rmtree(folder, ignore_errors=True)  # a picture may have changed its ending
    (folder / "masks").mkdir(parents=True)
    written, lines = 0, []
    for number, shot in enumerate(shots, start=1):
        stem = shot.stem(who, number)
        painted = paint_shot(character, shot, seed=stem)
        ending, data = encoded(painted.image, shot.smooth)
        (folder / f"{stem}.{ending}").write_bytes(data)
        if not shot.clear:  # a clear picture's alpha is its mask
            (folder / "masks" / f"{stem}.png").write_bytes(as_png(painted.subject))
        lines.append(json.dumps({"file_name": f"{stem}.{ending}", **facts(who, shot)}))
        written += len(data)
        if shot.caption:
            (folder / f"{stem}.txt").write_text(shot.caption + "\n", encoding="utf-8", newline="\n")
    (folder / "metadata.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the CC0 sample characters.")
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parent.parent / "assets" / "samples")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for who, character, shots in CAST:
        size = draw_character(who, character, shots, folder / who)
        print(f"{who}: {len(shots)} pictures, {size / 1024:.0f} KiB")
    (folder / "LICENSE").write_text(LICENSE, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
