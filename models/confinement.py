"""Where a typed path leads, told by its words alone, so that no disk and no other machine is asked."""

from __future__ import annotations

import os
from types import ModuleType


def stays_below(root: str | os.PathLike, typed: str, system: ModuleType = os.path) -> bool:
    """`typed`: as somebody writes it in `root`, or a full path. `system`: posixpath or ntpath, whose rules count.

    Links are not looked at: whoever opens the path asks again with what `os.path.realpath` makes of it.
    """
    home, whole = (system.normcase(system.normpath(path)) for path in (root, system.join(root, typed)))
    try:
        return system.commonpath((home, whole)) == home
    except ValueError:  # another drive, or another machine
        return False
