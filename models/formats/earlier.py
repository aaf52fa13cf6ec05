"""What an existing data set means for a new plan: pictures it has, captions people changed in it, its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import TroupeError
from .captions import Caption, meant
from .catalogue import find_format
from .entry import Entry
from .manifest import FILE, read_manifest
from .naming import picture_stem
from .planned import Plan, PlannedPicture, Subset
from .staging import place_of, state_of

Key = tuple[str, str, bool]


@dataclass(frozen=True)
class Earlier:
    """The data set that "replace" or "add" found under the plan's name; `folder` is None when there was none.

    `adds`: it stays and grows. `kept`: the pictures that stay, with their captions as they are in the folder now.
    `edits`: captions that a person changed there, by picture. `last`: the highest number in use. `state`: which
    version of the data set this is.
    """

    folder: Path | None = None
    adds: bool = False
    kept: tuple[Entry, ...] = ()
    edits: tuple[tuple[Key, str], ...] = ()
    last: int = 0
    state: str = ""

    def adjusted(self, plan: Plan) -> Plan:
        """The plan without the pictures that are there, numbered behind them, with people's captions kept."""
        here = {entry.key for entry in self.kept}
        edits = dict(self.edits)
        pictures = (p for p in plan.pictures if _key(p) not in here)
        pictures = (_with_caption(p, edits.get(_key(p), "")) for p in pictures)
        return replace(plan, pictures=tuple(self._renumbered(pictures, plan) if self.adds else pictures))

    def _renumbered(self, pictures: Iterator[PlannedPicture], plan: Plan) -> Iterator[PlannedPicture]:
        for n, picture in enumerate(pictures, self.last + 1):
            subset = self._joined(picture.subset, plan)
            stem = picture_stem(n, picture.sample.id)
            files = find_format(plan.settings.format).files(subset, stem, plan.settings.suffix)
            yield replace(picture, number=n, subset=subset, files=files)

    def _joined(self, subset: Subset, plan: Plan) -> Subset:
        """New pictures of a character join its folder: with its repeats (unless some were asked for), and with
        masks exactly when all that are there have one."""
        same = [e for e in self.kept if (e.character, e.original) == (subset.character, subset.originals)]
        if not same:
            return subset
        repeats = plan.settings.repeats or same[-1].repeats
        masked = plan.settings.masks and all(e.mask for e in same)
        return subset._replace(label=same[-1].subset, repeats=repeats, masked=masked)


def earlier_set(root: Path, plan: Plan) -> Earlier:
    """Raises `TroupeError` for a folder that Troupe did not write: neither replaced nor added to."""
    if plan.settings.mode == "new":
        return Earlier()
    folder = place_of(root, plan.name)
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return Earlier()
    state = state_of(folder) if (folder / FILE).is_file() else ""
    manifest = read_manifest(folder)
    wrote = find_format(manifest.format)
    now = wrote.captions(folder, manifest.entries)
    if not wrote.knows_head:
        now = {e.file: meant(e.caption, now[e.file]) for e in manifest.entries if e.file in now}
    edited = tuple(_as_edited(e, now[e.file]) for e in manifest.entries if e.file in now)
    if plan.settings.mode == "replace":
        return Earlier(folder, edits=tuple((e.key, e.caption) for e in edited if e.edited_in_folder), state=state)
    if manifest.format != plan.settings.format:
        raise TroupeError(
            f"The data set is of the format {manifest.format}",
            item=plan.name,
            remedy="Add in the same format, or choose another name.",
        )
    if bool(manifest.settings.get("pairs")) != plan.settings.pairs:
        raise TroupeError(
            "The data set is of pictures alone" if plan.settings.pairs else "The data set is of edit pairs",
            item=plan.name,
            remedy="Choose another name: a trainer wants an original for every picture of a set, or for none.",
        )
    return Earlier(folder, adds=True, kept=edited, last=_last_number(folder, manifest.entries), state=state)


def _as_edited(entry: Entry, caption: str) -> Entry:
    """A caption that was deleted is no person's word; one that was changed is."""
    if caption == entry.caption:
        return entry
    return replace(
        entry,
        caption=caption,
        caption_origin="person" if caption else entry.caption_origin,
        edited_in_folder=bool(caption),
        human_edits=tuple(dict.fromkeys((*entry.human_edits, "caption"))) if caption else entry.human_edits,
    )


def _with_caption(picture: PlannedPicture, edited: str) -> PlannedPicture:
    """A person's caption in the old folder wins over a machine's; a person's new one over the old."""
    if not edited or picture.caption.origin == "person":
        return picture
    return replace(picture, caption=Caption(edited, "person"), edited_in_folder=True)


def _key(picture: PlannedPicture) -> Key:
    return picture.sample.image.digest, picture.subset.character, picture.subset.originals


def _last_number(folder: Path, entries: tuple[Entry, ...]) -> int:
    """Files that people put there count too."""
    names = (re.match(r"\d+", path.name) for path in folder.rglob("*.*"))
    return max((*(int(m[0]) for m in names if m and len(m[0]) < 9), *(e.number for e in entries), 0))
