"""Cancel, asked for at any moment in every long step: how long until it has gone, and that nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random

from ...models.parallel import core_count
from ...models.progress import Progress
from .contents import contents, difference
from .figure import Figure
from .longsteps import STEPS, Given

SHORT, LONG = 1, 8  # cancels of each step
BOUND = 1.0  # seconds
# Others' work on the processor, for each of its cores, above which its own time is counted in place of the clock's.
BUSY = 1.5


class Cancelled(BaseException):
    """As the host's."""


@dataclass
class Button:
    """Satisfies `Progress`: raises once somebody has asked for it."""

    asked_at: float = 0.0

    def ask(self) -> None:
        self.asked_at = clock()

    def __call__(self, done: int, total: int, name: str) -> None:
        if self.asked_at:
            raise Cancelled


@lru_cache(maxsize=1)
def clock_in_use() -> tuple[Callable[[], float], str]:
    """A clock, and what its seconds are."""
    if os.getloadavg()[0] > BUSY * core_count():
        return time.process_time, "s of the processor, on a busy machine"
    return time.monotonic, "s"


def clock() -> float:
    return clock_in_use()[0]()


@dataclass
class Found:
    """`latencies`: seconds from asking to having gone."""

    latencies: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    random, given = Random(11), Given(scratch / "given", long)
    for name, step in STEPS.items():
        found = _cancelled(step, given, scratch / "made", random, LONG if long else SHORT)
        worst, count = max(found.latencies, default=0.0), len(found.latencies)
        kept = bool(count) and worst <= BOUND and not found.told
        note = "; ".join(found.told[:3]) or f"the worst of {count}; then the next run equals an undisturbed one"
        yield Figure(
            "cancels",
            name,
            round(worst, 3),
            clock_in_use()[1],
            f"gone within {BOUND:g} s, and nothing lost",
            kept,
            note,
        )


def _cancelled(step: Callable, given: Given, place: Path, random: Random, times: int) -> Found:
    found = Found()
    _done(step, given, place, Button())  # what is imported or loaded at first
    seconds, wanted, files = _done(step, given, place, Button())
    while len(found.latencies) < times:
        _emptied(place)
        _until_asked(step, given, place, random.uniform(0, seconds), found)
        _, text, now = _done(step, given, place, Button(), anew=False)
        if wrong := difference(now, files) or ("it gave back something else" if text != wanted else ""):
            found.told.append(wrong)
    return found


def _until_asked(step: Callable, given: Given, place: Path, after: float, found: Found) -> None:
    button = Button()
    timer = threading.Timer(after, button.ask)
    timer.start()
    try:
        step(given, place, button)
    except Cancelled:
        found.latencies.append(clock() - button.asked_at)
    timer.cancel()


def _done(step: Callable, given: Given, place: Path, watch: Progress, anew: bool = True) -> tuple[float, str, dict]:
    if anew:
        _emptied(place)
    before = time.monotonic()
    result = step(given, place, watch)
    seconds = time.monotonic() - before
    return seconds, json.dumps(result, default=str, sort_keys=True), contents(place)


def _emptied(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
