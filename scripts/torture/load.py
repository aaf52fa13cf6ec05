"""Prompts queued one after another, cancels and failures among them: a host stays as small and as quick as it was."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..devkit import hosts, places
from ..devkit.api import HostApi
from ..devkit.basefolder import make_base
from ..devkit.serverprocess import HostProcess
from . import loadprompts
from .figure import Figure
from .hostwatch import Asking, Usage, leftovers, usage
from .promptqueue import DELETED, FAILED, INTERRUPTED, REFUSED, WELL, PromptQueue

SHORT, LONG = 2, 23  # rounds, of nine prompts each
# MB. Torch, Pillow and the allocator keep what they may need again, which comes and goes by 60 MB from one round to the
# next; hence memory is handed back (`trimming`) before it is measured. Packages that are imported late, and the host's
# record of every prompt, of some fifty small objects each, are within the rest.
MOST_GROWTH = 40
MORE_THREADS, MORE_FILES = 4, 4  # pools that fill as they are needed; a connection that is being closed
# Seconds. The host collects its garbage every ten, and nothing else runs meanwhile: 0.3 s on a quiet machine.
SLOWEST = 1.0


class Ended(NamedTuple):
    wanted: str
    found: str


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    rounds, temporary = LONG if long else SHORT, scratch / "tmp"
    temporary.mkdir(parents=True)
    base = make_base(scratch / "base", (("troupe", places.ROOT), ("trimming", Path(__file__).parent / "trimming")))
    loadprompts.make_pictures(base / "input")
    host = HostProcess(hosts.for_tests(places.home()), base, extra=("--cpu",), env={"TMPDIR": str(temporary)})
    try:
        host.start()
        queue, own = PromptQueue(HostApi(host.url)), leftovers(base, temporary)
        with Asking(queue.api) as asked:
            ended, usages = run_rounds(host, queue, rounds)
        with Asking(queue.api) as asked_alone:
            alone = grown_alone(host, queue, len(ended))
    finally:
        host.stop()
    yield told_of_ends(ended)
    yield from told_of_growth(usages[max(0, rounds // 10 - 1) :], alone)
    yield told_of_answers(asked, asked_alone)
    left = sorted(leftovers(base, temporary) - own)
    yield Figure("load", "leftovers", len(left), "", "no unfinished or temporary file", not left, ", ".join(left[:5]))


def run_rounds(host: HostProcess, queue: PromptQueue, rounds: int) -> tuple[list[Ended], list[Usage]]:
    """How every prompt ended, and what the host took after each round."""
    ended, usages, chance = [], [], random.Random(0)
    for number in range(rounds):
        ended += one_round(queue, number, chance)
        usages.append(rested(host, queue))
    return ended, usages


def one_round(queue: PromptQueue, number: int, chance: random.Random) -> list[Ended]:
    """All are queued at once. Of the last two the first is interrupted, and the second is deleted while it waits."""
    makers = [(WELL, make) for make in loadprompts.WELL]
    makers += [(FAILED, loadprompts.FAILING[number % 2]), (REFUSED, loadprompts.REFUSED[number % 2])]
    chance.shuffle(makers)
    makers += [(INTERRUPTED, loadprompts.LONG[number % 2]), (DELETED, loadprompts.restyled)]
    queued = [(wanted, queue.put(make(1000 * number + n))) for n, (wanted, make) in enumerate(makers)]
    (_, cancelled), (_, deleted) = queued[-2:]
    queue.delete(deleted)
    queue.interrupt(cancelled, after=chance.uniform(0, 0.3))
    return [Ended(wanted, queue.ended(prompt)) for wanted, prompt in queued]


def rested(host: HostProcess, queue: PromptQueue) -> Usage:
    """What the host takes when it has let go of all that it kept for later prompts."""
    queue.api.post("/free", {"unload_models": True, "free_memory": True})
    for seed in range(2):  # it does so before or after the first of them
        queue.ended(queue.put(loadprompts.host_alone(seed)))
    ended = queue.ended(queue.put({"trim": loadprompts.node("TortureTrim")}))
    if ended != WELL:
        raise RuntimeError(f"memory was not handed back: {ended}")
    return usage(host.process.pid)


def grown_alone(host: HostProcess, queue: PromptQueue, count: int) -> float:
    """MB that `count` prompts add in which we have no part."""
    before = rested(host, queue)
    for seed in range(count):
        queue.ended(queue.put(loadprompts.host_alone(seed)))
    return rested(host, queue).memory - before.memory


def told_of_ends(ended: list[Ended]) -> Figure:
    wrong = Counter(f"{wanted} wanted, {found}" for wanted, found in ended if wanted != found)
    kinds = Counter(wanted for wanted, _ in ended)
    note = "; ".join(f"{what}: {n}" for what, n in (wrong or kinds).items())
    promise = f"all {len(ended)} end as they should"
    return Figure("load", "prompts", len(ended) - wrong.total(), "", promise, not wrong, note)


def told_of_answers(asked: Asking, alone: Asking) -> Figure:
    """A machine that is busy with other things holds up the host's own collector as well: that is measured, too."""
    most = max(SLOWEST, 2 * alone.slowest)
    promise = f"GET /queue answers within {SLOWEST:g} s throughout, or in twice what the host takes without us"
    note = f"{asked.answers} answers; without us {alone.slowest:.2f} s"
    kept = 0 < asked.slowest <= most and not asked.failed
    return Figure("load", "slowest answer", round(asked.slowest, 2), "s", promise, kept, note)


def told_of_growth(usages: list[Usage], alone: float) -> Iterator[Figure]:
    """From the first of `usages` to the last."""
    before, after = usages[0], usages[-1]
    memory, threads, files = (b - a for a, b in zip(before, after, strict=True))
    note = f"{before.memory:.0f} to {after.memory:.0f} MB, {max(usages).memory:.0f} at most"
    yield Figure(
        "load", "memory", round(memory, 1), "MB", f"grows by {MOST_GROWTH} MB at most after the first tenth",
        memory <= MOST_GROWTH, f"{note}; as many prompts without us: {alone:+.1f} MB",
    )  # fmt: skip
    for name, more, most, there in (
        ("threads", threads, MORE_THREADS, after.threads),
        ("open files", files, MORE_FILES, after.files),
    ):
        yield Figure("load", name, more, "more", f"{most} more at most", more <= most, f"{there} at the end")
