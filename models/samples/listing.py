"""Which files of a folder are pictures, and which masks and texts belong to them; nothing is opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import TroupeError
from .sample import Rejection
from .walking import Found, files_below, printable, refused, stem_of, suffix_of

PICTURE_SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif", ".avif")
)
# kohya's trainers read `.caption` unless told otherwise, all others `.txt`.
TEXT_SUFFIXES = (".json", ".txt", ".caption")
TABLE_NAMES = ("metadata.jsonl", "metadata.json")


@dataclass(frozen=True)
class Listing:
    """Paths are below `root`, with `/` between the parts.

    `masks`: a picture's path without suffix -> its mask. `texts`: the same with the text's suffix in
    lower case -> the text. `left_out`: links that lead out, folders that do not open.
    `seen`: how many files lie there, whatever they are.
    """

    root: Path
    pictures: tuple[str, ...]
    masks: dict[str, str]
    texts: dict[str, str]
    tables: tuple[str, ...]
    left_out: tuple[Rejection, ...]
    seen: int
    fingerprint: str


def find_pictures(folder: str | os.PathLike) -> tuple[Path, ...]:
    """The picture files below `folder`, `img2` before `img10`, without masks, hidden files and links out."""
    listing = list_folder(folder)
    return tuple(listing.root / p for p in listing.pictures)


def folder_fingerprint(folder: str | os.PathLike) -> str:
    """SHA-256 over path, size and time of every file that reading would open; "missing" for no folder."""
    return list_folder(folder).fingerprint if os.path.isdir(folder) else "missing"


def list_folder(folder: str | os.PathLike) -> Listing:
    """Look at every name below `folder`. Raises `TroupeError` where there is no such folder."""
    root = Path(os.path.abspath(folder))
    if not root.is_dir():
        what = "This is a file, not a folder" if root.exists() else "There is no such folder"
        raise TroupeError(what, item=str(folder), remedy="Choose the folder that holds the pictures.")
    found, left_out = files_below(root)
    names = [f.relative for f in found]
    images = [n for n in names if suffix_of(n) in PICTURE_SUFFIXES]
    left_out += [refused(root, i, "its name is not readable text; rename it") for i in images if printable(i) != i]
    pictures, masks = _told_apart([i for i in images if printable(i) == i])
    texts = _texts_of(pictures, names)
    tables = tuple(n for n in names if os.path.basename(n) in TABLE_NAMES)
    used = {*pictures, *masks.values(), *texts.values(), *tables}
    stamp = _fingerprint(f for f in found if f.relative in used)
    return Listing(root, tuple(pictures), masks, texts, tables, tuple(left_out), len(found), stamp)


def _told_apart(images: list[str]) -> tuple[list[str], dict[str, str]]:
    """Pictures, and the masks among them by the picture (path without suffix) that each belongs to."""
    stems = {stem_of(i) for i in images}
    folders = {os.path.dirname(i) for i in images}
    pictures, masks = [], {}
    for image in images:
        owner = _mask_owner(stem_of(image), stems, folders)
        if owner is None:
            pictures.append(image)
        else:
            masks.setdefault(owner, image)
    return pictures, masks


def _mask_owner(stem: str, stems: set[str], folders: set[str]) -> str | None:
    """Whose mask this is: `a.mask`, `a-masklabel` (OneTrainer), `a_mask` beside an `a`, `masks/a` beside pictures."""
    for ending in (".mask", "-masklabel"):
        if stem.endswith(ending):
            return stem.removesuffix(ending)
    if stem.endswith("_mask") and stem.removesuffix("_mask") in stems:
        return stem.removesuffix("_mask")
    folder, name = os.path.split(stem)
    beside, own = os.path.split(folder)
    if own == "masks" and beside in folders:
        return f"{beside}/{name}" if beside else name
    return None


def _texts_of(pictures: list[str], names: list[str]) -> dict[str, str]:
    stems = {stem_of(p) for p in pictures}
    texts: dict[str, str] = {}
    for name in names:
        if suffix_of(name) in TEXT_SUFFIXES and stem_of(name) in stems:
            texts.setdefault(stem_of(name) + suffix_of(name), name)
    return texts


def _fingerprint(files: Iterable[Found]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.size} {file.mtime_ns} ".encode() + os.fsencode(file.relative) + b"\0")
    return digest.hexdigest()
