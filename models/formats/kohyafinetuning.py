"""Data sets for kohya's sd-scripts in its fine-tuning way: all captions of a subset in one list, a metadata file.

    mira/
      train/trgx girl/0001_front-walk.png
      metadata_trgx girl.json      {"0001_front-walk.png": {"caption": "trgx girl, ...", "image_size": [768, 1152]}}
      masks/trgx girl/0001_front-walk.png
      dataset.toml  manifest.json  README.txt

The rules are those of sd-scripts 48d368f: all subsets of a dataset have a metadata_file or none has; they know neither
class_tokens, is_reg nor conditioning_data_dir, and fine_tune.py no caption_extension. A key counts from image_dir, with
its suffix. The size in the list is believed, so it is that of the written picture. A caption is taken whole, of however
many lines, with the tags behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..geometry import Size
from ..samples.sample import Rejection
from ..samples.sidecars import BadText
from ..samples.walking import stem_of
from .buckets import Fit, select_bucket
from .captions import SEPARATOR, one_line
from .entries import Entries, above
from .entry import Entry
from .foreign import folder_name, stem_name, tables, text_of, whole_number
from .found import FoundPicture
from .jsontext import json_text
from .kohyametadata import METADATA, Rows, metadata_lists, metadata_rows, read_metadata, said_in
from .kohyatables import HEAD_NOTE, dataset_table, general_table
from .menu import KOHYA_METADATA
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tomltext import toml_text
from .tree import Tree

CONFIG = "dataset.toml"


class KohyaMetadata:
    """A folder a subset, and a metadata file for each."""

    id, label, summary, takes_pairs = KOHYA_METADATA
    counts_repeats = True
    knows_head = True
    cuts_tokens = True
    own_buckets = False
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        mask = f"masks/{subset.label}/{stem}.png" if subset.masked else ""
        return Files(f"train/{subset.label}/{stem}{suffix}", mask=mask)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        subsets, rows = [], _rows_of(entries)
        for folder in entries.summary.folders:
            yield TextFile(_list_of(folder.path), (json_text(rows[folder.path]), "\n"))
            values = {"image_dir": folder.path, METADATA: _list_of(folder.path), "num_repeats": folder.repeats}
            subsets.append(("[[datasets.subsets]]", values))
        yield TextFile(CONFIG, (toml_text([general_table(entries, settings, {}), dataset_table(settings), *subsets]),))
        head = (HEAD_NOTE,) if entries.summary.headed else ()
        yield readme((*self.notes(settings, bool(entries.summary.masks)), *head))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        said: dict[str, str] = {}
        for place in {above(e.file) for e in entries}:
            try:
                rows = json.loads((folder / _list_of(place)).read_text(encoding="utf-8-sig"))
                said |= {f"{place}/{key}": said_in(row) for key, row in rows.items()}
            except (OSError, ValueError, AttributeError):
                # A list that cannot be read says nothing; what the manifest knows holds.
                said |= {e.file: e.caption for e in entries if e.file.startswith(f"{place}/")}
        return {e.file: said[e.file] for e in entries if e.file in said and (folder / e.file).is_file()}

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        return select_bucket(size, settings.resolution, no_upscale=not settings.upscale)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return (HEAD_NOTE,) if SEPARATOR in picture.caption.text else ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            "Start the trainer in this folder; the paths in the .toml file count from here.",
            f"With the configuration file: --dataset_config {CONFIG}",
            'Without, one subset: --train_data_dir "train/<name>" --in_json "metadata_<name>.json"',
            "A picture that you add needs a row in its list; one that you take away must leave it.",
            "The trigger word is in every caption: do not let the trainer add it again.",
        ]
        if masked:
            notes.append("This way of training knows no masks: for those, write the format kohya.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return bool(_subsets(tree) or metadata_lists(tree))

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        """By the configuration files where there are some, else by the lists that lie in the folder itself."""
        subsets = _subsets(tree)
        if not subsets:
            yield from read_metadata(tree)
        for subset in subsets:
            masks = tree.masks_of(subset.folder)
            for key, row in subset.rows.items():
                file = _file_of(tree, subset.folder, key)
                if file is None:
                    yield tree.refused(key, "the list names it, and it is not here")
                    continue
                caption = one_line(f"{subset.prefix} {said_in(row)}")
                group = folder_name(file.rpartition("/")[0])
                yield FoundPicture(file, caption, masks.get(stem_name(file), ""), group, subset.repeats)


class _Subset(NamedTuple):
    folder: str
    rows: Rows
    repeats: int
    prefix: str


def _subsets(tree: Tree) -> list[_Subset]:
    """Those that configuration files name with a list that is here; each list once, as the trainer takes it."""
    found: dict[str, _Subset] = {}
    for config in tree.configs(".toml", ".json"):
        general = config.get("general") if isinstance(config, dict) else None
        for dataset in tables(config, "datasets"):
            for subset in tables(dataset, "subsets"):
                told = {**(general if isinstance(general, dict) else {}), **dataset, **subset}
                file = tree.file(told.get(METADATA))
                if file and file not in found and (rows := _rows(tree, file)):
                    folder = tree.folder(told.get("image_dir")) or ""
                    repeats = whole_number(told.get("num_repeats"))
                    found[file] = _Subset(folder, rows, repeats, text_of(told.get("caption_prefix")))
    return list(found.values())


def _rows(tree: Tree, file: str) -> Rows:
    try:
        return metadata_rows(tree, file)
    except BadText:
        return {}


def _file_of(tree: Tree, folder: str, key: str) -> str | None:
    """The picture that a key means: with its suffix or without, from `folder` or by its whole path."""
    inside = f"{folder}/{key}" if folder else key
    if inside in tree.places:
        return inside
    stems = {stem_of(file): file for file in reversed(tree.pictures(folder))}
    return stems.get(inside) or tree.file(key)


def _list_of(folder: str) -> str:
    return f"metadata_{folder.rpartition('/')[2]}.json"


def _rows_of(entries: Entries) -> dict[str, Rows]:
    """By folder; held, as the trainer holds them."""
    rows: dict[str, Rows] = {}
    for entry in entries:
        rows.setdefault(above(entry.file), {})[entry.file.rpartition("/")[2]] = _row(entry)
    return rows


def _row(entry: Entry) -> dict[str, Any]:
    return {"caption": entry.caption, "image_size": [entry.width, entry.height]}
