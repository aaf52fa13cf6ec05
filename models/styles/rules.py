"""A person's rules for the first sub-style: `night, moon -> ink_wash`, the first that fits is taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..errors import TroupeError
from ..samples.sample import SubStyle
from ..vocabulary import normal
from .naming import require_style

ARROW = "->"
EVERYTHING = "*"


class Rule(NamedTuple):
    """Fits where any of `cases` has all its words in the description; `*` and `?` stand for letters."""

    cases: tuple[tuple[str, ...], ...]
    style: SubStyle
    place: str

    def fits(self, said: Collection[str]) -> bool:
        """`said`: by a description, as phrases."""
        return any(all(_said(word, said) for word in case) for case in self.cases)

    @property
    def always(self) -> bool:
        return any(all(word == EVERYTHING for word in case) for case in self.cases)


def read_rules(text: str, styles: Sequence[SubStyle]) -> tuple[Rule, ...]:
    """One rule a line, `#` begins a comment: `word, word -> style` for any of the words, `word + word -> style` for all
    of them, `* -> style` for everything else."""
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        left, arrow, right = line.rpartition(ARROW)
        cases = tuple(_words(case) for case in left.split(",") if case.strip())
        if not arrow or not right.strip() or not cases or not all(cases):
            raise TroupeError(
                f"Line {number} of the rules is no rule", item=repr(line), remedy="Write it as: night, moon -> ink_wash"
            )
        rules.append(Rule(cases, require_style(right, styles, f" in line {number} of the rules"), f"line {number}"))
    return tuple(rules)


def is_rules(text: str) -> bool:
    return ARROW in text


def _words(case: str) -> tuple[str, ...]:
    return tuple(normal(word) for word in case.split("+") if word.strip())


def _said(word: str, said: Collection[str]) -> bool:
    return word == EVERYTHING or any(fnmatchcase(phrase, word) for phrase in said)
