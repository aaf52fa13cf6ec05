"""One entry of a manifest as a composite group, or every reason why it is none; pictures are not opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ...geometry import Box
from .group import CompositeGroup, GroupFault
from .manifestvalues import Wrong, box_of, boxes_of, file_below, gain_of, line_of, name_of, shown, yes_or_no

# The plates' names for the same thing; per channel is the more exact.
GAINS = ("exposure_gain_rgb", "gain", "exposure_gain")

Value = TypeVar("Value")


class Entry(NamedTuple):
    """`number`: its place in the manifest, from 1. `value`: any JSON value, as is `scene`, which stands in for
    the group's own. `folder`: where its paths begin."""

    number: int
    value: Any
    folder: Path
    scene: Any = ""


def group_of(entry: Entry) -> CompositeGroup | GroupFault:
    """Every reason is in the fault, so that one look at the manifest is enough to correct it."""
    if not isinstance(entry.value, dict):
        return GroupFault(str(entry.number), f"must be an object like {{...}}, not {shown(entry.value)}")
    row = _Row({**entry.value, "scene": entry.value.get("scene") or entry.scene})
    background, composite, foreground, mask = (
        row.take(name, lambda value: file_below(value, entry.folder), None)
        for name in ("background", "composite", "foreground", "mask")
    )
    row.require("background", "composite", "box")
    if not row.has("foreground") and not row.has("mask"):
        row.reasons.append('"foreground" or "mask" is missing; one of them says what the subject is')
    name = row.take("id", name_of, str(entry.number))
    gain = next((name for name in GAINS if row.has(name)), GAINS[0])
    values = {
        "box": row.take("box", box_of, Box(0, 0, 1, 1)),
        "category": row.take("category", line_of, ""),
        "scene": row.take("scene", line_of, ""),
        "other_boxes": row.take("other_boxes", boxes_of, ()),
        "gain": row.take(gain, gain_of, (1.0, 1.0, 1.0)),
        "position_only": row.take("position_only", yes_or_no, False),
    }
    if row.reasons or background is None or composite is None:
        return GroupFault(name, "; ".join(row.reasons))
    return CompositeGroup(name, background, composite, foreground=foreground, mask=mask, **values)


def entry_of(group: CompositeGroup, folder: Path) -> dict[str, object]:
    """The JSON object that `group_of` reads as `group`; what is as usual is left out."""
    left, top, _, _ = group.box
    row = {
        "id": group.id,
        **{n: p.relative_to(folder).as_posix() for n, p in files_of(group).items()},
        "box": [left, top, *group.box.size],
        "category": group.category,
        "scene": group.scene,
        "other_boxes": [[b.left, b.top, *b.size] for b in group.other_boxes],
        "gain": list(group.gain) if group.gain != (1.0, 1.0, 1.0) else None,
        "position_only": group.position_only,
    }
    return {name: value for name, value in row.items() if value}


def files_of(group: CompositeGroup) -> dict[str, Path]:
    """The group's picture files by their name in the manifest."""
    files = {name: getattr(group, name) for name in ("background", "composite", "foreground", "mask")}
    return {name: path for name, path in files.items() if path is not None}


class _Row:
    """Reads values one by one and keeps what was wrong with any of them; null counts as absent."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.value, self.reasons = value, []

    def has(self, name: str) -> bool:
        return self.value.get(name) is not None

    def take(self, name: str, read: Callable[[Any], Value], default: Value) -> Value:
        if not self.has(name):
            return default
        try:
            return read(self.value[name])
        except Wrong as wrong:
            self.reasons.append(f'"{name}" {wrong}')
            return default

    def require(self, *names: str) -> None:
        self.reasons += [f'"{name}" is missing' for name in names if not self.has(name)]
