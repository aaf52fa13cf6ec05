"""No angle and no action dies out in a choice, as far as one picture can take the place of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .selection import SLOTS, Candidate, Chosen, Wanted

ALIVE = (("angle", "action"), ("expression",))  # slots of which no value should die out, the weightier first
NOTHING = (0, 0)  # of either group


class Swap(NamedTuple):
    out: Candidate
    come: Candidate


def keep_alive(candidates: Sequence[Candidate], wanted: Wanted, chosen: Chosen) -> Chosen:
    """Swap pictures while that brings back an angle, an action or, failing these, an expression that `chosen` lacks.

        front stand | front stand | side run      back has died out
        front stand | back walk   | side run      one of the two that are alike makes room

    No wish is met less for it, every limit holds, and no angle and no action dies out instead. Of `chosen` only
    `candidates` are swapped; a crop stays.
    """
    while (swap := _best_swap(candidates, wanted, chosen)) is not None:
        chosen = _swapped(chosen, swap)
    return chosen


def _best_swap(candidates: Iterable[Candidate], wanted: Wanted, chosen: Chosen) -> Swap | None:
    """Brings back most, then takes from the commonest. One picture speaks for all of its cell, for they differ in rank
    alone: the worst leaves, the best comes."""
    taken = set(chosen.ids)
    inside, outside = {}, {}
    for candidate in sorted(candidates, key=lambda c: c.rank):
        if candidate.id in taken:
            inside[candidate.cell] = candidate
        else:
            outside.setdefault(candidate.cell, candidate)
    lacking = [c for c in outside.values() if any(_brings(c.cell, chosen.counts))]
    worth = {}
    for out in inside.values() if lacking else ():
        without = _without(chosen, out)
        lost = _brings(out.cell, without.counts)
        common = sum(without.counts[key] for key in _keys(out.cell))
        for come in (c for c in lacking if _serves_no_less(out.cell, c.cell, wanted)):
            gained = tuple(b - a for a, b in zip(lost, _brings(come.cell, without.counts), strict=True))
            if gained > NOTHING and not wanted.obstacle(come.cell, without):
                worth[Swap(out, come)] = gained, common, -come.rank, out.rank
    return max(worth, key=worth.get, default=None)


def _brings(cell: tuple[str, ...], counts: Counter) -> tuple[int, ...]:
    """How many values of each group of ALIVE are in `cell` and not in `counts`."""
    new = {slot for slot, value in _keys(cell) if not counts[slot, value]}
    return tuple(len(new.intersection(group)) for group in ALIVE)


def _serves_no_less(out: tuple[str, ...], come: tuple[str, ...], wanted: Wanted) -> bool:
    pairs = zip(SLOTS, out, come, strict=True)
    return all(before == after or not wanted.quotas.get(slot, {}).get(before) for slot, before, after in pairs)


def _without(chosen: Chosen, out: Candidate) -> Chosen:
    ids = tuple(id for id in chosen.ids if id != out.id)
    return Chosen(ids, chosen.counts - Counter(_keys(out.cell)), chosen.cells - Counter([out.cell]))


def _swapped(chosen: Chosen, swap: Swap) -> Chosen:
    left = _without(chosen, swap.out)
    counts, cells = left.counts + Counter(_keys(swap.come.cell)), left.cells + Counter([swap.come.cell])
    return Chosen((*left.ids, swap.come.id), counts, cells)


def _keys(cell: tuple[str, ...]) -> list[tuple[str, str]]:
    return [key for key in zip(SLOTS, cell, strict=True) if key[1]]
