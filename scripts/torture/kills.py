"""SIGKILL at any moment: what is run again ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from ...models.samples.store import Store
from .children import Children, kill, last_line, said
from .figure import Figure
from .trials import Trial, all_trials, untidied

BRIEFLY = ("restyle", "write", "shards", "train")
KILLED = (*BRIEFLY, "write over", "write more", "make composites", "review")
IN_A_ROW = 4  # kills before a run is left alone
SHORT, LONG, ALSO = 2, 8, 3  # kills of each job at random times; of those that are killed in the long form only
FINELY = 6  # changes of the disk at which a job is killed, spread over all


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    random, place = Random(7), scratch / "killed"
    with Children() as children:
        for name, trial in all_trials(children, scratch, KILLED if long else BRIEFLY).items():
            faults, wanted = _Faults(), SHORT if not long else LONG if name in BRIEFLY else ALSO
            while faults.kills < wanted and not faults.told:
                _killed_at_random(trial, children, place, random, faults)
            yield faults.figure(f"{name}, at random times", trial)
            if long:
                faults = _Faults()
                _swept(trial, children, place, FINELY, faults)
                yield faults.figure(f"{name}, at changes of the disk", trial)


class _Faults:
    """Kills so far, and what they broke."""

    def __init__(self) -> None:
        self.kills, self.told = 0, []

    def figure(self, name: str, trial: Trial) -> Figure:
        promise = "run again, it is complete and identical, and nothing is left lying"
        note = "; ".join(self.told[:3]) or f"undisturbed it takes {trial.seconds:.1f} s"
        return Figure("kills", name, self.kills, "kills", promise, not self.told, note)


def _killed_at_random(trial: Trial, children: Children, place: Path, random: Random, faults: _Faults) -> None:
    """Killed some times, run to its end, and looked at."""
    trial.begun(place)
    for _ in range(IN_A_ROW):
        code = children.run(trial.job, place, after=random.uniform(0, trial.seconds), then=kill)
        if code == 0:
            break
        faults.kills += code < 0
        if code > 0:
            faults.told.append(f"failed: {last_line(place)}")
    _finished(trial, children, place, faults)


def _swept(trial: Trial, children: Children, place: Path, count: int, faults: _Faults) -> None:
    """Killed once each time, before the n-th change of the disk, for `count` n from the first to the last."""
    last = _changes(trial, children, place)
    for i in range(count):
        trial.begun(place)
        code = children.run(trial.job, place, die_at=1 + i * (last - 1) // max(count - 1, 1))
        faults.kills += code < 0
        _finished(trial, children, place, faults)


def _changes(trial: Trial, children: Children, place: Path) -> int:
    """How often it changes the disk."""
    children.timed(trial.job, trial.begun(place), counted=True)
    return int(said(place))


def _finished(trial: Trial, children: Children, place: Path, faults: _Faults) -> None:
    if code := children.run(trial.job, place):
        faults.told.append(f"run again it ended with {code}: {last_line(place)}")
        return
    # What was added just before the kill is no news to the run after it.
    if wrong := trial.wrong(place, with_text=trial.job != "write more"):
        faults.told.append(wrong)
    if left := untidied(trial, children, place, _tidied_store):
        faults.told.append(f"left lying: {', '.join(left[:3])}")


def _tidied_store(place: Path) -> None:
    for store in (place / "made", place / "made" / "store"):
        Store(store).trim()
