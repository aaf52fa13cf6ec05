"""A review table brought up to date with the set: what machines wrote is renewed, what a person wrote stays.

A cell is a person's when it says something else than a machine ever wrote there, so what was written is remembered
beside the table. An emptied cell is given back to the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from .columns import KEEP, PICTURE, Columns
from .entry import Entry

Words = Mapping[str, str]  # by column's meaning: caption, or a slot
GONE = "# Not in the set now. Kept because you wrote here, and used again when the picture comes back."


class Merged(NamedTuple):
    """`entries`: one for each picture of the set, in the table's order; `gone`: those of no picture."""

    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    new: int = 0


def merged(
    entries: Sequence[Entry], columns: Columns, machine: Mapping[str, Words], before: Mapping[str, Words]
) -> Merged:
    """`machine`: what is known of each picture now, by picture; `before`: what was known when the table was written.

    Old lines keep their order, new pictures come after them in the order of `machine`.
    """
    entries = [_named(entry, columns, machine) for entry in entries]
    known = {e.picture for e in entries}
    live = tuple(_renewed(e, columns, machine[e.picture], before) for e in entries if e.picture in machine)
    new = tuple(_fresh(p, columns, words) for p, words in machine.items() if p not in known)
    lost = (_without_mark(e) for e in entries if e.picture not in machine)
    gone = tuple(e for e in lost if _has_own_words(e, columns, before))
    return Merged((*live, *new), gone, len(new) if entries else 0)


def _named(entry: Entry, columns: Columns, machine: Mapping[str, Words]) -> Entry:
    """A picture's name that an old Excel has spoilt is put right where only one can be meant."""
    alike = (
        [] if entry.picture in machine or "?" not in entry.picture else [p for p in machine if _same(entry.picture, p)]
    )
    if len(alike) != 1:
        return entry
    return _with_words(replace(entry, picture=alike[0]), columns, entry.words)


def own_words(entry: Entry, machine: Words, before: Words) -> dict[str, str]:
    """What a person wrote into the line, by column's meaning."""
    return {
        meaning: text
        for meaning, text in entry.words.items()
        if meaning not in (KEEP, PICTURE)
        and text
        and not any(_same(text, w.get(meaning, "")) for w in (machine, before))
    }


def _same(text: str, machine: str) -> bool:
    """Old Excels save what their code page lacks as question marks: such a cell was not edited."""
    return text == machine or (
        len(text) == len(machine)
        and all(a == b or (a == "?" and ord(b) > 127) for a, b in zip(text, machine, strict=True))
    )


def _renewed(entry: Entry, columns: Columns, machine: Words, before: Mapping[str, Words]) -> Entry:
    own = own_words(entry, machine, before.get(entry.picture, {}))
    return _with_words(_without_mark(entry), columns, {**{m: machine.get(m, "") for m in entry.words}, **own})


def _fresh(picture: str, columns: Columns, machine: Words) -> Entry:
    blank = Entry(picture, ("",) * len(columns.headings), {})
    return _with_words(blank, columns, {**machine, KEEP: KEEP, PICTURE: picture})


def _with_words(entry: Entry, columns: Columns, words: Words) -> Entry:
    said = {**words, PICTURE: entry.picture, KEEP: entry.words.get(KEEP, words.get(KEEP, ""))}
    pairs = zip(columns.meanings, entry.cells, strict=True)
    cells = tuple(said.get(meaning, cell) if meaning else cell for meaning, cell in pairs)
    read = {meaning: cell for meaning, cell in zip(columns.meanings, cells, strict=True) if meaning}
    return Entry(entry.picture, cells, read, entry.number, entry.above)


def _has_own_words(entry: Entry, columns: Columns, before: Mapping[str, Words]) -> bool:
    notes = (cell for meaning, cell in zip(columns.meanings, entry.cells, strict=True) if not meaning)
    return bool(entry.dropped or entry.above or any(notes) or own_words(entry, {}, before.get(entry.picture, {})))


def _without_mark(entry: Entry) -> Entry:
    return replace(entry, above=tuple(comment for comment in entry.above if comment != GONE))


def remembered(machine: Mapping[str, Words], before: Mapping[str, Words], gone: Iterable[Entry]) -> dict[str, Words]:
    """What to know when the table is read again; of gone pictures what was known last."""
    return {**{e.picture: before[e.picture] for e in gone if e.picture in before}, **machine}
