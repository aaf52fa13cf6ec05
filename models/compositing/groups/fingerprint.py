"""Whether a folder of composite groups has changed since it was read, without opening a picture."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ...samples.walking import files_below


def manifest_fingerprint(path: str | os.PathLike) -> str:
    """SHA-256 over path, size and time of every file beside and below the list; "missing" where there is none.

    `path` as for `read_manifest`: a list, or a folder.
    """
    path = Path(path)
    folder = path.parent if path.is_file() else path
    if not folder.is_dir():
        return "missing"
    found, _ = files_below(folder)
    text = "\n".join(f"{file.relative}\0{file.size}\0{file.mtime_ns}" for file in found)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
