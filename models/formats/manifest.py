"""What a written data set says about itself: every picture, where it is from, and with which settings."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..errors import TroupeError
from ..samples.sample import Rejection
from ..samples.sidecars import LARGEST_TABLE, BadText, parse_json, read_text
from .discretion import without_places
from .entry import Entry, entry_from_json, entry_to_json
from .settings import WriteSettings

FORMAT = 1
FILE = "manifest.json"


class Manifest(NamedTuple):
    """What is read back of a data set: enough to add to it and to keep what people changed in it."""

    format: str
    entries: tuple[Entry, ...]
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


def manifest_text(
    entries: Sequence[Entry], rejected: Sequence[Rejection], settings: WriteSettings, note: str, now: datetime
) -> str:
    """JSON with neither an absolute path nor a user's name in it."""
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
            "captions": sum(bool(e.caption) for e in entries),
            "masks": sum(bool(e.mask) for e in entries),
            "rejected": len(rejected),
        },
        "subsets": _subsets(entries),
        "pictures": [entry_to_json(e) for e in entries],
        "rejected": [{"id": r.id, "stage": r.stage, "reason": without_places(r.reason)} for r in rejected],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Raises `TroupeError` for a folder that is no data set of ours, or one of another version."""
    try:
        data = parse_json(read_text(folder / FILE, LARGEST_TABLE))
        if data["troupe_dataset"] != FORMAT:
            raise ValueError(f"format {data['troupe_dataset']!r}")
        if not isinstance(data["format"], str) or not isinstance(data["settings"], dict):
            raise TypeError("format or settings")
        return Manifest(data["format"], tuple(map(entry_from_json, data["pictures"])), data["settings"])
    except (BadText, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TroupeError(
            "This folder is not a data set that this version of Troupe wrote, so it is left alone",
            item=folder.name,
            remedy='Choose another name, or the mode "new".',
        ) from error


def _subsets(entries: Sequence[Entry]) -> list[dict[str, str | int | bool]]:
    kinds = Counter((e.subset, e.character, e.trigger, e.original, e.repeats) for e in entries)
    names = ("subset", "character", "trigger", "original", "repeats", "pictures")
    return [dict(zip(names, (*kind, count), strict=True)) for kind, count in kinds.items()]
