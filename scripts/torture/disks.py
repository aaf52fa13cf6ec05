"""Disks that are full, read-only or forbidden, targets that vanish or are shared, and clocks that go wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from .children import LONGEST, Children, kill, last_line, said
from .contents import aged, contents, difference, unfinished
from .figure import Figure
from .trials import Trial, all_trials, untidied

BRIEFLY = ("restyle", "write", "train", "review")
ALL = (*BRIEFLY, "write over", "make composites", "shards")
SHORT, LONG = 1, 5  # times that a target is taken away
NOBODY, MONTH = 65534, 30 * 86_400
# What a person can do about it is among these.
REMEDY = re.compile(r"space|permission|another folder|run again|again\.", re.IGNORECASE)
# It lies there to be gone on with, and differs at every step.
GROWING = "unfinished.safetensors"

Case = Callable[[Trial, Children, Path, Random], str]


def figures(long: bool, scratch: Path) -> Iterator[Figure]:
    random = Random(5)
    scratch.parent.chmod(0o711)  # others may look into what lies there
    with Children() as children:
        trials = all_trials(children, scratch, ALL if long else BRIEFLY)
        for name, (promise, case, skip) in CASES.items():
            reason = skip()
            if reason:
                yield Figure("disks", name, 0, "jobs", promise, True, f"not tried: {reason}")
                continue
            told = []
            for trial in [t for t in trials.values() for _ in range(_times(name, long))]:
                wrong = case(trial, children, scratch / "disturbed", random)
                told += [f"{trial.job}: {wrong}"] if wrong else []
            yield Figure("disks", name, len(trials), "jobs", promise, not told, "; ".join(told[:4]))


def _times(name: str, long: bool) -> int:
    return (LONG if long else SHORT) if name in ("target deleted", "two at once") else 1


def _full(trial: Trial, children: Children, place: Path, random: Random) -> str:
    needed = sum(file.stat().st_size for file in _files(trial, children, place))
    trial.begun(place)
    with _disk(place / "made", max(needed * 6 // 10 // 4096, 8) * 4096, trial) as resize:
        wrong = _refused(trial, children, place)
        resize(f"size={needed * 4 + (1 << 20)}")
        return wrong or _completes(trial, children, place)


def _files(trial: Trial, children: Children, place: Path) -> list[Path]:
    children.timed(trial.job, trial.begun(place))
    return [file for file in (place / "made").rglob("*") if file.is_file()]


def _read_only(trial: Trial, children: Children, place: Path, random: Random) -> str:
    trial.begun(place)
    with _disk(place / "made", 64 << 20, trial) as remount:
        remount("ro")
        wrong = _refused(trial, children, place)
        remount("rw")
        return wrong or _completes(trial, children, place)


def _forbidden(trial: Trial, children: Children, place: Path, random: Random) -> str:
    trial.begun(place)
    wrong = _refused(trial, children, place, uid=NOBODY)
    return wrong or _completes(trial, children, place)


def _too_large(trial: Trial, children: Children, place: Path, random: Random) -> str:
    """As a quota does it, where nobody may mount a disk."""
    largest = max(file.stat().st_size for file in _files(trial, children, place))
    trial.begun(place)
    wrong = _refused(trial, children, place, file_size=largest * 3 // 4)
    return wrong or _completes(trial, children, place)


def _deleted(trial: Trial, children: Children, place: Path, random: Random) -> str:
    trial.begun(place)

    def take_away(pid: int) -> None:
        shutil.rmtree(place / "made", ignore_errors=True)

    code = children.run(trial.job, place, after=random.uniform(0, trial.seconds), then=take_away)
    if code and not _is_clear(last_line(place)):
        return f"said {last_line(place)[:150]}"
    trial.begun(place)  # what a run can write into a folder that is being deleted is deleted, too
    return _completes(trial, children, place)


def _twins(trial: Trial, children: Children, place: Path, random: Random) -> str:
    trial.begun(place)
    children.run(trial.job, place, twins=2)
    errors = [last_line(place, n) for n in range(2) if "Traceback" in said(place, n)]
    if len(errors) == 2 or not all(map(_is_clear, errors)):
        return f"said {errors[0][:150]}"
    found = {re.sub(r"^(sets/)?mira_2/", r"\1mira/", name): digest for name, digest in contents(place / "made").items()}
    return difference(found, trial.files) or _completes(trial, children, place, twice=True)


def _backwards(trial: Trial, children: Children, place: Path, random: Random) -> str:
    """Killed half-way a month from now, and run again today; and once more with a clock that lags a week."""
    trial.begun(place)
    children.run(trial.job, place, after=trial.seconds / 2, then=kill)
    aged(place / "made", -MONTH)
    wrong = _completes(trial, children, place)
    children.run(trial.job, place, clock=-MONTH / 4)
    left = unfinished(place / "made")
    wrong = wrong or trial.wrong(place, with_text=trial.before is None)
    return wrong or (f"left lying: {left[0]}" if left and untidied(trial, children, place) else "")


def _refused(trial: Trial, children: Children, place: Path, **order: object) -> str:
    """What is wrong with how it failed."""
    code = children.run(trial.job, place, LONGEST, **order)
    if code <= 0:
        return f"ended with {code} where it cannot succeed"
    if not _is_clear(last_line(place)):
        return f"said {last_line(place)[:150]}"
    before = contents(trial.before) if trial.before else {}
    found = contents(place / "made")
    halves = [n for n, digest in found.items() if digest not in (trial.files.get(n), before.get(n)) and n != GROWING]
    return f"half-written: {halves[0]}" if halves else ""


def _is_clear(line: str) -> bool:
    return bool(re.match(r"troupe\.\w+: ", line) and REMEDY.search(line))


def _completes(trial: Trial, children: Children, place: Path, twice: bool = False) -> str:
    if children.run(trial.job, place):
        return f"the next run said {last_line(place)[:150]}"
    if twice:
        return ""
    return trial.wrong(place)


@contextmanager
def _disk(folder: Path, size: int, trial: Trial) -> Iterator[Callable[[str], None]]:
    """A disk of so many bytes in place of `folder`, with what was in it."""

    def mounted(options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)

    mounted(f"size={size}")
    try:
        if trial.before:
            shutil.copytree(trial.before, folder, dirs_exist_ok=True)
        yield lambda options: mounted(f"remount,{options}")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _not_root() -> str:
    return "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "only root can become somebody else"


def _no_mount() -> str:
    """Why no disk can be mounted here."""
    if reason := _not_root():
        return reason.replace("become somebody else", "mount a disk")
    if not shutil.which("mount"):
        return "there is no mount"
    probe = Path(tempfile.mkdtemp(prefix="troupe-mount-"))
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(probe)], capture_output=True)
    if tried.returncode == 0:
        subprocess.run(["umount", str(probe)], check=True)
    probe.rmdir()
    return "" if tried.returncode == 0 else "nobody may mount a disk here"


CASES: dict[str, tuple[str, Case, Callable[[], str]]] = {
    "full disk": ("told with what to do, nothing half-written, completed when there is room", _full, _no_mount),
    "quota": ("the same, where a file may not grow", _too_large, lambda: ""),
    "read-only target": ("told with what to do, completed when it may be written", _read_only, _no_mount),
    "permission denied": ("told with what to do, completed when it is allowed", _forbidden, _not_root),
    "target deleted": ("told, or completed; the next run completes", _deleted, lambda: ""),
    "two at once": ("one wins or both complete, nothing is mixed", _twins, lambda: ""),
    "clock put back": ("files of the future are found, and tidied", _backwards, lambda: ""),
}
