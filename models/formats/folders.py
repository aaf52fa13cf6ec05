"""What the formats share that keep pictures in one folder a subset, each picture beside its caption file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .captions import one_line
from .entry import Entry
from .planned import Files, Subset


def files_in(folder: str, subset: Subset, stem: str, suffix: str) -> Files:
    """Picture and caption in `train/<folder>`; the mask under the same name in `masks/<folder>`, which no trainer takes
    for a folder of pictures. Of pairs in `images/<folder>`, the originals in `control/<folder>`."""
    mask = f"masks/{folder}/{stem}.png" if subset.masked else ""
    control = f"control/{folder}/{stem}{suffix}" if subset.paired else ""
    place = f"{'images' if subset.paired else 'train'}/{folder}/{stem}"
    return Files(f"{place}{suffix}", f"{place}.txt", mask, control)


def captions_beside(folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
    """What the caption files say now, by picture file; nothing for a picture or a caption that is gone."""
    found = {}
    for entry in entries:
        text = (folder / entry.file).with_suffix(".txt")
        if (folder / entry.file).is_file() and text.is_file():
            found[entry.file] = one_line(text.read_text(encoding="utf-8", errors="replace"))
    return found
