"""Data sets for Hugging Face `datasets` (the `imagefolder` loader) and the training scripts of diffusers.

    mira/
      train/0001_front-walk.png
      train/metadata.jsonl         {"file_name": "0001_front-walk.png", "text": "trgx girl, ...", ...}
      masks/0001_front-walk.png    a sibling, so that no loader takes masks for training pictures
      manifest.json  README.txt

The rules are those of datasets 5.2.0: `file_name` counts from the list's own folder, pictures without a row are left
out without a word, all rows have the same columns.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..geometry import Box, Size
from ..samples.sample import Rejection
from ..samples.sidecars import BadText
from .buckets import Fit
from .captions import one_line, without_separator
from .entries import Entries
from .entry import Entry
from .foreign import stem_name, text_of, whole_number
from .found import FoundPicture
from .menu import HUGGING_FACE
from .parquet import CAPTIONS, Parquet, tables_in
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tree import Tree

LIST = "train/metadata.jsonl"
# Of pairs: above both folders, because names may not lead out of the list's own.
PAIRS = "metadata.jsonl"
# A column of pictures beside the first; `datasets` calls it "control" (its image_dataset guide: *_file_name).
CONTROL = "control_file_name"
# What varies between pictures, for those who filter or balance in their own scripts.
COLUMNS = ("shot", "angle", "action", "expression")


class HuggingFace:
    """All pictures in one folder, all captions in one list."""

    id, label, summary, takes_pairs = HUGGING_FACE
    # The scripts of diffusers show every row once an epoch, as it stands.
    counts_repeats = False
    knows_head = False
    cuts_tokens = True
    own_buckets = False
    packing = None
    unpacking = Parquet()

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        mask = f"masks/{stem}.png" if subset.masked else ""
        if subset.paired:
            return Files(f"images/{stem}{suffix}", mask=mask, control=f"control/{stem}{suffix}")
        return Files(f"train/{stem}{suffix}", mask=mask)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        path, row = (PAIRS, _pair) if settings.pairs else (LIST, _row)
        yield TextFile(path, (json.dumps(row(e), ensure_ascii=False) + "\n" for e in entries))
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        path = PAIRS if any(e.control for e in entries) else LIST
        above = path.rpartition("/")[0]
        try:
            lines = (folder / path).read_text(encoding="utf-8-sig").splitlines()
            rows = [json.loads(line) for line in lines if line.strip()]
            said = {_joined(above, row["file_name"]): one_line(row["text"]) for row in rows}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            # A list that cannot be read says nothing; what the manifest knows holds.
            said = {e.file: e.caption for e in entries}
        return {e.file: said[e.file] for e in entries if e.file in said and (folder / e.file).is_file()}

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """train_text_to_image_lora.py: the short side to `resolution`, then a square."""
        side = settings.resolution
        resized = Size(*(max(side, int(side * edge / size.short)) for edge in size))
        # torchvision's CenterCrop rounds half the surplus.
        left, top = (round((edge - side) / 2) for edge in resized)
        return Fit(resized, Box(left, top, left + side, top + side))

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            f"diffusers: --train_data_dir train --caption_column text --resolution {settings.resolution} --center_crop",
            "Without --center_crop the square is cut at random.",
            "DreamBooth scripts: --dataset_name train --caption_column text (--instance_data_dir knows no captions).",
            "The column repeats is for scripts of your own; those of diffusers show every picture once an epoch.",
            "The trigger word is in every caption: do not add it again.",
        ]
        if settings.pairs:
            return (
                'load_dataset("imagefolder", data_dir=...) gives a row for each pair: image is what is to be learnt,'
                " control what it is made of, text the instruction.",
                f"Both of a pair have one size: scale both to {settings.resolution}, and cut both, in the same way.",
            )
        if masked:
            notes.append("The scripts of diffusers know no masks; masks/ has them under the pictures' names.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return bool(_lists(tree) or tables_in(tree))

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        for file in _lists(tree):
            folder, seen = file.rpartition("/")[0], set()
            for row in _rows(tree, file):
                picture = _joined(folder, text_of(row.get("file_name")))
                seen.add(picture)
                if picture in tree.places:
                    yield _found(tree, picture, row, folder)
                else:
                    yield tree.refused(picture, "the list names it, and it is not here")
            seen |= {_joined(folder, text_of(value)) for row in _rows(tree, file) for value in row.values()}
            for picture in tree.pictures(folder, deep=True):
                if picture not in seen and "masks" not in picture.split("/"):
                    yield tree.refused(picture, "it has no row in the list, so no loader sees it")


def _lists(tree: Tree) -> list[str]:
    """datasets takes the first of these that it finds."""
    return [f for f in tree.places if f.rpartition("/")[2] in ("metadata.jsonl", "metadata.csv")]


def _rows(tree: Tree, file: str) -> list[dict[str, Any]]:
    try:
        rows = tree.rows(file) if file.endswith(".jsonl") else list(csv.DictReader(io.StringIO(tree.text(file))))
    except csv.Error as error:
        raise BadText(f"{file}: {error}") from error
    return [row for row in rows if text_of(row.get("file_name"))]


def _joined(folder: str, name: str) -> str:
    return "/".join(filter(None, (folder, name)))


def _control(tree: Tree, row: dict[str, Any], folder: str) -> str:
    """What another picture column names, ours first."""
    # Cells beyond the headings of a table are under no name.
    columns = sorted((c for c in row if c and c.endswith("_file_name")), key=lambda c: (c != CONTROL, c))
    places = (_joined(folder, text_of(row[column])) for column in columns)
    return next((place for place in places if place in tree.places), "")


def _found(tree: Tree, picture: str, row: dict[str, Any], folder: str) -> FoundPicture:
    said = next((text_of(row[name]) for name in CAPTIONS if name in row), "")
    mask = tree.file(row.get("mask")) or tree.masks_of("").get(stem_name(picture), "")
    return FoundPicture(
        picture,
        one_line(said),
        mask,
        text_of(row.get("character")),
        whole_number(row.get("repeats")),
        text_of(row.get("trigger")),
        control=_control(tree, row, folder),
    )


def _row(entry: Entry) -> dict[str, str | int]:
    """Empty text and never null, which would be another type to the loader."""
    return {
        "file_name": entry.file.rpartition("/")[2],
        "text": without_separator(entry.caption),
        "character": entry.character,
        "trigger": entry.trigger,
        **{slot: entry.value(slot) for slot in COLUMNS},
        "style": " + ".join(entry.styles),
        "original": int(entry.original),
        "repeats": entry.repeats,
        "mask": entry.mask,
        "sample": entry.made_from.sample,
    }


def _pair(entry: Entry) -> dict[str, str | int]:
    return _row(entry) | {"file_name": entry.file, CONTROL: entry.control}
