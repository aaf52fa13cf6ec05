"""Captions in one list, picture by picture, as sd-scripts' fine-tuning and ai-toolkit's captions.json have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..samples.sample import Rejection
from ..samples.sidecars import BadText
from ..samples.walking import stem_of
from .captions import one_line
from .foreign import folder_name, stem_name, text_of
from .found import FoundPicture
from .tree import Tree

# What a subset's list is called in a configuration file.
METADATA = "metadata_file"

Rows = dict[str, dict[str, Any]]


def metadata_lists(tree: Tree) -> list[Rows]:
    """The lists in the data set's own folder: an object of objects in .json, one object a line in .jsonl.

    None beside other trainers' configuration files, whose lists they may be.
    """
    if tree.below("", (".toml", ".yaml", ".yml")):
        return []
    found = [c for c in tree.configs(".json") if isinstance(c, dict)]
    for file in tree.below("", (".jsonl",)):
        with suppress(BadText):
            found.append(metadata_rows(tree, file))
    return [rows for rows in found if rows and all(_is_row(key, row) for key, row in rows.items())]


def metadata_rows(tree: Tree, file: str) -> Rows:
    """A list as sd-scripts reads it, by the keys of its pictures. Raises `BadText`."""
    if file.endswith(".jsonl"):
        return {text_of(row.get("image_path")): row for row in tree.rows(file)}
    rows = tree.json(file)
    return {key: row for key, row in rows.items() if isinstance(row, dict)} if isinstance(rows, dict) else {}


def said_in(row: dict[str, Any]) -> str:
    """Caption and tags, which the trainer joins."""
    tags = row["tags"] if isinstance(row.get("tags"), list) else [row.get("tags")]
    return one_line(", ".join(filter(None, (text_of(row.get("caption")).strip(" ,"), *map(text_of, tags)))))


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
            yield FoundPicture(file, said_in(row), group=folder_name(file.rpartition("/")[0]))


def _is_row(key: str, row: object) -> bool:
    return bool(key) and isinstance(row, dict) and ("caption" in row or "tags" in row)
