"""Which things a character changes together: constant inside an outfit, different between outfits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from .agreement import Agreement
from .facts import Facts
from .lexicon import lexicon
from .traits import NOTHING, Trait
from .visibility import view_numbers

# Fewer pictures are no outfit but an exception.
FEWEST_PICTURES = 3
# The correlation (phi) of two things that are worn together: 0.7 explains half the variance of one by the other.
TOGETHER = 0.7
# Traits of one character that are compared with each other; the rarer ones are not an outfit's core.
MOST_TRAITS = 200


class Outfit(NamedTuple):
    """`traits`: numbers of what is worn together; `pictures`: in how many, at most."""

    character: int
    traits: tuple[int, ...]
    pictures: int


class Piece(NamedTuple):
    """A trait that may be a part of an outfit, and the view (`visibility.py`) that shows it."""

    slot: str
    value: str
    view: int


class Worn(NamedTuple):
    """Of one character's traits, (traits, traits) of whole numbers, which add up over the parts of a set. [i, j]:
    pictures that show `both`; that show i and could show j (`one`); that `could` show both."""

    both: np.ndarray
    one: np.ndarray
    could: np.ndarray


def changing(agreement: Agreement, traits: list[Trait], threshold: float) -> dict[int, list[int]]:
    """Of each character the rows of what it might change together, the commonest first."""
    wanted = np.array([t.like in lexicon()["outfit"] for t in traits] or [False])
    varies = wanted[agreement.trait] & (agreement.share < threshold) & (agreement.agree >= FEWEST_PICTURES)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(varies).tolist():
        rows.setdefault(int(agreement.character[row]), []).append(row)
    return {
        who: sorted(own, key=partial(_commonest_first, agreement, traits))[:MOST_TRAITS] for who, own in rows.items()
    }


def pieces(agreement: Agreement, traits: list[Trait], rows: Sequence[int]) -> tuple[Piece, ...]:
    views, numbers = view_numbers(traits), agreement.trait[list(rows)].tolist()
    return tuple(Piece(traits[n].slot, traits[n].value, int(views[n])) for n in numbers)


def count_worn(
    facts: Facts, traits: list[Trait], character: np.ndarray, wanted: Mapping[int, Sequence[Piece]]
) -> dict[int, Worn]:
    """Of each character in `wanted`. Linear in the pictures; a product of (pictures x pieces) matrices for each."""
    number = {(t.slot, t.value): n for n, t in enumerate(traits)}
    owner = character[facts.picture]
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(int(character.max(initial=-1)) + 2))
    found = {}
    for who, some in wanted.items():
        column = np.full(len(traits), -1)
        known = {number.get((p.slot, p.value), NOTHING): place for place, p in enumerate(some)}
        known.pop(NOTHING, None)
        column[list(known)] = list(known.values())
        mine = np.sort(order[starts[who] : starts[who + 1]])
        shown, visible = _matrices(facts, mine, np.flatnonzero(character == who), column, [p.view for p in some])
        products = shown.T @ shown, shown.T @ visible, visible.T @ visible
        found[who] = Worn(*(product.astype(np.int64) for product in products))
    return found


def find_outfits(
    agreement: Agreement, traits: list[Trait], rows: Mapping[int, list[int]], worn: Mapping[int, Worn]
) -> tuple[Outfit, ...]:
    """`rows`: as in `changing`; `worn`: of the whole set, in the same order."""
    found = []
    for who, own in rows.items():
        numbers = agreement.trait[own]
        for group in _groups(worn[who], [traits[t] for t in numbers]):
            found.append(Outfit(who, tuple(numbers[group].tolist()), int(agreement.agree[own][group].max())))
    return tuple(found)


def _commonest_first(agreement: Agreement, traits: list[Trait], row: int) -> tuple:
    return -int(agreement.agree[row]), traits[int(agreement.trait[row])].place


def _matrices(facts: Facts, mine, pictures, column, views) -> tuple[np.ndarray, np.ndarray]:
    """(pictures, pieces) of 0 and 1: whether the piece is shown, and whether it could be. `mine`: numbers of the facts
    about `pictures`; `column[t]`: the place of trait t among the pieces, or -1."""
    visible = facts.visible[views][:, pictures].T.astype(np.float32)
    mine = mine[column[facts.trait[mine]] >= 0]
    shown = np.zeros_like(visible)
    shown[np.searchsorted(pictures, facts.picture[mine]), column[facts.trait[mine]]] = 1
    return shown * visible, visible


def _groups(worn: Worn, traits: list[Trait]) -> list[list[int]]:
    """Traits that come together; and single ones that another outfit's piece of the same slot replaces."""
    together = (_phi(worn) >= TOGETHER) & (worn.both >= FEWEST_PICTURES)
    slot = np.array([t.like if t.like in lexicon()["rivals"] else "" for t in traits])
    rival = (slot[:, None] == slot[None, :]) & (slot != "")[:, None] & (worn.both == 0)
    groups, seen = [], set()
    for start in range(len(traits)):
        group = _reach(together, start, seen)
        if len(group) > 1 or (group and rival[start].any()):
            groups.append(sorted(group))
    return groups


def _phi(worn: Worn) -> np.ndarray:
    """Pearson's correlation of two yes-no answers, over the pictures that can show both."""
    both, a, n = (number.astype(np.float64) for number in worn)
    b = a.T
    spread = np.sqrt(np.maximum(a * (n - a) * b * (n - b), 0))
    return np.divide(n * both - a * b, spread, out=np.zeros_like(both), where=spread > 0)


def _reach(linked: np.ndarray, start: int, seen: set[int]) -> list[int]:
    group, waiting = [], [start]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        group.append(here)
        waiting.extend(np.flatnonzero(linked[here]).tolist())
    return group
