"""Groups in memory written as a folder that `read_manifest` reads back."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from operator import length_hint
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from ...devicenames import is_device
from ...errors import TroupeError
from ...geometry import Size
from ...picturefiles import write_atomically, write_png
from ...pixels import to_pillow
from ...progress import Progress, silent
from ...samples.walking import printable
from .group import CompositeGroup, GroupFault, GroupPixels, GroupSet
from .manifestfiles import NAMES, unusable
from .manifestpictures import FAINTEST, box_outside
from .manifestrows import entry_of
from .manifestvalues import LONGEST_LINE

PARTS = ("foreground", "background", "composite")
LONGEST = 120  # bytes; with the part's name far below the 255 that file systems allow


class NamedGroup(NamedTuple):
    """A group that is to be written, and what is known of it."""

    id: str
    pixels: GroupPixels
    category: str = ""
    scene: str = ""
    position_only: bool = False


def write_groups(folder: Path, groups: Iterable[NamedGroup], progress: Progress = silent) -> GroupSet:
    """Write 8-bit PNG pictures one group after the other, then the list; what is returned reads back equal.

    Ids become file names, changed where they must be. Groups that `read_manifest` would not take are faults.
    The list comes last, so a folder that was interrupted holds pictures and no groups. Raises `TroupeError` for
    a folder that has a list already, for a full disk, and when there is nothing to write.
    """
    folder = Path(folder)
    _require_new(folder)
    written, faults, taken = [], [], set()
    total = length_hint(groups)
    for done, group in enumerate(groups):
        progress(done, max(total, done + 1), group.id)
        if reason := _unfit(group.pixels):
            faults.append(GroupFault(group.id, reason))
            continue
        written.append(_write_pictures(folder, group, file_name(group.id, taken)))
    if not written:
        raise unusable("There is no composite group to write", folder, faults)
    text = json.dumps({"groups": [entry_of(g, folder) for g in written]}, ensure_ascii=False, indent=1)
    _write(folder / NAMES[0], lambda file: file.write(text.encode()))
    return GroupSet(tuple(written), tuple(faults), folder)


def file_name(text: str, taken: set[str]) -> str:
    """`text` as part of a file's name on any system, unlike all in `taken`, which learns it."""
    text = unicodedata.normalize("NFC", printable(text))
    text = re.sub(r'[<>:"/\\|?*]+', "_", "".join(c if unicodedata.category(c)[0] != "C" else "_" for c in text))
    text = _cut(text.strip(" .")) or "group"
    text = f"_{text}" if is_device(text) else text
    name, n = text, 1
    while name.casefold() in taken:  # Windows and macOS do not tell `Cup` from `cup`
        n += 1
        name = f"{text}-{n}"
    taken.add(name.casefold())
    return name


def _cut(text: str) -> str:
    return text.encode()[:LONGEST].decode(errors="ignore").rstrip(" .")


def _write_pictures(folder: Path, group: NamedGroup, name: str) -> CompositeGroup:
    files = {part: folder / f"{name}_{part}.png" for part in PARTS}
    for part, path in files.items():
        picture = to_pillow(getattr(group.pixels, part))
        _write(path, lambda file, picture=picture: write_png(picture, file))
    said = {"category": _line(group.category), "scene": _line(group.scene), "position_only": group.position_only}
    return CompositeGroup(name, box=group.pixels.box, **files, **said)


def _line(text: str) -> str:
    """As the list can hold it: one line, not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in printable(text)).split())[:LONGEST_LINE].strip()


def _unfit(pixels: GroupPixels) -> str:
    """Why `read_manifest` would not take this group, or an empty text."""
    for part, channels in zip(PARTS, (4, 3, 3), strict=True):
        if reason := _unlike_a_picture(getattr(pixels, part), channels):
            return f"the {part} {reason}"
    if pixels.composite.shape != pixels.background.shape:
        return "background and composite differ in size"
    if pixels.foreground[..., 3].max() * 255 < FAINTEST:
        return "the foreground is transparent all over"
    if min(pixels.box.size) < 1:
        return "the box is empty"
    return box_outside(pixels.box, Size(pixels.background.shape[1], pixels.background.shape[0]))


def _unlike_a_picture(values: Tensor, channels: int) -> str:
    if values.ndim != 3 or values.shape[-1] != channels or not values.numel():
        return f"must be (height, width, {channels}), not {tuple(values.shape)}"
    return "" if values.isfinite().all() else "has values that are no numbers (NaN or infinite)"


def _require_new(folder: Path) -> None:
    if any((folder / name).exists() for name in NAMES):
        raise TroupeError(
            "This folder has composite groups already", item=str(folder), remedy="Choose another folder or move them."
        )


def _write(path: Path, write) -> None:
    try:
        write_atomically(path, write)
    except OSError as error:
        raise TroupeError(
            "The composite groups cannot be written",
            item=str(path.parent),
            remedy=f"{error.strerror or error}. Free disk space or choose another folder.",
        ) from error
