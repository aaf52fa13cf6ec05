"""Which pictures to keep so that every wish is met as well as these pictures can meet it."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .wishes import AXES, Balance

SLOTS = tuple(AXES.values())
Quotas = Mapping[str, Mapping[str, int]]  # slot -> value -> pictures wanted


class Candidate(NamedTuple):
    """cell: the values in SLOTS, "" where nothing is known. rank: lower is better."""

    id: str
    cell: tuple[str, ...]
    rank: int


class Chosen(NamedTuple):
    """ids: in order of choice. counts: (slot, value) -> chosen. cells: cell -> chosen."""

    ids: Sequence[str]
    counts: Counter
    cells: Counter


NOBODY = Chosen((), Counter(), Counter())


class Wanted(NamedTuple):
    """Of one character. total: None for as many as there are."""

    quotas: Quotas
    total: int | None
    balance: Balance

    def obstacle(self, cell: tuple[str, ...], chosen: Chosen) -> str:
        """Why no more picture of `cell` may be chosen, or ""."""
        for slot, value in zip(SLOTS, cell, strict=True):
            wanted = self.quotas.get(slot)
            if wanted is None or not value:
                continue
            if value not in wanted and self.balance == "exact":
                return f"not wanted: {slot} {value} is not in the preset, and the balance is exact"
            if value in wanted and chosen.counts[slot, value] >= wanted[value]:
                return f"more than wanted: {slot} {value}, limit {wanted[value]}"
        if self.total is not None and len(chosen.ids) >= self.total:
            return f"more than wanted: pictures of the character, limit {self.total}"
        return ""

    def missing(self, chosen: Chosen) -> dict[str, dict[str, int]]:
        """Pictures still wanted: slot -> value -> count, without noughts."""
        short = {
            slot: {value: n - chosen.counts[slot, value] for value, n in values.items()}
            for slot, values in self.quotas.items()
        }
        positive = {slot: {value: n for value, n in values.items() if n > 0} for slot, values in short.items()}
        return {slot: values for slot, values in positive.items() if values}


def select(
    candidates: Iterable[Candidate], wanted: Wanted, chosen: Chosen | None = None, useful: bool = False
) -> Chosen:
    """Greedy: again and again the candidate with the highest gain that fits within every limit, on top of `chosen`.

    A candidate gains, for each wish that it serves, how much of what is there is needed: pictures still wanted over
    pictures to be had. So what is scarce goes first. Equal gains: the kind (shot, angle, action, expression) chosen
    least so far, then the best rank. `useful`: stop where nothing more is gained.

    Candidates of one cell differ in rank alone, and a cell's gain only falls as wishes are met. So one heap of cells
    is enough, its top looked at again when it comes up (Minoux 1978): O(N log N).
    """
    before = chosen or NOBODY
    ids, counts, cells = list(before.ids), Counter(before.counts), Counter(before.cells)
    waiting: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    supply: Counter = Counter()
    for candidate in sorted(candidates, key=lambda c: c.rank, reverse=True):
        waiting[candidate.cell].append(candidate)  # the best at the end
        supply.update(zip(SLOTS, candidate.cell, strict=True))

    def entry(cell: tuple[str, ...]) -> tuple:
        return -_gain(cell, wanted.quotas, counts, supply), cells[cell], waiting[cell][-1].rank, cell

    heap = [entry(cell) for cell in waiting]
    heapq.heapify(heap)
    while heap:
        cell = heap[0][-1]
        now = entry(cell)
        if now != heap[0]:
            heapq.heapreplace(heap, now)
        elif wanted.obstacle(cell, Chosen(ids, counts, cells)) or (useful and not now[0]):
            heapq.heappop(heap)  # a limit once reached stays reached
        else:
            ids.append(waiting[cell].pop().id)
            cells[cell] += 1
            counts.update(zip(SLOTS, cell, strict=True))
            if not waiting[cell]:
                heapq.heappop(heap)
    return Chosen(tuple(ids), counts, cells)


def _gain(cell: tuple[str, ...], quotas: Quotas, counts: Counter, supply: Counter) -> float:
    gain = 0.0
    for slot, value in zip(SLOTS, cell, strict=True):
        missing = quotas.get(slot, {}).get(value, 0) - counts[slot, value]
        gain += min(1.0, max(0, missing) / supply[slot, value])
    return gain
