"""Text without the places on a disk that it names: a data set travels, and folders tell who made it."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

# The folders of an absolute path inside a sentence. Their names may have blanks behind a drive or a server; elsewhere a
# slash begins them that no word or dot stands before, and names with blanks have no dot. Of "/x to 3/4" only the 4 is
# left: better a word too few than the name of a folder too many.
WINDOWS = r"""(?:\b[A-Za-z]:[\\/]|\\\\)(?:[^\\/"',;:*?<>|\n]+[\\/])+"""
OTHERS = r"""(?<![\w./\\-])(?:file:/+)?[\\/](?:[^\s\\/"',;]+[\\/])+(?:[^\\/"',;:.\n]+[\\/])*"""
FOLDERS = re.compile(f"{WINDOWS}|{OTHERS}")


def without_places(text: str) -> str:
    """`text`, plain or JSON, with absolute paths cut to their last name: where files lie is nobody's business."""
    try:
        return json.dumps(_cut_places(json.loads(text)), ensure_ascii=False)
    except (ValueError, RecursionError):  # plain text, and brackets without end
        return _cut_places(text)


def _cut_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cut_places(v) for name, v in value.items()}
    if isinstance(value, list):
        return [_cut_places(v) for v in value]
    if not isinstance(value, str):
        return value
    if PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute():
        return last_name(value)
    return FOLDERS.sub("", value)


def last_name(path: str) -> str:
    """The file's own name, whichever system the path is from."""
    return PureWindowsPath(path).name
