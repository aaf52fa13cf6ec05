"""A data set's manifest without holding its pictures: as it was written, each has lines of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ..rereading import Reread
from .entry import Entry, entry_from_json
from .manifest import FILE, Manifest, manifest_of, read_manifest, readable

# What `jsontext` puts before, between and behind the pictures.
BEGIN, LAST, END = b' "pictures": [', (b"  }", b"  },"), (b" ]", b" ],")
LONGEST = 64 << 20  # bytes of what stands before the pictures, or of one of them


class _Pictures(Reread[Entry]):
    """Read anew each time. Raises `TroupeError` where it comes to something else."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._count = folder, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        found = 0
        with readable(self._folder), open(self._folder / FILE, "rb") as file:
            _head(file)
            while True:
                block = _until(file, (*LAST, *END))
                if block.rstrip() in END:
                    break
                yield entry_from_json(_parsed(block))
                found += 1
            if found != self._count:
                raise ValueError(f"{found} pictures, and not {self._count}")


def open_manifest(folder: Path) -> Manifest:
    """`read_manifest`, with entries that are read one by one as they are gone through, unless somebody has laid the
    file out anew."""
    try:
        with open(folder / FILE, "rb") as file:
            head = _head(file)
        count = head["counts"]["pictures"]
        return manifest_of(head, _Pictures(folder, int(count)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return read_manifest(folder)


def _head(file: IO[bytes]) -> dict[str, Any]:
    """What stands before the pictures."""
    return _parsed(_until(file, (BEGIN,)).removesuffix(b"\n").removesuffix(BEGIN), b"}")


def _until(file: IO[bytes], ends: tuple[bytes, ...]) -> bytes:
    """The lines up to one of `ends`, with it."""
    lines, size = [], 0
    while line := file.readline(LONGEST):
        lines.append(line)
        size += len(line)
        if line.rstrip() in ends:
            return b"".join(lines)
        if size > LONGEST:
            break
    raise ValueError("laid out otherwise")


def _parsed(text: bytes, more: bytes = b"") -> Any:
    return json.loads(text.rstrip().removesuffix(b",") + more)
