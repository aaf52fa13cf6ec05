"""Which pictures can show which traits: what cannot be seen has no vote."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..vocabulary import Hidden, vocabulary
from .rows import Rows
from .traits import NOTHING, Trait, TraitBook


def slot_numbers(traits: list[Trait]) -> np.ndarray:
    """Each trait's place among the vocabulary's slots; the number after the last for what is not known."""
    position = {s.id: i for i, s in enumerate(vocabulary().slots)}
    return np.array([position.get(t.like, len(position)) for t in traits] or [0])


def view_numbers(traits: list[Trait]) -> np.ndarray:
    """Each trait's row in what `visible` gives: its word's (freckles), else its slot's (body)."""
    slots, own = vocabulary().slots, _words_apart()
    row = {word: len(slots) + 1 + i for i, word in enumerate(own)}
    numbers = slot_numbers(traits)
    for number, trait in enumerate(traits):
        # "red scarf" is no word of the vocabulary, but is hidden where a scarf is.
        general = traits[trait.implies] if trait.implies != NOTHING and not trait.exclusive else trait
        if general.slot == trait.like:
            numbers[number] = row.get((general.slot, general.value), numbers[number])
    return numbers


def slots_of_views() -> np.ndarray:
    """For each row of `visible` the number of the slot that it belongs to."""
    slots = vocabulary().slots
    position = {s.id: i for i, s in enumerate(slots)}
    return np.array([*range(len(slots) + 1), *(position[slot] for slot, _ in _words_apart())])


def visible(rows: Rows, pictures: int, book: TraitBook) -> np.ndarray:
    """(views, pictures) of bool: one row for each slot, one that is all True for what is not known, and one for each
    word of the vocabulary that is hidden under other conditions than its slot."""
    slots, apart = vocabulary().slots, _words_apart()
    numbers = {(t.slot, t.value): n for n, t in enumerate(book.traits)}
    hiding = [*(s.hidden_when for s in slots), (), *apart.values()]
    shown = np.ones((len(hiding), pictures), bool)
    for row, conditions in zip(shown, hiding, strict=True):
        for fact in conditions:
            if fact in numbers:
                row[rows.picture[rows.trait == numbers[fact]]] = False
    return shown


@lru_cache(maxsize=1)
def _words_apart() -> dict[tuple[str, str], Hidden]:
    """(slot, value) -> conditions, of the words that are hidden under other conditions than their slot."""
    of_slot = {s.id: s.hidden_when for s in vocabulary().slots}
    return {(w.slot, w.value): w.hidden_when for w in vocabulary().words if w.hidden_when != of_slot[w.slot]}
