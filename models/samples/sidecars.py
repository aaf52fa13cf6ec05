"""What the text files beside a picture say, the most trusted first; a bad one costs a note, never the picture."""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .listing import Listing
from .said import NOTHING, Said, said_by_record, said_by_text
from .walking import printable, stem_of

LARGEST_SIDECAR = 1 << 20  # a caption has some hundred bytes; what is larger is no caption
LARGEST_TABLE = 64 << 20  # one line for each of some hundred thousand pictures

# JSON can spell half a character, which no text file can hold.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")

Rows = Mapping[str, Mapping[str, Any]]


class Table(NamedTuple):
    """`rows`: by picture, relative to the root, with and without suffix."""

    rows: Rows
    notes: tuple[str, ...]


class BadText(Exception):
    """Why a text file was not used, in words for its owner."""


def read_sidecars(listing: Listing, relative: str, tables: Mapping[str, Table]) -> tuple[list[Said], list[str]]:
    """`<stem>.json`, the row of the nearest table, `<stem>.txt`, in this order of trust; and notes on bad ones."""
    said, notes = [], []
    for suffix in (".json", "", ".txt", ".caption"):
        if not suffix:
            row, row_notes = _from_tables(relative, tables)
            said.append(row)
            notes += row_notes
        elif found := listing.texts.get(stem_of(relative) + suffix):
            try:
                said.append(_from_file(listing.root / found, suffix))
            except BadText as error:
                notes.append(f"{Path(found).name} ignored: {error}")
    return said, notes + [n for s in said for n in s.notes]


def read_tables(listing: Listing) -> dict[str, Table]:
    """`metadata.jsonl` and `metadata.json` by the folder in which they lie."""
    tables: dict[str, Table] = {}
    for relative in listing.tables:
        folder, _, name = relative.rpartition("/")
        prefix = f"{folder}/" if folder else ""
        try:
            rows, notes = _rows(read_text(listing.root / relative, LARGEST_TABLE), name)
        except BadText as error:
            rows, notes = {}, [f"{name} ignored: {error}"]
        known = tables.get(folder, Table({}, ()))
        rows = {prefix + _below(key): row for key, row in rows.items()}
        tables[folder] = Table({**rows, **known.rows}, (*known.notes, *notes))
    return tables


def read_text(path: Path, largest: int = LARGEST_SIDECAR) -> str:
    """UTF-8 or UTF-16, with or without a byte order mark where it can be told. Raises `BadText`."""
    try:
        with open(path, "rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise BadText(f"it cannot be opened ({error.strerror or error})") from error
    if len(data) > largest:
        raise BadText(f"it is larger than {largest >> 20} MB")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadText("it is not UTF-8 text; save it as UTF-8") from error


def parse_json(text: str) -> Any:
    """Raises `BadText` where Python's parser gives up, be it for nesting or for a number of a million digits."""
    try:
        value = json.loads(text)
        return json.loads(printable(json.dumps(value, ensure_ascii=False))) if _HALF.search(text) else value
    except json.JSONDecodeError as error:
        raise BadText(f"broken JSON (line {error.lineno}: {error.msg})") from error
    except (RecursionError, ValueError) as error:
        raise BadText("JSON too deep or too large to read") from error


def _from_file(path: Path, suffix: str) -> Said:
    text = read_text(path)
    if suffix != ".json":
        return said_by_text(text)
    record = parse_json(text)
    if not isinstance(record, dict):
        raise BadText('its JSON is no object like {"angle": "front"}')
    return said_by_record(record, own=True)


def _from_tables(relative: str, tables: Mapping[str, Table]) -> tuple[Said, list[str]]:
    """A table speaks for its folder and those below; the nearest with a row for the picture is heard."""
    notes: list[str] = []
    folder, plain = relative, unicodedata.normalize("NFC", relative)
    while folder:
        folder = folder.rpartition("/")[0]
        table = tables.get(folder)
        if table is None:
            continue
        notes += table.notes
        row = table.rows.get(plain) or table.rows.get(stem_of(plain))
        if row is not None:
            return said_by_record(row), notes
    return NOTHING, notes


def _rows(text: str, name: str) -> tuple[Rows, list[str]]:
    records, notes = _lines(text) if name.endswith("l") else (_records(parse_json(text)), [])
    rows = {r["file_name"]: r for r in records if isinstance(r, dict) and isinstance(r.get("file_name"), str)}
    if len(rows) < len(records):
        notes.append(f'{name}: {len(records) - len(rows)} rows have no "file_name" of their own')
    return rows, notes


def _lines(text: str) -> tuple[list[Any], list[str]]:
    records, bad = [], []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            records += [parse_json(line)] if line.strip() else []
        except BadText:
            bad.append(str(number))
    more = " and more" if len(bad) > 5 else ""
    return records, [f"metadata.jsonl: broken JSON in line {', '.join(bad[:5])}{more}"] if bad else []


def _records(data: Any) -> list[Any]:
    """A list of rows, or an object from file name to row (kohya's `meta_cap.json`)."""
    if isinstance(data, dict) and all(isinstance(v, dict) for v in data.values()):
        return [{"file_name": name, **row} for name, row in data.items()]
    if isinstance(data, list):
        return data
    raise BadText("its JSON is neither a list of rows nor an object from file names to rows")


def _below(file_name: str) -> str:
    return unicodedata.normalize("NFC", file_name.replace("\\", "/").removeprefix("./"))
