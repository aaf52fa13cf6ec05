"""No angle and no action dies out in a choice, as far as one picture can take the place of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product
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
    if not lacking:
        return None
    safe, risky = _leavers(inside.values(), wanted, chosen.counts)
    pairs = [*product(safe, _comers(lacking, wanted, chosen.counts))]
    for out in risky:
        pairs += product([out], _comers(lacking, wanted, _less(chosen.counts, out)))
    worth = {Swap(*pair): found for pair in pairs if (found := _worth(*pair, wanted, chosen))}
    return max(worth, key=worth.get, default=None)


def _leavers(inside: Iterable[Candidate], wanted: Wanted, counts: Counter) -> tuple[list[Candidate], list[Candidate]]:
    """Those with which no value of ALIVE goes, one for each kind: the worst of the commonest. And all others."""
    safe, risky = {}, []
    for out in inside:
        if any(counts[key] == 1 and any(key[0] in group for group in ALIVE) for key in _keys(out.cell)):
            risky.append(out)
            continue
        kind, common = wanted.kind(out.cell), sum(counts[key] for key in _keys(out.cell))
        safe[kind] = max(safe.get(kind, (-1, -1, out)), (common, out.rank, out))
    return [out for *_, out in safe.values()], risky


def _comers(lacking: Iterable[Candidate], wanted: Wanted, counts: Counter) -> list[Candidate]:
    """Of those that are wanted alike and bring as much to `counts`, the best."""
    found: dict[tuple, Candidate] = {}
    for come in lacking:  # the best first
        found.setdefault((wanted.kind(come.cell), _brings(come.cell, counts)), come)
    return list(found.values())


def _worth(out: Candidate, come: Candidate, wanted: Wanted, chosen: Chosen) -> tuple | None:
    """What the swap brings back, how common what leaves is, and both ranks; None where it is of no use."""
    if not _serves_no_less(out.cell, come.cell, wanted):
        return None
    without = Chosen(chosen.ids[1:], _less(chosen.counts, out), chosen.cells)  # as many as there would be
    lost, brought = _brings(out.cell, without.counts), _brings(come.cell, without.counts)
    gained = tuple(b - a for a, b in zip(lost, brought, strict=True))
    if gained <= NOTHING or wanted.obstacle(come.cell, without):
        return None
    return gained, sum(without.counts[key] for key in _keys(out.cell)), -come.rank, out.rank


def _brings(cell: tuple[str, ...], counts: Counter) -> tuple[int, ...]:
    """How many values of each group of ALIVE are in `cell` and not in `counts`."""
    new = {slot for slot, value in _keys(cell) if not counts[slot, value]}
    return tuple(len(new.intersection(group)) for group in ALIVE)


def _serves_no_less(out: tuple[str, ...], come: tuple[str, ...], wanted: Wanted) -> bool:
    pairs = zip(SLOTS, out, come, strict=True)
    return all(before == after or not wanted.quotas.get(slot, {}).get(before) for slot, before, after in pairs)


def _less(counts: Counter, out: Candidate) -> Counter:
    return counts - Counter(_keys(out.cell))


def _swapped(chosen: Chosen, swap: Swap) -> Chosen:
    out, come = swap
    counts = _less(chosen.counts, out) + Counter(_keys(come.cell))
    cells = chosen.cells - Counter([out.cell]) + Counter([come.cell])
    return Chosen((*(id for id in chosen.ids if id != out.id), come.id), counts, cells)


def _keys(cell: tuple[str, ...]) -> list[tuple[str, str]]:
    return [key for key in zip(SLOTS, cell, strict=True) if key[1]]
