"""What the other characters of the set say about a trait: a feature that all share is nobody's own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .agreement import Agreement
from .traits import Trait, caption_ranks
from .visibility import slot_numbers, view_numbers

# Other characters named in a row of the table; the counts are over all of them.
NAMED = 3


class Contrast(NamedTuple):
    """For each row of an `Agreement`: how many other characters had a vote on it, and how many of them agree on
    the same trait."""

    voting: np.ndarray
    same: np.ndarray


def contrast(agreement: Agreement, traits: list[Trait], threshold: float) -> Contrast:
    """Linear in the rows: totals over all characters, less the row's own."""
    slot, view = slot_numbers(traits)[agreement.trait], view_numbers(traits)[agreement.trait]
    exclusive = np.array([t.exclusive for t in traits] or [False])[agreement.trait]
    votes_one = (agreement.answered > 0).sum(0)[slot] - (agreement.answered[agreement.character, slot] > 0)
    votes_many = (agreement.present > 0).sum(0)[view] - (agreement.present[agreement.character, view] > 0)
    alike = (agreement.share >= threshold) & (agreement.observable > 0)
    same = np.bincount(agreement.trait, alike, minlength=max(1, len(traits)))[agreement.trait] - alike
    return Contrast(np.where(exclusive, votes_one, votes_many), same.astype(np.int64))


class Others:
    """Says in words what other characters have in a trait's slot: `rook: brown 9 of 9`."""

    def __init__(self, agreement: Agreement, traits: list[Trait], names: list[str]) -> None:
        self._agreement, self._traits, self._names = agreement, traits, names
        self._view = view_numbers(traits)
        self._found: dict[tuple[int, int], int] = {}
        self._leading: dict[tuple[int, str], int] = {}
        order = np.lexsort((-caption_ranks(traits)[agreement.trait], agreement.agree))
        for row in order.tolist():  # the most frequent comes last and stays
            who, what = int(agreement.character[row]), int(agreement.trait[row])
            self._found[who, what] = row
            if agreement.agree[row] and traits[what].exclusive:
                self._leading[who, traits[what].slot] = row

    def say(self, row: int) -> str:
        own, what = int(self._agreement.character[row]), int(self._agreement.trait[row])
        others = [c for c in range(min(len(self._names), NAMED + 1)) if c != own][:NAMED]
        told = [f"{self._names[c]}: {answer}" for c in others if (answer := self._answer(c, what))]
        more = len(self._names) - 1 - len(others)
        return ", ".join(told) + (f" and {more} more" if more > 0 and told else "")

    def _answer(self, character: int, what: int) -> str:
        trait = self._traits[what]
        if trait.exclusive:
            row = self._leading.get((character, trait.slot))
            if row is None:
                return ""
            value = self._traits[int(self._agreement.trait[row])].value
            return f"{value} {self._agreement.agree[row]} of {self._agreement.observable[row]}"
        row = self._found.get((character, what))
        present = int(self._agreement.present[character, self._view[what]])
        agree = 0 if row is None else int(self._agreement.agree[row])
        return f"{agree} of {max(agree, present)}" if present or agree else ""
