"""Whether a data set holds already what a plan would write, so that running twice does not write twice."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from ..errors import TroupeError
from .catalogue import find_format
from .entry import Entry
from .manifest import Manifest
from .openmanifest import open_manifest
from .planned import Plan, PlannedPicture
from .settings import WriteSettings
from .staging import place_of

# Where it lies and how it got there are no part of what it holds.
BESIDE = ("name", "mode")


def same_set(root: Path, plan: Plan) -> tuple[Path, Manifest] | None:
    """The folder `name`, `name_2`, ... below `root` that `plan` would only write again, and its manifest."""
    n = 1
    while os.path.lexists(folder := root / (plan.name if n == 1 else f"{plan.name}_{n}")):
        try:
            manifest = open_manifest(place_of(root, folder.name))
            if _holds(folder, manifest, plan):
                return folder, manifest
        except TroupeError:
            pass  # somebody else's folder
        n += 1
    return None


def _holds(folder: Path, manifest: Manifest, plan: Plan) -> bool:
    settings, usual = dataclasses.asdict(plan.settings), dataclasses.asdict(WriteSettings(plan.name))
    was = usual | dict(manifest.settings)  # a set of an earlier version does not name what came later
    if any(was[name] != value for name, value in settings.items() if name not in BESIDE):
        return False
    if len(manifest.entries) != len(plan.pictures):
        return False
    there = _there(folder, plan)
    return all(_is(*pair, there) for pair in zip(manifest.entries, plan.pictures, strict=True))


def _there(folder: Path, plan: Plan) -> Callable[[str], bool]:
    """Whether the data set has a file."""
    packing = find_format(plan.settings.format).packing
    if packing:
        return packing.contents(folder).__contains__
    return lambda file: (folder / file).is_file()


def _is(entry: Entry, picture: PlannedPicture, there: Callable[[str], bool]) -> bool:
    return (
        entry.file == picture.files.picture
        and entry.mask == picture.files.mask
        and entry.control == picture.files.control
        and entry.made_from.sha256 == picture.sample.image.digest
        and (not picture.control or entry.restyled_from.sha256 == picture.control.original.image.digest)
        and entry.caption == picture.caption.text
        and all(map(there, filter(None, picture.files)))
    )
