"""Hugging Face data sets in parquet files: tables with a picture and its caption in each row.

    train-00000-of-00001.parquet     columns image {bytes, path} and text; also below data/; mask and control, if any
    metadata.parquet                 or file_name and text, for pictures that lie beside it

A table is read row by row into the store and becomes what the imagefolder loader reads: pictures beside a list.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from ..errors import TroupeError
from ..samples.examining import LARGEST_FILE
from ..samples.sample import Rejection
from ..samples.store import Store
from ..samples.walking import suffix_of
from .discretion import last_name
from .foreign import text_of
from .shards import kept
from .tree import PICTURES, Tree

# What the columns of captions are called, ours first.
CAPTIONS = ("text", "caption", "prompt", "description")
LIST = "metadata.jsonl"
IMAGES = ("image", "img", "picture", "jpg", "png")
# Columns of further pictures: the folder that they go to, and how a list names them. Masks count from the data set's
# own folder, as in our lists.
BESIDE = {"mask": ("masks", "mask"), "control": ("control", "control_file_name")}
TOLD = (*CAPTIONS, "character", "trigger", "repeats", "mask", "file_name")
# What the Hub says of a table; any other .json may be a trainer's.
OF_THE_HUB = ("dataset_infos.json", "dataset_dict.json")
ROWS = 32  # in memory at a time
# First bytes of the files that `datasets` writes pictures as, where no name tells.
MAGIC = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"RIFF", ".webp"),
    (b"BM", ".bmp"),
    (b"II*", ".tif"),
    (b"MM", ".tif"),
)


def tables_in(tree: Tree) -> list[str]:
    """The parquet files that are a data set: with the pictures inside, or a list of those beside it. Other trainers
    keep such lists too, beside configuration files of their own."""
    configs = (f for f in tree.below("", (".toml", ".yaml", ".yml", ".json")) if f not in OF_THE_HUB)
    if any(configs) or any(f.endswith(".tar") for f in tree.places):
        return []
    beside = bool(tree.pictures("", deep=True))
    tables = [f for f in tree.places if f.endswith(".parquet")]
    return [f for f in tables if not beside or f.rpartition("/")[2] == "metadata.parquet"]


class Parquet:
    """Satisfies `protocol.Unpacking`."""

    def unpacked(self, tree: Tree, store: Store) -> Tree:
        """Of the split `train`, where files are named after splits: that is what trainers read. Raises `TroupeError`
        for a damaged file, and where pyarrow is missing."""
        tables = tables_in(tree)
        if not tables:
            return tree
        places, left_out = dict(tree.places), list(tree.left_out)
        train = [f for f in tables if "train" in f.rpartition("/")[2]] or tables
        left_out += [tree.refused(f, "it is of another split than train") for f in tables if f not in train]
        for file in train:
            del places[file]
            places |= _opened(file, tree.places[file], store, left_out)
        return Tree(tree.name, places, tuple(left_out))


def _opened(file: str, place: Path, store: Store, left_out: list[Rejection]) -> dict[str, Path]:
    """The pictures of one table and the list of their captions, in a folder of the table's name; of a table without
    pictures the list alone, in the table's own folder."""
    columns = _columns(place)
    image = next((c for c in IMAGES if c in columns), "")
    folder, _, name = file.rpartition("/")
    inside = "/".join(filter(None, (folder, name.removesuffix(".parquet") if image else "")))
    places: dict[str, Path] = {}
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(_rows(place, [c for c in columns if c == image or _tells(c)])):
        told = {key: _plain(value) for key, value in row.items() if key != image}
        if image:
            data, path = _picture(row[image])
            if data is None:
                reason = "the row names a picture elsewhere" if path else "the row holds no picture"
                left_out.append(Rejection(f"{inside}/{number}", "load", reason))
                continue
            file_name = _free_name(path, data, number, inside, places)
            places[_below(inside, file_name)] = kept(io.BytesIO(data), suffix_of(file_name), store)
            told |= {"file_name": file_name, **dict(_beside(row, number, inside, places, store))}
        rows.append(told)
    listed = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    return {**places, _below(inside, LIST): kept(io.BytesIO(listed), ".jsonl", store)}


def _tells(column: str) -> bool:
    return column in (*TOLD, *BESIDE) or column.endswith("_file_name")


def _beside(
    row: Mapping[str, Any], number: int, inside: str, places: dict[str, Path], store: Store
) -> Iterator[tuple[str, str]]:
    """What the list says of the row's further pictures, which go to `places`."""
    for column, (folder, named) in BESIDE.items():
        data, path = _picture(row.get(column))
        if data:
            file = f"{folder}/{number:06d}{_suffix(path, data)}"
            whole = _below(inside, file)
            places[whole] = kept(io.BytesIO(data), suffix_of(file), store)
            yield named, whole if column == "mask" else file


def _columns(place: Path) -> list[str]:
    with _table(place) as table:
        return list(table.schema_arrow.names)


def _rows(place: Path, columns: list[str]) -> Iterator[Mapping[str, Any]]:
    """Never more than some of them at a time."""
    import pyarrow

    with _table(place) as table:
        try:
            for batch in table.iter_batches(ROWS, columns=columns):
                yield from batch.to_pylist()
        except (pyarrow.ArrowException, OSError) as error:
            raise _damaged(place) from error


def _table(place: Path):
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise TroupeError(
            "This data set is kept in parquet files, and the package that reads them is missing",
            item=place.name,
            remedy="Install it with: pip install pyarrow. Or save the set as an image folder.",
        ) from error
    try:
        return ParquetFile(place)
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(place) from error


def _damaged(place: Path) -> TroupeError:
    return TroupeError("A parquet file is damaged or none at all", item=place.name, remedy="Download or copy it again.")


def _picture(value: object) -> tuple[bytes | None, str]:
    """Bytes, and the name that they had: of `datasets`' Image column, or of a column of bytes."""
    path = text_of(value.get("path")) if isinstance(value, dict) else ""
    data = value.get("bytes") if isinstance(value, dict) else value
    if not isinstance(data, bytes) or not data or len(data) > LARGEST_FILE:
        return None, path
    return data, path


def _free_name(path: str, data: bytes, number: int, inside: str, places: Mapping[str, Path]) -> str:
    """The picture's own name, or one of its number where it has none, or another has it."""
    name = last_name(path)
    if suffix_of(name) in PICTURES and _below(inside, name) not in places:
        return name
    suffix = _suffix(name, data)
    return next(n for i in count(number) if _below(inside, n := f"{i:06d}{suffix}") not in places)


def _suffix(name: str, data: bytes) -> str:
    known = suffix_of(name) if suffix_of(name) in PICTURES else ""
    return known or next((end for begin, end in MAGIC if data.startswith(begin)), ".png")


def _plain(value: object) -> str | int | float:
    """A list of captions stands for its first, as the scripts of diffusers would choose one; dates, bytes and pictures
    say nothing."""
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, str)), "")
    return value if isinstance(value, str | int | float) else ""


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
