"""One written picture in the manifest: what it is, what it was made from, and who said what about it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ..samples.sample import Sample, Step
from .discretion import last_name, without_places
from .planned import PlannedPicture

# Of the fields of an entry, by their annotations.
KINDS = {"str": str, "int": int, "bool": bool}


@dataclass(frozen=True)
class SourceFile:
    """A file by its own name and the SHA-256 of its bytes; never where it lies."""

    sample: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Fact:
    """One feature of a picture as the manifest keeps it."""

    slot: str
    value: str
    origin: str


@dataclass(frozen=True)
class Entry:
    """`control`: of an edit pair, the original beside it.

    `made_from`: the picture that was written; `restyled_from`: the one that was restyled for it, if any.

    `edited_in_folder`: somebody changed the caption in the written data set; it is kept when the set is
    replaced. `human_edits`: the slots that a person filled, and "caption".
    """

    number: int
    file: str
    sha256: str
    width: int
    height: int
    mask: str
    mask_sha256: str
    caption: str
    caption_origin: str
    edited_in_folder: bool
    character: str
    trigger: str
    subset: str
    repeats: int
    original: bool
    made_from: SourceFile
    restyled_from: SourceFile | None
    transformations: tuple[str, ...]
    styles: tuple[str, ...]
    style_feature: str
    seeds: tuple[int, ...]
    captioner: str
    facts: tuple[Fact, ...]
    human_edits: tuple[str, ...]
    target: tuple[str, ...]
    non_target: tuple[str, ...]
    history: tuple[Step, ...]
    control: str = ""
    control_sha256: str = ""

    @property
    def key(self) -> tuple[str, str, bool]:
        """Equal for the same picture of the same character: what "add" does not write twice."""
        return self.made_from.sha256, self.character, self.original

    def value(self, slot: str) -> str:
        return next((f.value for f in self.facts if f.slot == slot), "")


class Made(NamedTuple):
    """What the writing of one picture found out."""

    sha256: str
    mask_sha256: str
    source_sha256: str
    transformations: tuple[str, ...]
    control_sha256: str = ""


def entry_of(picture: PlannedPicture, made: Made) -> Entry:
    sample, subset, caption = picture.sample, picture.subset, picture.caption
    labels, style = sample.labels, sample.style
    by_person = [f.slot for f in sample.features if f.origin == "person"]
    return Entry(
        number=picture.number,
        file=picture.files.picture,
        sha256=made.sha256,
        width=picture.fit.size.width,
        height=picture.fit.size.height,
        mask=picture.files.mask,
        mask_sha256=made.mask_sha256,
        caption=caption.text,
        caption_origin=caption.origin,
        edited_in_folder=picture.edited_in_folder,
        character=subset.character,
        trigger=subset.trigger,
        subset=subset.label,
        repeats=subset.repeats,
        original=subset.originals,
        made_from=SourceFile(sample.id, last_name(sample.image.path), made.source_sha256),
        restyled_from=_first_source(sample),
        transformations=made.transformations,
        styles=tuple(s.id for s in (style.first, style.second) if s) if style else (),
        style_feature=style.feature if style else "",
        seeds=tuple(step.seed for step in sample.history if step.seed is not None),
        captioner=_captioner(sample),
        facts=tuple(Fact(f.slot, f.value, f.origin) for f in sample.features),
        human_edits=(*by_person, "caption") if caption.origin == "person" else tuple(by_person),
        target=labels.target if labels else (),
        non_target=labels.non_target if labels else (),
        history=tuple(Step(s.stage, without_places(s.settings), s.seed) for s in sample.history),
        control=picture.files.control,
        control_sha256=made.control_sha256,
    )


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """What `dataclasses.asdict` says, without its copying every text: see `samples/serial.py`."""
    restyled = entry.restyled_from
    return {
        **vars(entry),
        "made_from": {**vars(entry.made_from)},
        "restyled_from": restyled and {**vars(restyled)},
        "facts": [{**vars(fact)} for fact in entry.facts],
        "history": [{**vars(step)} for step in entry.history],
    }


def entry_from_json(data: dict[str, Any]) -> Entry:
    """Raises KeyError, TypeError or ValueError for anything else: the file may have been changed by anybody, and what
    it names is read and written."""
    lists = {name: tuple(data[name]) for name in ("transformations", "styles", "seeds", "human_edits")}
    lists |= {name: tuple(data[name]) for name in ("target", "non_target")}
    source = data["restyled_from"]
    entry = Entry(
        **{
            **data,
            **lists,
            "made_from": SourceFile(**data["made_from"]),
            "restyled_from": None if source is None else SourceFile(**source),
            "facts": tuple(Fact(**f) for f in data["facts"]),
            "history": tuple(Step(**s) for s in data["history"]),
        }
    )
    for part in (entry, entry.made_from, entry.restyled_from, *entry.facts, *entry.history):
        _require_kinds(part)
    _require_inside(entry)
    return entry


def _require_kinds(part: Any) -> None:
    """Texts are texts, numbers are numbers, alone and in lists."""
    for field in fields(part) if part else ():
        value, kind = getattr(part, field.name), KINDS.get(field.type.removeprefix("tuple[").removesuffix(", ...]"))
        values = value if isinstance(value, tuple) else (value,)
        if kind and not all(type(v) is kind for v in values):
            raise TypeError(field.name)


def _require_inside(entry: Entry) -> None:
    for path in (entry.file, entry.mask, entry.control):
        require_inside(path)
    if re.search(r"[\\/:\0]", entry.subset) or not entry.subset.strip(" ."):
        raise ValueError(f"{entry.subset!r} is no folder's name")


def require_inside(path: str) -> None:
    """Raises ValueError for a file that would not lie in the data set's folder."""
    if "\0" in path or PurePosixPath(path).is_absolute() or ".." in re.split(r"[\\/]", path) or ":" in path:
        raise ValueError(f"{path!r} leads out of the data set")


def _first_source(sample: Sample) -> SourceFile | None:
    source = sample.source
    while source and source.source:
        source = source.source
    return SourceFile(source.id, last_name(source.image.path), source.image.digest) if source else None


def _captioner(sample: Sample) -> str:
    """The identity that Describe noted in the history, or who the description is from."""
    for step in reversed(sample.history):
        try:
            settings = json.loads(step.settings)
        except ValueError:
            continue
        if isinstance(settings, dict) and settings.get("captioner"):
            return without_places(str(settings["captioner"]))
    return sample.description.origin if sample.description.sentence or sample.description.keywords else ""
