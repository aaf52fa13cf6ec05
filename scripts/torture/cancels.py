"""Cancel, asked for at any moment in every long step: how long until it has gone, and that nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ...models.parallel import core_count
from ...models.progress import Progress
from .contents import contents, difference
from .figure import Figure
from .longsteps import STEPS, Given

SHORT, LONG = 1, 8  # cancels of each step
BOUND = 1.0  # seconds
SPIN = 0.05  # seconds of work by which the crowd is measured


class Cancelled(BaseException):
    """As the host's."""


@dataclass
class Button:
    """Satisfies `Progress`: raises once somebody has asked for it."""

    asked_at: float = 0.0

    def ask(self) -> None:
        self.asked_at = time.monotonic()

    def __call__(self, done: int, total: int, name: str) -> None:
        if self.asked_at:
            raise Cancelled


def crowd() -> float:
    """By how much a second of work is longer here, for what else runs: in the last minute, and just now."""
    lately = os.getloadavg()[0] / core_count() if hasattr(os, "getloadavg") else 1.0
    begun, end = time.monotonic(), time.thread_time() + SPIN
    while time.thread_time() < end:
        pass
    return max(1.0, lately, (time.monotonic() - begun) / SPIN)


@dataclass
class Found:
    """`latencies`: seconds from asking to having gone; `crowd`: the worst beside them."""

    crowd: float = 1.0
    latencies: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    random, given = Random(11), Given(scratch / "given", long)
    for name, step in STEPS.items():
        found = _cancelled(step, given, scratch / "made", random, LONG if long else SHORT)
        worst, count = max(found.latencies, default=0.0), len(found.latencies)
        bound = BOUND * found.crowd
        kept = bool(count) and worst <= bound and not found.told
        note = "; ".join(found.told[:3]) or f"the worst of {count}; then the next run equals an undisturbed one"
        yield Figure(
            "cancels",
            name,
            round(worst, 3),
            "s",
            f"gone within {BOUND:g} s (here {bound:.2g} s, for what else runs), and nothing lost",
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
        found.crowd = max(found.crowd, crowd())
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
        found.latencies.append(time.monotonic() - button.asked_at)
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
