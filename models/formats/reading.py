"""A data set that somebody wrote for a trainer becomes a sample set, with what the trainer would read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..errors import BadPicture, EmptySet, TroupeError
from ..parallel import ordered_map
from ..picturefiles import decode
from ..progress import Progress, silent
from ..samples.examining import examine
from ..samples.reading import mask_of
from ..samples.said import said_by_text
from ..samples.sample import Description, Feature, ImageFile, Labels, MaskFile, Rejection, Sample, SampleSet
from ..samples.sidecars import BadText
from ..samples.store import Store
from .captions import parts, without_separator
from .catalogue import FORMATS, find_format
from .entry import Entry
from .foreign import stem_name
from .found import FoundPicture
from .manifest import Manifest, read_manifest
from .naming import unique
from .protocol import Format
from .tree import Tree, list_tree

AUTO = "auto"


class Loaded(NamedTuple):
    """`found`: what the data set holds, in the order of `samples` and with those that came to nothing."""

    samples: SampleSet
    format: Format
    found: tuple[FoundPicture, ...]


class _Task(NamedTuple):
    found: FoundPicture
    id: str
    character: str
    trigger: str
    entry: Entry | None


def read_dataset(
    folder: Path, store: Store, format: str = AUTO, trigger: str = "", progress: Progress = silent
) -> Loaded:
    """Read what a trainer would read of `folder`; `format`: an id of `FORMATS`, or "auto". `trigger`: "" for the one
    that the data set names, or that all captions of a group begin with. `store`: where pictures out of packs go.

    Captions are the samples' labels, word for word, and their descriptions without the trigger word. Raises
    `TroupeError` for a folder of no format, `EmptySet` when no picture can be used.
    """
    tree, manifest = list_tree(folder), _manifest_of(folder)
    entries = {entry.file: entry for entry in manifest.entries} if manifest else {}
    reads = _format_of(tree, manifest, format)
    tree = reads.unpacking.unpacked(tree, store) if reads.unpacking else tree
    try:
        answers = tuple(reads.read(tree))
    except BadText as error:
        raise TroupeError("The data set's list cannot be read", item=folder.name, remedy=f"{error}.") from error
    found = tuple(a for a in answers if isinstance(a, FoundPicture))
    tasks = tuple(_tasks(found, tree, entries, trigger))
    outcomes = list(ordered_map(lambda task: _sample(task, tree), _announced(tasks, progress)))
    rejected = (*tree.left_out, *(a for a in answers if isinstance(a, Rejection)))
    rejected += tuple(o for o in outcomes if isinstance(o, Rejection))
    samples = tuple(o for o in outcomes if isinstance(o, Sample))
    if not samples:
        lost = "; ".join(f"{r.id}: {r.reason}" for r in rejected[:3])
        remedy = f"Left out: {lost}." if lost else "Look at the paths in its configuration."
        raise EmptySet(
            f"The data set holds no picture that can be used ({reads.label})", item=folder.name, remedy=remedy
        )
    return Loaded(SampleSet(samples, rejected), reads, found)


def _manifest_of(folder: Path) -> Manifest | None:
    """What Troupe knew about the pictures when it wrote them; None for a set that somebody else wrote."""
    try:
        return read_manifest(folder)
    except TroupeError:
        return None


def _format_of(tree: Tree, manifest: Manifest | None, format: str) -> Format:
    """The one that is asked for, that Troupe wrote, or that recognises the folder first."""
    if format == AUTO and manifest:
        format = manifest.format
    if format != AUTO:
        return find_format(format)
    for reads in FORMATS:
        if reads.detect(tree):
            return reads
    raise TroupeError(
        "This folder is of no format that is known here",
        item=tree.name,
        remedy="Choose the format, or use Load Sample Set for plain pictures.",
    )


def _tasks(found: Sequence[FoundPicture], tree: Tree, entries: Mapping[str, Entry], trigger: str) -> Iterator[_Task]:
    triggers = {
        group: trigger or _trigger([f for f in found if f.group == group and not f.control])
        for group in {f.group for f in found}
    }
    taken: set[str] = set()
    for picture in found:
        entry = entries.get(picture.file)
        character = entry.character if entry else picture.group or tree.name
        name = entry.made_from.sample if entry else f"{character}/{stem_name(picture.file)}"
        own = trigger or (entry.trigger if entry else "") or picture.trigger or triggers[picture.group]
        yield _Task(picture, unique(name, taken), character, own, entry)


def _trigger(pictures: Sequence[FoundPicture]) -> str:
    """The comma part that the captions of at least two pictures all begin with."""
    firsts = [_words(p.caption)[:1] for p in pictures]
    return firsts[0][0] if len(firsts) > 1 and firsts[0] and all(f == firsts[0] for f in firsts) else ""


def _announced(tasks: Sequence[_Task], progress: Progress) -> Iterator[_Task]:
    for done, task in enumerate(tasks):
        progress(done, len(tasks), task.id)
        yield task


def _sample(task: _Task, tree: Tree) -> Sample | Rejection:
    found, entry = task.found, task.entry
    path = str(tree.places[found.file])
    try:
        pixels = examine(path)
    except BadPicture as error:
        return Rejection(task.id, "load", error.what, path)
    mask, mask_notes = mask_of(path, pixels, str(tree.places[found.mask]) if found.mask else "")
    notes = [*found.notes, *mask_notes]
    settings = {"path": found.file, "repeats": found.repeats, "notes": notes}
    sample = Sample(
        task.id,
        task.character,
        ImageFile(path, pixels.digest, *pixels.size),
        None if mask and _says_nothing(mask) else mask,
        labels=_labels(task),
        source=_original(task, tree, notes),
    )
    sample = _described(sample, task)
    if entry:
        facts = tuple(Feature(f.slot, f.value, f.origin) for f in entry.facts)
        sample = replace(sample, features=facts or sample.features)
    return sample.after("load", json.dumps({k: v for k, v in settings.items() if v}, ensure_ascii=False))


def _original(task: _Task, tree: Tree, notes: list[str]) -> Sample | None:
    """What an edit pair starts from, as the picture's source."""
    if not task.found.control:
        return None
    path = str(tree.places[task.found.control])
    try:
        pixels = examine(path)
    except BadPicture as error:
        notes.append(f"its original cannot be read ({error.what})")
        return None
    entry = task.entry
    name = entry.restyled_from.sample if entry and entry.restyled_from else f"{task.id}@original"
    return Sample(name, task.character, ImageFile(path, pixels.digest, *pixels.size))


def _says_nothing(mask: MaskFile) -> bool:
    """White all over, as writers fill in where trainers want a mask for every picture."""
    return mask.channel == "grey" and decode(mask.path).image.convert("L").getextrema()[0] == 255


def _labels(task: _Task) -> Labels | None:
    """The caption as it stands there now; the manifest says who wrote it, unless somebody changed it since."""
    caption, entry = task.found.caption, task.entry
    if not caption and not task.trigger:
        return None
    if entry and _words(caption) == _words(entry.caption):
        return Labels(task.trigger, entry.target, entry.non_target, entry.caption, entry.caption_origin)
    return Labels(task.trigger, caption=caption, origin="person")


def _words(caption: str) -> list[str]:
    """Not every format keeps the separator and empty parts."""
    return parts(without_separator(caption))


def _described(sample: Sample, task: _Task) -> Sample:
    """The caption's words as the description, as Load Sample Set takes them."""
    trigger = task.trigger.casefold()
    plain = ", ".join(p for p in _words(task.found.caption) if p.casefold() != trigger)
    said = said_by_text(plain)
    if not (said.sentence or said.tags):
        return sample
    origin = sample.labels.origin if sample.labels else "person"
    return replace(sample, description=Description(said.sentence, said.tags, origin), features=said.told)
