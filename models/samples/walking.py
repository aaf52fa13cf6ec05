"""Every file below a folder, in an order that no file system decides, and never one outside of it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .sample import Rejection

# Folders that archive and backup programs leave behind hold thumbnails, not pictures.
LITTER = frozenset(("__macosx", "@eadir", "$recycle.bin"))


class Found(NamedTuple):
    """A file, by its path below the root with `/` between the parts."""

    relative: str
    size: int
    mtime_ns: int


def files_below(root: Path) -> tuple[list[Found], list[Rejection]]:
    """Files in natural order, and what is not read: links that lead out, folders that do not open.

    Hidden files and folders do not count. Folder links are never followed: what they show is either
    read under its own name already, or lies outside.
    """
    found, left_out = [], []
    for entry in _walk(root):
        (found if isinstance(entry, Found) else left_out).append(entry)
    return sorted(found, key=lambda f: natural(f.relative)), sorted(left_out, key=lambda r: natural(r.path))


def natural(path: str) -> tuple:
    """A sort key: folder by folder, numbers by value, case aside; the bare text decides between equals."""
    stem, suffix = os.path.splitext(unicodedata.normalize("NFC", path))
    return [[_piece(p) for p in re.split("([0-9]+)", part) if p] for part in (*stem.split("/"), suffix)], path


def _piece(text: str) -> tuple[int, int, str]:
    return (0, int(text), "") if text[0] in "0123456789" else (1, 0, text.casefold())


def stem_of(relative: str) -> str:
    """The path without its last suffix."""
    return os.path.splitext(relative)[0]


def suffix_of(relative: str) -> str:
    return os.path.splitext(relative)[1].lower()


def printable(name: str) -> str:
    """Names that are no UTF-8 reach Python with half characters in them, which no file format can hold."""
    return name.encode("utf-8", "replace").decode("utf-8")


def refused(root: Path, relative: str, reason: str) -> Rejection:
    """A file or folder that is not read, by its path below `root`."""
    name = printable(relative)
    return Rejection(unicodedata.normalize("NFC", stem_of(name)), "load", reason, str(root / name))


def _walk(root: Path) -> Iterator[Found | Rejection]:
    """The folders to come are kept on a list: a tree may be deeper than Python's stack."""
    real_root = os.path.realpath(root)
    pending = [("", real_root)]
    while pending:
        prefix, real = pending.pop()
        try:
            entries = list(os.scandir(root / prefix))
        except OSError as error:
            yield refused(root, prefix or ".", f"the folder cannot be opened ({error.strerror or error})")
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name.casefold() in LITTER:
                continue
            relative = f"{prefix}/{entry.name}" if prefix else entry.name
            below = os.path.join(real, entry.name)
            if entry.is_symlink():
                yield from _link(root, real_root, relative, entry.path)
            elif entry.is_dir(follow_symlinks=False):
                if os.path.realpath(entry.path) == below:
                    pending.append((relative, below))
                else:  # a Windows junction: a link that does not say so
                    yield from _link(root, real_root, relative, entry.path)
            elif entry.is_file(follow_symlinks=False):  # no pipe: opening one would wait for ever
                yield _file(relative, entry.path)


def _link(root: Path, real_root: str, relative: str, path: str) -> Iterator[Found | Rejection]:
    if not _inside(real_root, path):
        yield refused(root, relative, "a link that leads out of the folder is not followed")
    elif os.path.isfile(path):
        yield _file(relative, path)
    elif not os.path.isdir(path):
        yield refused(root, relative, "a link to a file that is not there")


def _file(relative: str, path: str) -> Found:
    try:
        stat = os.stat(path)
    except OSError:
        return Found(relative, 0, 0)  # gone again: reading it will say so
    return Found(relative, stat.st_size, stat.st_mtime_ns)


def _inside(real_root: str, path: str) -> bool:
    try:
        return os.path.commonpath([real_root, os.path.realpath(path)]) == real_root
    except ValueError:  # another drive
        return False
