"""A folder of its own for a made set: fresh, whole or not there at all, and found again by what it was made from."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ...errors import BadDisk, TroupeError
from ...picturefiles import DAY, ROOM, age_of, umask, write_atomically
from .group import GroupFault, GroupSet
from .manifest import read_manifest
from .manifestfiles import NAMES
from .manifestrows import files_of
from .writing import file_name

STORY, MAKING = "made.json", ".making-"
# Name below its root -> the folder last returned for it, and how often that was found missing. The host remembers
# which nodes are up to date for as long as its process lives, and so does this.
_returned: dict[tuple[Path, str], tuple[Path | None, int]] = {}


def set_name(text: str) -> str:
    """`text` as the name of one folder; raises `TroupeError` for a path and for a name with nothing in it."""
    if re.search(r"[\\/]|^[A-Za-z]:|^\s*\.+\s*$", text):
        raise TroupeError("The name is a path", item=repr(text), remedy='Write a name alone, such as "kitchen".')
    if not text.strip(" ."):
        raise TroupeError("The set needs a name", item=repr(text), remedy="Write letters or digits.")
    return file_name(text, set())


def clear_leftovers(root: Path) -> None:
    """Away with what killed runs left a day ago."""
    for left in root.glob(f"{MAKING}*"):
        with suppress(OSError):  # somebody else was quicker
            if age_of(left) > DAY:
                shutil.rmtree(left)


def same_set(root: Path, name: str, made_from: str) -> GroupSet | None:
    """The set in `name`, `name_2`, ... below `root` that was made from the very same, if it is still whole."""
    for folder in _folders(root, name):
        if not folder.exists():
            return None
        if folder.is_symlink():  # made elsewhere, by somebody else
            continue
        try:
            story = json.loads((folder / STORY).read_text(encoding="utf-8"))
            found = read_manifest(folder) if story["made_from"] == made_from else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError, TroupeError):
            continue  # somebody else's folder, or one that has lost files
        if found and not found.faults:
            return _returning(root, name, replace(found, faults=tuple(GroupFault(**f) for f in story["faults"])))
    return None


def publish(
    root: Path, name: str, made_from: str, write: Callable[[Path], GroupSet], faults: Sequence[GroupFault]
) -> GroupSet:
    """Let `write` fill a folder, which then becomes `name`, or `name_2`, ... when that is taken.

    `faults` may still grow while it is written.
    """
    staging = _staging(root)
    try:
        written = write(staging)
        _require_there(written)
        written = replace(written, faults=(*faults, *written.faults))
        story = {"made_from": made_from, "faults": [vars(fault) for fault in written.faults]}
        text = json.dumps(story, ensure_ascii=False, indent=1).encode()
        write_atomically(staging / STORY, lambda file: file.write(text))
        os.chmod(staging, 0o777 & ~umask())
        return _returning(root, name, _moved(written, _renamed(staging, root, name)))
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def set_fingerprint(root: Path, name: str) -> str:
    """Another text each time the set last made as `name` is found deleted, and the same one otherwise."""
    try:
        key = root.resolve(), set_name(name)
    except TroupeError:
        return "0"
    folder, times = _returned.get(key, (None, 0))
    if folder and not any((folder / list_).is_file() for list_ in NAMES):
        times += 1
        _returned[key] = None, times
    return str(times)


def _staging(root: Path) -> Path:
    """An empty folder below `root`."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=MAKING, dir=root))
    except OSError as error:
        raise BadDisk(
            "The composite groups cannot be written", item=str(root), remedy=f"{error.strerror or error}. {ROOM}"
        ) from error


def _require_there(written: GroupSet) -> None:
    """Somebody who deletes the target while it is written deletes these, and what is left is no set."""
    lost = [path.name for group in written.groups for path in files_of(group).values() if not path.is_file()]
    if lost:
        raise BadDisk(
            f"{len(lost)} files vanished while the composite groups were written",
            item=lost[0],
            remedy="Close programs that clear the output folder, and run again.",
        )


def _folders(root: Path, name: str):
    yield root / name
    number = 2
    while True:
        yield root / f"{name}_{number}"
        number += 1


def _renamed(staging: Path, root: Path, name: str) -> Path:
    for target in _folders(root, name):
        if not os.path.lexists(target):
            try:
                return staging.rename(target)
            except FileExistsError:  # another run was quicker
                continue
    raise AssertionError("there is always another number")


def _moved(written: GroupSet, target: Path) -> GroupSet:
    groups = tuple(
        replace(group, **{part: target / path.name for part, path in files_of(group).items()})
        for group in written.groups
    )
    return replace(written, groups=groups, root=target)


def _returning(root: Path, name: str, made: GroupSet) -> GroupSet:
    _, times = _returned.get((root.resolve(), name), (None, 0))
    _returned[root.resolve(), name] = made.root, times
    return made
