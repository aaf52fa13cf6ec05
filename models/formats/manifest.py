"""What a written data set says about itself: every picture, where it is from, and with which settings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import TroupeError
from ..samples.sample import Rejection
from ..samples.sidecars import BadText, parse_json, read_text
from .discretion import without_places
from .entries import Entries
from .entry import Entry, entry_from_json, entry_to_json
from .jsontext import json_object
from .settings import WriteSettings

FORMAT = 1
FILE = "manifest.json"
LARGEST = 512 << 20  # with 3 kB a picture


class Manifest(NamedTuple):
    """What is read back of a data set: enough to add to it and to keep what people changed in it."""

    format: str
    entries: Collection[Entry]
    settings: Mapping[str, object]


@lru_cache(maxsize=1)
def troupe_version() -> str:
    """From the pack's own pyproject.toml, which is beside `models/` wherever the pack is installed."""
    try:
        text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    found = re.search(r'^version = "(.+)"', text, re.MULTILINE)
    return found[1] if found else "unknown"


def manifest_parts(
    entries: Entries, rejected: Sequence[Rejection], settings: WriteSettings, note: str, now: datetime
) -> Iterator[str]:
    """JSON with neither an absolute path nor a user's name in it, piece by piece."""
    data = {
        "troupe_dataset": FORMAT,
        "troupe_version": troupe_version(),
        "created": now.isoformat(timespec="seconds"),
        "format": settings.format,
        "trigger_is_in": "the captions",
        "licence_note": settings.licence_note,
        "note": without_places(note),
        "settings": dataclasses.asdict(settings),
        "counts": {
            "pictures": len(entries),
            "captions": entries.summary.captions,
            "masks": entries.summary.masks,
            "rejected": len(rejected),
        },
        "subsets": _subsets(entries),
        "pictures": map(entry_to_json, entries),
        "rejected": map(_rejected, rejected),
    }
    return chain(json_object(data.items()), "\n")


def read_manifest(folder: Path) -> Manifest:
    """Raises `TroupeError` for a folder that is no data set of ours, or one of another version."""
    with readable(folder):
        data = parse_json(read_text(folder / FILE, LARGEST))
        return manifest_of(data, tuple(map(entry_from_json, data["pictures"])))


def manifest_of(data: Mapping[str, Any], entries: Collection[Entry]) -> Manifest:
    """Raises ValueError, KeyError, TypeError or AttributeError for anything else, as `readable` expects it."""
    if data["troupe_dataset"] != FORMAT:
        raise ValueError(f"format {data['troupe_dataset']!r}")
    if not isinstance(data["format"], str) or not isinstance(data["settings"], dict):
        raise TypeError("format or settings")
    return Manifest(data["format"], entries, data["settings"])


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Whatever is wrong with a manifest, in words for the folder's owner."""
    try:
        yield
    except (BadText, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f" ({FILE}: {error})" if isinstance(error, BadText) else ""
        raise TroupeError(
            f"This folder is no data set that this version of Troupe can read, so it is left alone{why}",
            item=folder.name,
            remedy='Choose another name, or the mode "new".',
        ) from error


def _subsets(entries: Entries) -> list[dict[str, str | int | bool]]:
    return [{**kind._asdict(), "pictures": count} for kind, count in entries.summary.kinds.items()]


def _rejected(rejection: Rejection) -> dict[str, str]:
    return {"id": rejection.id, "stage": rejection.stage, "reason": without_places(rejection.reason)}
