"""The review table on disk, and what is remembered beside it: read, checked line by line, written whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..devicenames import is_device
from ..errors import TroupeError
from ..picturefiles import write_whole
from ..samples.sidecars import LARGEST_TABLE, BadText, parse_json, read_text
from .columns import CAPTION, FRESH, PICTURE, Columns, columns_of
from .entry import Entry, Fault, entry_of, faults_of_entry, faults_of_line
from .merging import GONE, Merged, Words
from .tabletext import Line, parsed, written

FORMAT = 1
MOST_FAULTS = 10


class Place(NamedTuple):
    """Where a review lies: its table, what is remembered of it, and its sheets, side by side."""

    folder: Path
    name: str

    @property
    def table(self) -> Path:
        return self.folder / f"{self.name}.csv"

    @property
    def memory(self) -> Path:
        return self.folder / f"{self.name}.json"

    def sheet(self, page: int) -> Path:
        return self.folder / f"{self.name}_{page}.jpg"


class Review(NamedTuple):
    """What a table says. `above`, `below`: a person's comments over the headings and after the last line."""

    columns: Columns = FRESH
    entries: tuple[Entry, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def check_name(name: str) -> None:
    """Raises `TroupeError` for a name that is no file's."""
    if not re.fullmatch(r"[\w\- ]{1,80}", name) or name != name.strip() or is_device(name):
        raise TroupeError("The review's name cannot be a file's", item=repr(name), remedy='Write one such as "mira".')


def read_review(place: Place) -> Review:
    """Raises `TroupeError` that names every line that cannot be understood, what is wrong, and what to write."""
    try:
        text = parsed(read_text(place.table, LARGEST_TABLE)) if place.table.exists() else None
    except BadText as error:
        remedy = 'In Excel save as "CSV UTF-8", in Notepad with the encoding UTF-8.'
        raise TroupeError(f"The review cannot be read: {error}", item=str(place.table), remedy=remedy) from error
    if text is None or not text.lines:
        return Review()
    columns = columns_of(text.lines[0].cells)
    _refuse(place, list(_faulty_headings(text.lines[0], columns)))
    bad = [fault for line in text.lines[1:] for fault in faults_of_line(line, columns)]
    wrong = {fault.number for fault in bad}
    entries = tuple(entry_of(line, columns) for line in text.lines[1:] if line.number not in wrong)
    bad += [fault for entry in entries for fault in faults_of_entry(entry)]
    _refuse(place, sorted([*bad, *_doubled(entries)]))
    return Review(columns, entries, text.lines[0].above, text.below)


def write_review(place: Place, old: Review, merged: Merged) -> tuple[Entry, ...]:
    """The table brought up to date, and untouched where nothing has changed; the live entries with their lines."""
    first, *rest = merged.gone or (None,)
    gone = (replace(first, above=(GONE, *first.above)), *rest) if first else ()
    if _same_lines((*merged.entries, *gone), old.entries):
        return merged.entries
    lines = [Line(len(old.above) + 1, old.columns.headings, old.above)]
    for entry in (*merged.entries, *gone):
        lines.append(Line(lines[-1].number + len(entry.above) + 1, entry.cells, entry.above))
    data = written(lines, old.below, old.columns.place(CAPTION))
    _put(place.table, data)
    return tuple(replace(e, number=line.number) for e, line in zip(merged.entries, lines[1:], strict=False))


def recall(place: Place) -> dict[str, Words]:
    """What machines had said when the table was last written. Where that is lost, every other word is a person's."""
    try:
        data = parse_json(read_text(place.memory, LARGEST_TABLE))
    except BadText:
        return {}
    written = data.get("written") if isinstance(data, dict) and data.get("troupe_review") == FORMAT else None
    return {p: words for p, words in written.items() if _are_words(words)} if isinstance(written, dict) else {}


def _are_words(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def remember(place: Place, words: Mapping[str, Words]) -> None:
    if words != recall(place):
        _put(place.memory, json.dumps({"troupe_review": FORMAT, "written": words}, ensure_ascii=False).encode())


def _same_lines(new: Sequence[Entry], old: Sequence[Entry]) -> bool:
    return [(e.cells, e.above) for e in new] == [(e.cells, e.above) for e in old]


def _faulty_headings(line: Line, columns: Columns) -> Iterator[Fault]:
    if columns.place(PICTURE) < 0:
        yield Fault(line.number, f'None of the headings is "picture". The first line was: {", ".join(FRESH.headings)}.')
    for meaning in dict.fromkeys(filter(None, columns.meanings)):
        if columns.meanings.count(meaning) > 1:
            yield Fault(line.number, f'Two columns are called "{meaning}". Rename or delete one.')


def _doubled(entries: Sequence[Entry]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.picture in seen:
            yield Fault(entry.number, f'"{entry.picture}" stands in line {seen[entry.picture]} too. Delete one.')
        seen.setdefault(entry.picture, entry.number)


def _refuse(place: Place, faults: Sequence[Fault]) -> None:
    if not faults:
        return
    told = [f"Line {fault.number}: {fault.what}" for fault in faults[:MOST_FAULTS]]
    told += [f"And {len(faults) - MOST_FAULTS} more."] if len(faults) > MOST_FAULTS else []
    raise TroupeError("The review cannot be understood", item=str(place.table), remedy="\n".join(told))


def _put(path: Path, data: bytes) -> None:
    remedy = "Free disk space; if the table is open in Excel, close it there. Then run again."
    write_whole(path, lambda file: file.write(data), "The review", remedy)
