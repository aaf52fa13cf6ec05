"""What lies in a folder, so that two runs can be held against each other file by file."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

# What the pack calls files and folders that are not finished.
UNFINISHED = (".writing-", ".troupe-staging-", ".making-", ".troupe-shard-")
TWO_DAYS = 2 * 86_400


def contents(folder: Path) -> dict[str, str]:
    """Every file below `folder`, as path -> SHA-256, without what is not finished."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not _unfinished(file, folder)
    }


def unfinished(folder: Path) -> list[str]:
    """Files and folders that a run left in the middle."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.name.startswith(UNFINISHED))


def aged(folder: Path, seconds: float = TWO_DAYS) -> None:
    """Everything in it becomes so much older (or younger, below 0), as if that time had passed."""
    then = time.time() - seconds
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (then, then), follow_symlinks=False)


def difference(found: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """What differs, in a few words; an empty text where nothing does."""
    told = [f"{name} is missing" for name in wanted if name not in found]
    told += [f"{name} is too much" for name in found if name not in wanted]
    told += [f"{name} differs" for name in wanted if name in found and found[name] != wanted[name]]
    return "; ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")


def _unfinished(file: Path, folder: Path) -> bool:
    return any(part.startswith(UNFINISHED) for part in file.relative_to(folder).parts)
