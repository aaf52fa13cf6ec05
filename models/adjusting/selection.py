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


class Obstacle(NamedTuple):
    """reason: why no more pictures of a kind may be chosen. setting: the preset's, as it is written there."""

    reason: str
    setting: str


NOBODY = Chosen((), Counter(), Counter())


class Wanted(NamedTuple):
    """Of one character. total: None for as many as there are."""

    quotas: Quotas
    total: int | None
    balance: Balance

    def obstacle(self, cell: tuple[str, ...], chosen: Chosen) -> Obstacle | None:
        """Why no more picture of `cell` may be chosen, or None."""
        for slot, value in zip(SLOTS, cell, strict=True):
            wanted = self.quotas.get(slot)
            if wanted is None or not value:
                continue
            if value not in wanted and self.balance == "exact":
                reason = f"not wanted: {slot} {value} is not in the preset, and the balance is exact"
                return Obstacle(reason, 'balance = "exact"')
            if value in wanted and chosen.counts[slot, value] >= wanted[value]:
                reason = f"more than wanted: {slot} {value}, limit {wanted[value]}"
                return Obstacle(reason, f"{value} = {wanted[value]}")
        if self.total is not None and len(chosen.ids) >= self.total:
            reason = f"more than wanted: pictures of the character, limit {self.total}"
            return Obstacle(reason, f"total = {self.total}")
        return None

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
    pictures to be had. So what is scarce goes first. Equal gains: the rarer shot, angle, action and expression, then
    the kind (all four) chosen least so far, then the best rank. `useful`: stop where nothing more is gained.

    Candidates of one cell differ in rank alone, and a cell's gain and rarity only fall as more are chosen. So one heap
    of cells is enough, its top looked at again when it comes up (Minoux 1978): O(N log N).
    """
    before = chosen or NOBODY
    ids, counts, cells = list(before.ids), Counter(before.counts), Counter(before.cells)
    waiting: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    supply: Counter = Counter()
    for candidate in sorted(candidates, key=lambda c: c.rank, reverse=True):
        waiting[candidate.cell].append(candidate)  # the best at the end
        supply.update(zip(SLOTS, candidate.cell, strict=True))

    def entry(cell: tuple[str, ...]) -> tuple:
        gain, rarity = _gain(cell, wanted.quotas, counts, supply), _rarity(cell, counts, supply)
        return -gain, -rarity, cells[cell], waiting[cell][-1].rank, cell

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


def _rarity(cell: tuple[str, ...], counts: Counter, supply: Counter) -> float:
    """What `cell` adds to the variety: most for a value that is not there at all, and a quarter of that each time its
    number doubles; of two equally chosen, more for the one that fewer pictures have. What is unknown adds nothing."""
    keys = [key for key in zip(SLOTS, cell, strict=True) if key[1]]
    return sum(0.25 ** counts[key].bit_length() * (1 + 1 / supply[key]) for key in keys)
