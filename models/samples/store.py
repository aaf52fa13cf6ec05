"""Pictures that a stage made, kept by what they were made from, so that nothing finished is made twice."""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ..errors import TroupeError
from ..picturefiles import write_atomically

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
        """A text that changes when the store was deleted: whoever remembers its paths must make them again."""
        mark = self.root / "identity.txt"
        try:
            return mark.read_text(encoding="ascii")
        except OSError:
            name = uuid.uuid4().hex.encode()
            write_atomically(mark, lambda file: file.write(name))
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
        try:
            write_atomically(path, write)
        except OSError as error:
            raise TroupeError(
                "The store of made pictures cannot be written",
                item=str(self.root),
                remedy=f"{error.strerror or error}. Free disk space or choose another folder; the finished is kept.",
            ) from error
        return path

    def trim(self, keep: frozenset[Path] = frozenset()) -> int:
        """Delete the least recently used files until the limit holds; returns the bytes freed.

        `keep` names files that must stay (what the caller is about to hand on). Left-over temporary
        files of killed runs go too, once they are a day old.
        """
        files, total = [], 0
        for path in self.root.glob("??/*"):
            stat = path.stat()
            if path.name.startswith(".writing-") and stat.st_mtime < time.time() - 86_400:
                path.unlink(missing_ok=True)
                continue
            files.append((stat.st_mtime_ns, stat.st_size, path))
            total += stat.st_size
        freed = 0
        for _, size, path in sorted(files):
            if total - freed <= self.limit:
                break
            if path not in keep:
                path.unlink(missing_ok=True)
                freed += size
        return freed
