"""One line of the review table: what a person decided about one picture; and what is wrong with a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..samples.said import said_by_record
from ..vocabulary import normal, vocabulary
from .columns import CAPTION, KEEP, PICTURE, Columns
from .tabletext import Line

KEPT = ("", "keep", "k", "yes", "y", "1", "true", "ok", "保留", "留")
DROPPED = ("drop", "d", "no", "n", "0", "false", "x", "丢弃", "删除", "剔除", "弃")
NOTHING = "-"  # in a feature's cell: the picture shows none, whatever a machine says
# Counted in coverage and presets, so their values are a closed list.
CLOSED = ("angle", "shot")


class Fault(NamedTuple):
    """What is wrong with line `number`, and what to write."""

    number: int
    what: str


@dataclass(frozen=True)
class Entry:
    """`cells`: in the order of the columns, as written; `words`: those that are read, by column's meaning."""

    picture: str
    cells: tuple[str, ...]
    words: Mapping[str, str]
    number: int = 0
    above: tuple[str, ...] = ()

    @property
    def dropped(self) -> bool:
        return normal(self.words.get(KEEP, "")) in DROPPED


def entry_of(line: Line, columns: Columns) -> Entry:
    """Missing cells at a line's end are empty ones: editors trim them."""
    wanted = len(columns.headings)
    cells = (*line.cells, *[""] * wanted)[:wanted]
    words = {meaning: cell for meaning, cell in zip(columns.meanings, cells, strict=True) if meaning}
    return Entry(words[PICTURE], cells, words, line.number, line.above)


def values_in(text: str) -> list[str]:
    return [part.strip() for part in re.split("[,，;；、]", text) if part.strip()]


def faults_of_line(line: Line, columns: Columns) -> Iterator[Fault]:
    """What makes a line unreadable."""
    wanted, picture = len(columns.headings), columns.place(PICTURE)
    if line.unclosed:
        remedy = "Close it; if the caption was broken over two lines, join them."
        yield Fault(line.number, f"A quotation mark is not closed in this line. {remedy}")
    elif len(line.cells) > wanted:
        remedy = 'Put a caption with a comma into quotation marks, and write "" for one inside.'
        yield Fault(line.number, f"{len(line.cells)} cells stand under {wanted} headings. {remedy}")
    elif not "".join(line.cells[picture : picture + 1]):
        remedy = "Delete it or join it with the line above; a note of your own begins with #."
        yield Fault(line.number, f'"{" ".join(line.cells)[:60].strip()}" names no picture. {remedy}')


def faults_of_entry(entry: Entry) -> Iterator[Fault]:
    verdict = normal(entry.words.get(KEEP, ""))
    if verdict not in KEPT + DROPPED:
        yield Fault(entry.number, f'"{entry.words[KEEP]}" is neither keep nor drop. Write keep or drop.')
    if entry.words.get(CAPTION) == NOTHING:
        yield Fault(entry.number, 'The caption is "-". Write one, or empty the cell to get the machine\'s back.')
    for meaning, text in entry.words.items():
        if meaning not in (KEEP, PICTURE, CAPTION) and text != NOTHING:
            yield from _faulty_values(entry.number, meaning, values_in(text))


def _faulty_values(number: int, slot: str, values: list[str]) -> Iterator[Fault]:
    choices = ", ".join(w.value for w in vocabulary().values(slot))
    if vocabulary().slot(slot).exclusive and len(values) > 1:
        yield Fault(number, f'A picture has one {slot}, not "{", ".join(values)}". Write one of them.')
    elif slot in CLOSED:
        for value in values:
            if not said_by_record({slot: value}).stated:
                yield Fault(number, f'"{value}" is no {slot}. Write one of: {choices}; or - for none.')
