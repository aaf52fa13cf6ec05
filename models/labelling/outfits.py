"""Which things a character changes together: constant inside an outfit, different between outfits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .agreement import Agreement
from .facts import Facts
from .lexicon import lexicon
from .traits import Trait
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


def find_outfits(
    facts: Facts, agreement: Agreement, traits: list[Trait], character: np.ndarray, threshold: float
) -> tuple[Outfit, ...]:
    """Linear in the pictures; for each character a product of (pictures x traits) matrices."""
    wanted = np.array([t.like in lexicon()["outfit"] for t in traits] or [False])
    varies = wanted[agreement.trait] & (agreement.share < threshold) & (agreement.agree >= FEWEST_PICTURES)
    owner = character[facts.picture]
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(int(character.max(initial=-1)) + 2))
    found = []
    for who in np.unique(agreement.character[varies]).tolist():
        rows = np.flatnonzero(varies & (agreement.character == who))
        rows = np.array(sorted(rows.tolist(), key=lambda r: _commonest_first(agreement, traits, r))[:MOST_TRAITS])
        mine = np.sort(order[starts[who] : starts[who + 1]])
        shown, visible = _matrices(facts, mine, np.flatnonzero(character == who), agreement.trait[rows], traits)
        for group in _groups(shown, visible, [traits[t] for t in agreement.trait[rows]]):
            numbers = agreement.trait[rows][group]
            found.append(Outfit(who, tuple(numbers.tolist()), int(agreement.agree[rows][group].max())))
    return tuple(found)


def _commonest_first(agreement: Agreement, traits: list[Trait], row: int) -> tuple:
    return -int(agreement.agree[row]), traits[int(agreement.trait[row])].place


def _matrices(facts: Facts, mine, pictures, wanted, traits) -> tuple[np.ndarray, np.ndarray]:
    """(pictures, traits) of 0 and 1: whether the trait is shown, and whether it could be."""
    column = np.full(len(traits), -1)
    column[wanted] = np.arange(len(wanted))
    visible = facts.visible[view_numbers(traits)[wanted]][:, pictures].T.astype(np.float32)
    mine = mine[column[facts.trait[mine]] >= 0]
    shown = np.zeros_like(visible)
    shown[np.searchsorted(pictures, facts.picture[mine]), column[facts.trait[mine]]] = 1
    return shown * visible, visible


def _groups(shown: np.ndarray, visible: np.ndarray, traits: list[Trait]) -> list[list[int]]:
    """Traits that come together; and single ones that another outfit's piece of the same slot replaces."""
    both, n = shown.T @ shown, visible.T @ visible
    together = (_phi(shown, visible, both, n) >= TOGETHER) & (both >= FEWEST_PICTURES)
    slot = np.array([t.like if t.like in lexicon()["rivals"] else "" for t in traits])
    rival = (slot[:, None] == slot[None, :]) & (slot != "")[:, None] & (both == 0)
    groups, seen = [], set()
    for start in range(len(traits)):
        group = _reach(together, start, seen)
        if len(group) > 1 or (group and rival[start].any()):
            groups.append(sorted(group))
    return groups


def _phi(shown, visible, both, n) -> np.ndarray:
    """Pearson's correlation of two yes-no answers, over the pictures that can show both."""
    a = shown.T @ visible  # a[i, j]: pictures that show i and could show j
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
