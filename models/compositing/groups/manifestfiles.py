"""The lists of groups in a folder, opened and cut into entries; nothing in an entry is believed yet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ...errors import TroupeError
from ...samples.sidecars import BadText, parse_json, read_text
from ...samples.walking import natural
from .group import GroupFault
from .manifestrows import Entry

NAMES = ("groups.json", "groups.jsonl")
LARGEST = 64 << 20  # bytes; some hundred thousand groups
MOST_GROUPS = 1_000_000
LISTED = 20
REMEDY = "Correct the list and its pictures; the format is described in the README."


class Scene(NamedTuple):
    """One list. `name`: its folder's where several lists are read together, else empty. `faults`: broken lines."""

    name: str
    entries: tuple[Entry, ...]
    faults: tuple[GroupFault, ...] = ()


def list_files(path: Path) -> tuple[list[Path], list[GroupFault]]:
    """`path` itself, the list in it, or those in its sub-folders in natural order; and what was passed over.

    Raises `TroupeError` where there is none.
    """
    if path.is_file():
        return [path], []
    try:
        if own := _list_in(path):
            return [own], []
        folders = sorted((p for p in path.iterdir() if not p.name.startswith(".")), key=lambda p: natural(p.name))
        found = {folder: file for folder in folders if (file := _list_in(folder))}
    except OSError as error:
        raise TroupeError("This folder cannot be read", item=str(path), remedy=f"{error.strerror or error}.") from error
    linked = [folder for folder in found if folder.is_symlink()]
    if len(found) == len(linked):
        raise TroupeError(
            "No list of composite groups",
            item=str(path),
            remedy="Put a groups.json into it, or into each of its sub-folders; the README has an example.",
        )
    faults = [GroupFault(folder.name, "is a link to another folder; links are not followed") for folder in linked]
    return [file for folder, file in found.items() if folder not in linked], faults


def read_scenes(files: Sequence[Path], *, several: bool) -> list[Scene]:
    """Raises `TroupeError` that names every list that is broken as a whole."""
    scenes, broken = [], []
    for file in files:
        name = file.parent.name if several else ""
        try:
            scenes.append(_scene(file, name))
        except BadText as bad:
            broken.append(GroupFault(f"{name}/{file.name}" if several else file.name, str(bad)))
    if broken:
        folder = files[0].parent
        raise unusable("The list of composite groups cannot be read", folder.parent if several else folder, broken)
    return scenes


def unusable(what: str, path: Path, faults: Sequence[GroupFault]) -> TroupeError:
    """The first faults, one a line, and how many more there are."""
    lines = [f"- {fault.id}: {fault.reason}" for fault in faults[:LISTED]]
    lines += [f"and {len(faults) - LISTED} more"] if len(faults) > LISTED else []
    return TroupeError(what, item="\n".join((str(path), *(lines or ["the list is empty"]))), remedy=REMEDY)


def _list_in(folder: Path) -> Path | None:
    found = [folder / name for name in NAMES if os.path.isfile(folder / name)]
    if len(found) > 1:
        raise TroupeError("Two lists in one folder", item=str(folder), remedy=f"Keep {' or '.join(NAMES)}.")
    return found[0] if found else None


def _scene(file: Path, name: str) -> Scene:
    """Raises `BadText`. A broken line of `.jsonl` costs this line only."""
    text = read_text(file, LARGEST)
    if file.suffix.lower() == ".jsonl":
        return _scene_of_lines(text, file.parent, name)
    data = parse_json(text)
    if not isinstance(data, dict) or not isinstance(data.get("groups"), list):
        raise BadText('it is no object with a list of "groups"')
    return Scene(name, _entries(data["groups"], file.parent, data.get("scene") or name))


def _scene_of_lines(text: str, folder: Path, name: str) -> Scene:
    values, faults = [], []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            values += [parse_json(line)] if line.strip() else []
        except BadText as bad:
            faults.append(GroupFault(f"line {number}", str(bad).replace(" (line 1: ", " (")))
    return Scene(name, _entries(values, folder, name), tuple(faults))


def _entries(values: Iterable[object], folder: Path, scene: object) -> tuple[Entry, ...]:
    entries = tuple(Entry(number, value, folder, scene) for number, value in enumerate(values, 1))
    if len(entries) > MOST_GROUPS:
        raise BadText(f"it holds more than {MOST_GROUPS} groups")
    return entries
