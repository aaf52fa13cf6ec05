"""Captions in one list, picture by picture, as sd-scripts' fine-tuning and ai-toolkit's captions.json have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..samples.sample import Rejection
from ..samples.sidecars import BadText
from ..samples.walking import stem_of
from .captions import one_line
from .foreign import folder_name, stem_name, text_of
from .found import FoundPicture
from .tree import Tree

Rows = dict[str, dict[str, Any]]


def metadata_lists(tree: Tree) -> list[Rows]:
    """The lists in the data set's own folder: an object of objects in .json, one object a line in .jsonl.

    None beside other trainers' configuration files, whose lists they may be.
    """
    if tree.below("", (".toml", ".yaml", ".yml")):
        return []
    found = [c for c in tree.configs(".json") if isinstance(c, dict)]
    for file in tree.below("", (".jsonl",)):
        try:
            rows = tree.rows(file)
        except BadText:
            continue
        found.append({text_of(row.get("image_path")): row for row in rows})
    return [rows for rows in found if rows and all(_is_row(key, row) for key, row in rows.items())]


def read_metadata(tree: Tree) -> Iterator[FoundPicture | Rejection]:
    """Every picture that a list names, by its path, or by its name alone as sd-scripts' own tools write it."""
    by_stem = {stem_of(file): file for file in reversed(tree.pictures("", deep=True))}
    by_name = {stem_name(file): file for file in by_stem.values()}
    for rows in metadata_lists(tree):
        for key, row in rows.items():
            file = tree.file(key) or by_stem.get(key) or by_name.get(key)
            if file is None:
                yield tree.refused(key, "the list names it, and it is not here")
                continue
            tags = row["tags"] if isinstance(row.get("tags"), list) else [row.get("tags")]
            said = ", ".join(filter(None, (text_of(row.get("caption")).strip(" ,"), *map(text_of, tags))))
            yield FoundPicture(file, one_line(said), group=folder_name(file.rpartition("/")[0]))


def _is_row(key: str, row: object) -> bool:
    return bool(key) and isinstance(row, dict) and ("caption" in row or "tags" in row)
