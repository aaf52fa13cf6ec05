"""Whether a data set that this process wrote has been deleted since, so that it is written again."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import TroupeError
from .manifest import FILE
from .naming import data_set_name

# Name below its root -> what was last written under it, and how often that was found missing. The host remembers
# which nodes are up to date for as long as its process lives, and so does this.
_written: dict[tuple[Path, str], tuple[Path | None, int]] = {}


def note_written(root: Path, name: str, folder: Path) -> None:
    _, times = _written.get((root, name), (None, 0))
    _written[root, name] = folder, times


def target_fingerprint(root: str | os.PathLike, name: str) -> str:
    """Another text each time the data set last written as `name` is found deleted, and the same one otherwise.

    The writing itself must not change it: in the mode "new" an unchanged workflow that is run twice would
    write twice.
    """
    try:
        key = Path(root).resolve(), data_set_name(name)
    except TroupeError:
        return "0"
    folder, times = _written.get(key, (None, 0))
    if folder and not (folder / FILE).is_file():
        times += 1
        _written[key] = None, times
    return str(times)
