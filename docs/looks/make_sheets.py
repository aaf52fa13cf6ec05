"""Draw the contact sheets in this folder: every look on the sample characters, and the characters re-dressed.

    python docs/looks/make_sheets.py --samples assets/samples --output docs/looks

--samples holds one folder of pictures per character.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from pathlib import Path

import torch
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from devkit.thepack import name_the_pack  # noqa: E402

name_the_pack()
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
HEIGHT = 300  # pixels of one picture on a sheet
BYTES = 250_000  # at most, per sheet
PER_SHEET = 4  # looks
DRESSES = {
    "ember": ("#7a2e2b", "#d9793a", "#f2c879", "#3b3440", "#f4dfc8"),
    "mint": ("#2f6f62", "#8fd0b4", "#f1b95c", "#6b4f3f", "#f3d9c4"),
    "violet": ("#5b3a8c", "#b9a4e8", "#e86a92", "#2d2238", "#e8c5a2"),
}


def read(path: Path) -> torch.Tensor:
    image = Image.open(path).convert("RGB")
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(image.height, image.width, 3) / 255


def mask_of(path: Path) -> torch.Tensor | None:
    """1 = subject: `masks/NAME.png` beside the picture, or its own alpha."""
    beside, image = path.parent / "masks" / f"{path.stem}.png", Image.open(path)
    if not beside.is_file() and "A" not in image.getbands():
        return None
    grey = Image.open(beside).convert("L") if beside.is_file() else image.getchannel("A")
    return torch.frombuffer(bytearray(grey.tobytes()), dtype=torch.uint8).reshape(grey.height, grey.width) / 255


def to_image(pixels: torch.Tensor) -> Image.Image:
    array = (pixels.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    image = Image.fromarray(array)
    return image.resize((round(image.width * HEIGHT / image.height), HEIGHT), Image.LANCZOS)


def characters(samples: Path) -> dict[str, list[Path]]:
    folders = sorted(folder for folder in samples.iterdir() if folder.is_dir())
    found = {f.name: sorted(p for p in f.iterdir() if p.suffix.lower() in PICTURES) for f in folders}
    return {name: paths for name, paths in found.items() if paths}


def chosen(paths: list[Path], count: int) -> list[Path]:
    """Close-ups and fronts show most; then whatever comes evenly."""
    wanted = [
        p
        for key in ("front_stand_close-up_laugh", "front_crouch", "wave_medium", "sit_full")
        for p in paths
        if key in p.name
    ]
    spread = [paths[i * len(paths) // count] for i in range(count)]
    return list(dict.fromkeys(wanted + spread))[:count]


def sheet(rows: list[tuple[str, list[Image.Image]]], path: Path) -> None:
    width = max(sum(i.width for i in images) for _, images in rows)
    out = Image.new("RGB", (width, HEIGHT * len(rows)), "white")
    for y, (title, images) in enumerate(rows):
        x = 0
        for image in images:
            out.paste(image, (x, y * HEIGHT))
            x += image.width
        ImageDraw.Draw(out).text(
            (6, y * HEIGHT + 5), title, fill=(40, 40, 40), stroke_width=2, stroke_fill=(255, 255, 255)
        )
    path.write_bytes(smallest(out))


def smallest(image: Image.Image) -> bytes:
    for quality in range(88, 30, -4):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= BYTES:
            break
    return buffer.getvalue()


def draw_looks(painterly, cast: dict[str, list[Path]], output: Path) -> None:
    pictures, statistics = [], []
    for paths in list(cast.values())[:2]:
        pooled = painterly.pool_statistics((read(p), None) for p in paths)
        shown = [read(p) for p in chosen(paths, 2)]
        pictures += shown
        statistics += [pooled] * len(shown)
    analyses = [painterly.analyse(p) for p in pictures]
    rows = [("source", [to_image(p) for p in pictures])]
    for name, look in painterly.LOOKS.items():
        settings = painterly.LookSettings(name)
        painted = [
            painterly.stylize(p, settings, statistics=s, seed=i, analysis=a)
            for i, (p, s, a) in enumerate(zip(pictures, statistics, analyses, strict=True))
        ]
        rows.append((look.title, [to_image(p) for p in painted]))
    for k in range(0, len(rows), PER_SHEET):
        sheet(rows[k : k + PER_SHEET], output / f"looks_{k // PER_SHEET + 1}.jpg")


def draw_dresses(painterly, cast: dict[str, list[Path]], output: Path) -> None:
    for name, paths in list(cast.items())[:2]:
        statistics = painterly.pool_statistics((read(p), mask_of(p)) for p in paths)
        shown = chosen(paths, 5)
        rows = [("source", [to_image(read(p)) for p in shown])]
        for title, colours in DRESSES.items():
            plan = painterly.plan_recolouring(statistics, painterly.CharacterPalette(title, colours))
            rows.append((title, [to_image(painterly.recolour(read(p), plan, mask_of(p))) for p in shown]))
        sheet(rows, output / f"new_colours_{name}.jpg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=ROOT / "assets" / "samples")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "looks")
    arguments = parser.parse_args()
    cast = characters(arguments.samples)
    if not cast:
        parser.error(f"no folder with pictures in {arguments.samples}")
    arguments.output.mkdir(parents=True, exist_ok=True)
    painterly = importlib.import_module("troupe.models.restyling.painterly")
    with torch.inference_mode():
        draw_looks(painterly, cast, arguments.output)
        draw_dresses(painterly, cast, arguments.output)


if __name__ == "__main__":
    main()
