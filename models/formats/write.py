"""A plan becomes files: staged, with every picture checked for, and published in one rename."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from ..errors import BadDisk, TroupeError
from ..picturefiles import write_atomically
from ..progress import Progress, silent
from ..samples.sample import Rejection, SampleSet
from .catalogue import find_format
from .earlier import Earlier, earlier_set
from .entries import Entries
from .entry import Entry
from .filling import write_pictures
from .manifest import FILE, Manifest, manifest_parts
from .planned import Plan
from .protocol import TextFile
from .report import report_lines
from .staging import (
    carry_over,
    clear_leftovers,
    disk_errors,
    place_of,
    publish_new,
    publish_over,
    staging_folder,
)
from .unchanged import same_set
from .vanished import note_written, target_fingerprint

__all__ = ["Written", "target_fingerprint", "write_dataset"]


class Written(NamedTuple):
    """The data set's folder, how many files of each kind this run wrote into it, and what was left out at this
    step."""

    folder: Path
    pictures: int
    captions: int
    masks: int
    rejected: tuple[Rejection, ...]
    report: str


class Results(NamedTuple):
    """What was written, in the order of its numbers, and all that this step leaves out."""

    written: Entries
    rejected: tuple[Rejection, ...]


def write_dataset(
    plan: Plan,
    root: str | os.PathLike,
    *,
    settings_note: str = "",
    progress: Progress = silent,
    now: datetime | None = None,
) -> Written:
    """Write `plan` below `root`, and nowhere else; until the end nothing of it is under its name.

    In the mode "new" a data set that holds exactly this already is left as it is and named again.
    A picture that fails becomes a rejection and the others are written. Raises `EmptySet` when none is left, and
    `TroupeError` when the disk is full or the folder that is to be replaced is not ours; then, as after a
    cancel, everything is as it was. `now`: the time that the manifest names.
    """
    root = _prepared(Path(root), plan.name)
    if same := written_already(plan, root):
        return same
    earlier = earlier_set(root, plan)
    todo = earlier.adjusted(plan)
    with staging_folder(root) as staging:
        _take_along(earlier, plan, staging)
        results = write_pictures(todo.pictures, todo.settings, staging, progress)
        return _joined(staging, root, plan, earlier, todo, _sorted_out(todo, results), settings_note, now)


def _joined(
    staging: Path, root: Path, plan: Plan, earlier: Earlier, todo: Plan, found: Results, note: str, now: datetime | None
) -> Written:
    """What describes the whole set is put beside its staged pictures, and all of it under its name."""
    written, rejected = found
    if not written and not earlier.adds:
        SampleSet((), rejected).require_any(plan.settings.step)
    entries = Entries((*earlier.kept, *written)) if earlier.adds else written
    own = _placed(staging, todo, written)
    with disk_errors(plan.name):
        for file in _lists(plan, entries, plan.earlier + rejected, note, now or datetime.now(timezone.utc)):
            _write_text(staging, file)
        _require_there(staging, own)
        report = "\n".join(report_lines(plan, todo, earlier, entries, rejected))
        folder = _publish(staging, root, plan, earlier)
    note_written(root, plan.name, folder)
    report = f"{folder.name}: {report}"
    return Written(folder, len(written), len(written), written.summary.masks, rejected, report)


def written_already(plan: Plan, root: str | os.PathLike) -> Written | None:
    """In the mode "new", the data set below `root` that holds exactly this."""
    same = same_set(Path(root).resolve(), plan) if plan.settings.mode == "new" else None
    return same and _unchanged(*same, plan)


def join_dataset(
    staging: Path,
    root: str | os.PathLike,
    plan: Plan,
    entries: Entries,
    rejected: Sequence[Rejection],
    *,
    settings_note: str = "",
    now: datetime | None = None,
) -> Written:
    """The end of `write_dataset` in the mode "new", for who had `write_pictures` run in parts into `staging`, a folder
    below `root`, with these results. It goes through the plan's pictures and the entries, and holds none."""
    root = _prepared(Path(root), plan.name)
    found = Results(entries, plan.rejected + tuple(rejected))
    return _joined(staging, root, plan, Earlier(), plan, found, settings_note, now)


def _unchanged(folder: Path, manifest: Manifest, plan: Plan) -> Written:
    note_written(folder.parent, plan.name, folder)
    count = len(manifest.entries)
    report = f"{folder.name} holds exactly these {count} pictures and captions already; nothing was written."
    return Written(folder, count, count, sum(bool(e.mask) for e in manifest.entries), plan.rejected, report)


def _prepared(root: Path, name: str) -> Path:
    with disk_errors(name):
        root.mkdir(parents=True, exist_ok=True)
        root = root.resolve()
        clear_leftovers(root, name)
    return root


def _take_along(earlier: Earlier, plan: Plan, staging: Path) -> None:
    """All files of the data set that is added to, except those that are written anew for the whole set."""
    if earlier.adds:
        lists = find_format(plan.settings.format).lists(Entries(earlier.kept), plan.settings)
        with disk_errors(plan.name):
            carry_over(earlier.folder, staging, frozenset((FILE, *(file.path for file in lists))))


def _sorted_out(plan: Plan, results: Iterator[Entry | Rejection]) -> Results:
    written, rejected = [], list(plan.rejected)
    for result in results:
        (written if isinstance(result, Entry) else rejected).append(result)
    return Results(Entries(written), tuple(rejected))


def _placed(staging: Path, plan: Plan, written: Entries) -> Iterable[str]:
    """The files that hold what was written, packed where the format packs them."""
    packing = find_format(plan.settings.format).packing
    if packing is None:
        return written_files(plan, written)
    with disk_errors(plan.name):
        return packing.pack(staging, written)


def written_files(plan: Plan, written: Entries) -> Iterator[str]:
    """The pictures with what belongs to them, below the data set's folder. Raises `TroupeError` where an entry is of no
    planned picture: both are in the order of their numbers."""
    numbers = (entry.number for entry in written)
    number = next(numbers, None)
    for picture in plan.pictures:
        if picture.number == number:
            yield from filter(None, picture.files)
            number = next(numbers, None)
    if number is not None:
        raise TroupeError(
            "What was written is not what is planned",
            item=f"{plan.name}, picture {number}",
            remedy="Have all of it written again.",
        )


def _lists(plan: Plan, entries: Entries, rejected: Sequence[Rejection], note: str, now: datetime) -> Iterator[TextFile]:
    """What describes the whole set: the format's own files and the manifest."""
    yield from find_format(plan.settings.format).lists(entries, plan.settings)
    yield TextFile(FILE, manifest_parts(entries, rejected, plan.settings, note, now))


def _write_text(staging: Path, file: TextFile) -> None:
    write_atomically(staging / file.path, lambda out: out.writelines(part.encode() for part in file.parts))


def _require_there(staging: Path, files: Iterable[str]) -> None:
    """Somebody who deletes the target while it is written deletes these, and what is left is no data set."""
    count, lost = looked_for(staging, files)
    if lost:
        raise BadDisk(
            f"{len(lost)} of {count} files vanished while the data set was written",
            item=lost[0],
            remedy="Close programs that clear the output folder, and run again.",
        )


def looked_for(folder: Path, files: Iterable[str]) -> tuple[int, list[str]]:
    """How many they are, and those that are not there."""
    count, lost = 0, []
    for file in files:
        count += 1
        if not (folder / file).is_file():
            lost.append(file)
    return count, lost


def _publish(staging: Path, root: Path, plan: Plan, earlier: Earlier) -> Path:
    if plan.settings.mode == "new":
        return publish_new(staging, root, plan.name)
    return publish_over(staging, place_of(root, plan.name), earlier.state)
