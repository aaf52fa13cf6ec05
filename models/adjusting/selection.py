"""Which pictures to keep so that every wish is met as well as these pictures can meet it."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .waiting import Needs, Waiting
from .wishes import SLOTS, Balance

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

    def kind(self, cell: tuple[str, ...]) -> tuple[str | None, ...]:
        """What both `obstacle` and the gain of a cell depend on: None for a value that no wish names, "" where it does
        not matter."""
        known = (value if slot in self.quotas else "" for slot, value in zip(SLOTS, cell, strict=True))
        return tuple(
            value if not value or value in self.quotas[slot] else None for slot, value in zip(SLOTS, known, strict=True)
        )

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

    The time is that of sorting, and for each picture chosen that of a look at the kinds of which wishes tell: few,
    however varied the pictures are.
    """
    waiting = Waiting(candidates, chosen or NOBODY)
    if waiting.left:
        _serve(waiting, wanted)
    if not useful:
        _fill_up(waiting, wanted)
    return Chosen(tuple(waiting.ids), waiting.counts, waiting.cells)


def _serve(waiting: Waiting, wanted: Wanted) -> None:
    """While anything is gained, from the kind that gains most."""
    kinds = defaultdict(list)
    for cell in waiting.left:
        kinds[wanted.kind(cell)].append(cell)
    needs = Needs(list(kinds), wanted.quotas, waiting.counts, waiting.supply)
    queues = [waiting.queue(cells) for cells in kinds.values()]
    while True:
        gain, best = needs.most()
        if not gain:
            return
        kind = min(best, key=lambda n: waiting.next_of(queues[n]))
        if _full(waiting, wanted, queues[kind][0][-1]):
            needs.close(kind)  # a limit once reached stays reached
            continue
        waiting.take(queues[kind])
        needs.met(kind)
        if not queues[kind]:
            needs.close(kind)


def _fill_up(waiting: Waiting, wanted: Wanted) -> None:
    """With all that fits, by variety alone: nothing is gained any more."""
    queue = waiting.queue(waiting.left)
    while queue:
        *_, cell = waiting.next_of(queue)
        if _full(waiting, wanted, cell):
            heapq.heappop(queue)
        else:
            waiting.take(queue)


def _full(waiting: Waiting, wanted: Wanted, cell: tuple[str, ...]) -> bool:
    return wanted.obstacle(cell, Chosen(waiting.ids, waiting.counts, waiting.cells)) is not None
