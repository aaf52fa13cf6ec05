"""One picture of a data set that is read back, with what its trainer would read beside it."""

from __future__ import annotations

from typing import NamedTuple


class FoundPicture(NamedTuple):
    """`file`, `mask`, `control` (the original, of an edit pair): paths below the data set's folder, "" for none.
    `caption`: what the trainer sees, on one line.

    `group`: the name of the subset that it is in, without repeats; "" where the format has none. `repeats`: how often
    an epoch shows it. `trigger`: where the data set itself names it. `notes`: what a trainer does without a word.
    """

    file: str
    caption: str = ""
    mask: str = ""
    group: str = ""
    repeats: int = 1
    trigger: str = ""
    notes: tuple[str, ...] = ()
    control: str = ""


class Words(NamedTuple):
    """A caption on one line, and what is odd about where it is from."""

    text: str = ""
    notes: tuple[str, ...] = ()
