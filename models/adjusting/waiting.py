"""Candidates that wait to be chosen: who comes next of a kind, and which kind is needed most."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from .wishes import SLOTS

if TYPE_CHECKING:
    from .selection import Candidate, Chosen

Cell = tuple[str, ...]
Turn = tuple[float, int, int, Cell]  # the least comes first


class Waiting:
    """Candidates by cell, and what was chosen so far. Those of one cell differ in rank alone, and as more are chosen a
    cell only moves back; so a queue of cells is enough, its top looked at again when it comes up (Minoux 1978)."""

    def __init__(self, candidates: Iterable[Candidate], before: Chosen) -> None:
        self.ids, self.counts, self.cells = list(before.ids), Counter(before.counts), Counter(before.cells)
        self.supply: Counter = Counter()
        self._of: dict[Cell, list[Candidate]] = defaultdict(list)
        for candidate in sorted(candidates, key=lambda c: c.rank, reverse=True):
            self._of[candidate.cell].append(candidate)  # the best at the end
            self.supply.update(zip(SLOTS, candidate.cell, strict=True))

    @property
    def left(self) -> list[Cell]:
        """The cells in which somebody waits."""
        return [cell for cell, candidates in self._of.items() if candidates]

    def queue(self, cells: Iterable[Cell]) -> list[Turn]:
        turns = [self._turn(cell) for cell in cells]
        heapq.heapify(turns)
        return turns

    def next_of(self, queue: list[Turn]) -> Turn:
        """The cell whose turn it is."""
        while (now := self._turn(queue[0][-1])) != queue[0]:
            heapq.heapreplace(queue, now)
        return now

    def take(self, queue: list[Turn]) -> None:
        """Choose the best of the cell whose turn it is."""
        cell = queue[0][-1]
        self.ids.append(self._of[cell].pop().id)
        self.cells[cell] += 1
        self.counts.update(zip(SLOTS, cell, strict=True))
        if not self._of[cell]:
            heapq.heappop(queue)

    def _turn(self, cell: Cell) -> Turn:
        return -self._rarity(cell), self.cells[cell], self._of[cell][-1].rank, cell

    def _rarity(self, cell: Cell) -> float:
        """What `cell` adds to the variety: most for a value that is not there at all, and a quarter of that each time
        its number doubles; of two equally chosen, more for the one that fewer pictures have. What is unknown adds
        nothing."""
        keys = [key for key in zip(SLOTS, cell, strict=True) if key[1]]
        return sum(0.25 ** self.counts[key].bit_length() * (1 + 1 / self.supply[key]) for key in keys)


class Needs:
    """How much each kind gains: for each wish that it serves, pictures still wanted over pictures to be had."""

    def __init__(
        self, kinds: Sequence[tuple], quotas: Mapping[str, Mapping[str, int]], counts: Counter, supply: Counter
    ) -> None:
        keys = list(dict.fromkeys(key for kind in kinds for key in zip(SLOTS, kind, strict=True)))
        self._kinds, self._quotas, self._counts, self._supply = kinds, quotas, counts, supply
        self._place = {key: n for n, key in enumerate(keys)}
        self._need = np.array([self._of(*key) for key in keys])
        self._parts = np.array([[self._place[key] for key in zip(SLOTS, kind, strict=True)] for kind in kinds]).T
        self._open = np.ones(len(kinds), bool)

    def most(self) -> tuple[float, list[int]]:
        """The highest gain, and the numbers of the kinds that have it; nought when nothing is gained any more."""
        gains = np.where(self._open, reduce(np.add, self._need[self._parts]), 0.0)
        return float(gains.max()), np.flatnonzero(gains == gains.max()).tolist()

    def close(self, kind: int) -> None:
        """No more of this kind."""
        self._open[kind] = False

    def met(self, kind: int) -> None:
        """One of this kind was chosen."""
        for key in zip(SLOTS, self._kinds[kind], strict=True):
            self._need[self._place[key]] = self._of(*key)

    def _of(self, slot: str, value: str | None) -> float:
        missing = self._quotas.get(slot, {}).get(value, 0) - self._counts[slot, value]
        return min(1.0, missing / self._supply[slot, value]) if missing > 0 else 0.0
