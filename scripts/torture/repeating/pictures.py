"""The shipped samples made small, so that the whole chain takes two seconds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from ....models.samples.listing import find_pictures, list_folder

SHIPPED = Path(__file__).resolve().parents[3] / "assets" / "samples"
CHARACTERS = ("mira", "bram")
SIDE = 192  # long side, pixels


def small_set(folder: Path, of_each: int = 6) -> Path:
    """`of_each` pictures of each character below `folder`, with what lies beside them: masks, captions, a table."""
    for name in CHARACTERS:
        source, target = SHIPPED / name, folder / name
        (target / "masks").mkdir(parents=True)
        shutil.copy2(source / "metadata.jsonl", target)
        for picture in _spread(find_pictures(source), of_each):
            for file in _family(source, picture):
                _shrunk(file, target / file.relative_to(source))
    return folder


def another_listing(samples: Path, folder: Path) -> Path:
    """The same files below `folder`, put there the last one first, so that a file system may list them otherwise."""
    for file in sorted((f for f in samples.rglob("*") if f.is_file()), reverse=True):
        place = folder / file.relative_to(samples)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)
    return folder


def _spread(pictures: tuple[Path, ...], count: int) -> tuple[Path, ...]:
    return tuple(pictures[n * len(pictures) // count] for n in range(count))


def _family(folder: Path, picture: Path) -> Iterator[Path]:
    yield picture
    listing = list_folder(folder)
    stem = picture.relative_to(folder).with_suffix("").as_posix()
    yield from (folder / listing.masks[s] for s in (stem,) if s in listing.masks)
    yield from (folder / text for text in listing.texts.values() if text.startswith(f"{stem}."))


def _shrunk(source: Path, target: Path) -> None:
    if source.suffix not in (".png", ".jpg"):
        shutil.copy2(source, target)
        return
    with Image.open(source) as image:
        image.thumbnail((SIDE, SIDE))
        image.save(target)
