"""What the formats share that keep pictures in one folder a subset, each picture beside its caption file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .captions import one_line
from .entry import Entry
from .planned import Files, Subset


class Folder(NamedTuple):
    """One folder of written pictures. `repeats`: what was asked for last, where pictures were added. `masks`: the
    folder of their masks, "" unless every picture has one, because trainers that take masks stop at one too few;
    `controls`: the same of their originals."""

    path: str
    label: str
    repeats: int
    masks: str
    controls: str

    @property
    def masked(self) -> bool:
        return bool(self.masks)


def folders_of(entries: Sequence[Entry]) -> list[Folder]:
    """In the order of their first pictures."""
    inside: dict[str, list[Entry]] = {}
    for entry in entries:
        inside.setdefault(entry.file.rpartition("/")[0], []).append(entry)
    return [_folder(path, held) for path, held in inside.items()]


def _folder(path: str, held: Sequence[Entry]) -> Folder:
    masks = held[0].mask.rpartition("/")[0] if all(entry.mask for entry in held) else ""
    controls = held[0].control.rpartition("/")[0] if all(entry.control for entry in held) else ""
    return Folder(path, held[0].subset, held[-1].repeats, masks, controls)


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
