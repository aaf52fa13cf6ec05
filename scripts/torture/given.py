"""What the steps are given when they are put to the test: few small pictures of the character that is shipped."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

MIRA = Path(__file__).resolve().parents[2] / "assets" / "samples" / "mira"
MASKS = "masks"


def pictures(folder: Path, count: int, side: int) -> Path:
    """`count` pictures of many views, `side` pixels long, with masks beside them."""
    every = sorted(
        p for p in MIRA.iterdir() if p.suffix in (".png", ".jpg") and (MIRA / MASKS / f"{p.stem}.png").exists()
    )
    (folder / "mira" / MASKS).mkdir(parents=True)
    for number in range(count):
        path = every[number * len(every) // count % len(every)]
        _fitted(path, "RGB", side).save(folder / "mira" / f"{path.stem}.png")
        _fitted(MIRA / MASKS / f"{path.stem}.png", "L", side).save(folder / "mira" / MASKS / f"{path.stem}.png")
    return folder


def _fitted(path: Path, mode: str, side: int) -> Image.Image:
    with Image.open(path) as image:
        image = image.convert(mode)
    factor = side / max(image.size)
    return image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS)
