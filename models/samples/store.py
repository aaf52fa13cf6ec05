"""Pictures that a stage made, kept by what they were made from, so that nothing finished is made twice."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from ..errors import BadDisk
from ..picturefiles import DAY, WRITING, age_of, file_digest, write_atomically

MARK = "identity.txt"
SPARED = DAY
HOUR = 3600
DEFAULT_LIMIT = 20 * 1024**3  # about 10,000 restyled 1024 x 1024 PNG pictures


def store_key(*parts: object) -> str:
    """SHA-256 over `parts` (JSON values) in order: equal work has an equal key, on every machine."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Store:
    """A content-addressed folder of files. Safe to delete at any time, safe for several writers at once."""

    def __init__(self, root: str | os.PathLike, limit: int = DEFAULT_LIMIT) -> None:
        self.root, self.limit = Path(root), limit

    def identity(self) -> str:
        """A text that changes when files were deleted: whoever remembers their paths must make them again."""
        mark = self.root / MARK
        try:
            return mark.read_text(encoding="ascii")
        except OSError:
            name = uuid.uuid4().hex.encode()
            self._write(mark, lambda file: file.write(name))
            return mark.read_text(encoding="ascii")

    def path(self, key: str, suffix: str) -> Path:
        return self.root / key[:2] / f"{key}{suffix}"

    def find(self, key: str, suffix: str) -> Path | None:
        """The finished file, marked as recently used, or None."""
        path = self.path(key, suffix)
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def put(self, key: str, suffix: str, write: Callable[[IO[bytes]], None]) -> Path:
        """Let `write` fill the file; it appears under its name only when it is whole."""
        path = self.path(key, suffix)
        self._write(path, write)
        return path

    def digest(self, key: str, suffix: str) -> str:
        """SHA-256 of a file that was just put or found."""
        try:
            return file_digest(self.path(key, suffix))
        except OSError as error:
            raise BadDisk(
                "A picture vanished from the store while it was in use",
                item=str(self.root),
                remedy="Close programs that clear this folder, and run again.",
            ) from error

    def _write(self, path: Path, write: Callable[[IO[bytes]], None]) -> None:
        try:
            write_atomically(path, write)
        except OSError as error:
            raise BadDisk(
                "The store of made pictures cannot be written",
                item=str(self.root),
                remedy=f"{error.strerror or error}. Free disk space or choose another folder; the finished is kept.",
            ) from error

    def trim(self) -> int:
        """Delete the least recently used files until the limit holds; returns the bytes freed.

        What was made or used within the last day stays whatever the limit, because it may still be on a
        wire. Left-over temporary files of killed runs go once they are a day old.
        """
        files, total = [], 0
        for path in self.root.glob("??/*"):
            with suppress(OSError):  # somebody else deleted it
                age, size = age_of(path), path.stat().st_size
                if path.name.startswith(WRITING) and age > SPARED:
                    path.unlink()
                    continue
                files.append((age, size, path))
                total += size
        freed = 0
        for age, size, path in sorted(files, reverse=True):
            if total - freed <= self.limit or age < SPARED:
                break
            with suppress(OSError):
                path.unlink()
                freed += size
        if freed:
            (self.root / MARK).unlink(missing_ok=True)
        return freed

    def tidy(self) -> None:
        """`trim`, at most once an hour: it looks at every file."""
        mark = self.root / "trimmed.txt"
        with suppress(OSError):
            if age_of(mark) < HOUR:
                return
        with suppress(OSError):  # whoever puts something into it will say so
            self.root.mkdir(parents=True, exist_ok=True)
            mark.touch()
        self.trim()
