"""`troupe.py help-pages --pictures`: draw the pictures of the help pages anew."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from devkit.hosts import Host
from devkit.places import ROOT

from .drawing import WIDTH
from .recipes import RECIPES
from .results import results

IMAGES = Path("web/docs/images")
SQUARE = 400  # pixels, of a picture that is about as high as broad
BROADER = 1.15
BYTES = 40_000


def draw_pictures(host: Host, base: Path) -> list[Path]:
    """Paths of the written files, below the repository."""
    found, written = results(host, base), []
    (ROOT / IMAGES).mkdir(parents=True, exist_ok=True)
    for name, recipe in RECIPES.items():
        path = IMAGES / f"{name}.webp"
        (ROOT / path).write_bytes(small_file(recipe(found)))
        written.append(path)
    return written


def small_file(picture: Image.Image) -> bytes:
    """As WebP, no broader than a page needs, in the best quality that BYTES allow."""
    width = min(picture.width, WIDTH if picture.width > BROADER * picture.height else SQUARE)
    height = round(picture.height * width / picture.width)
    shown = picture.convert("RGB").resize((width, height), Image.LANCZOS)
    for quality in range(88, 20, -4):
        file = io.BytesIO()
        shown.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= BYTES:
            break
    return file.getvalue()
