"""Work in processes that may be killed at any moment, each forked from one that has imported everything already.

    with Children() as children:
        children.run("write", place)                                    # 0, an error's 1, or minus the signal
        children.run("write", place, after=0.3, then=kill)              # disturbed after so many seconds
        children.run("write", place, die_at=7)                          # killed before its seventh change of the disk

The one that forks has one thread: torch's own would be missing in what is forked.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
START = (
    f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); from devkit.thepack import name_the_pack; "
    "name_the_pack(); from troupe.scripts.torture.children import serve; serve()"
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
CHANGES = frozenset((
    "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.utime", "shutil.rmtree",
))  # fmt: skip
LONGEST = 300.0  # seconds that any job may take


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


class Children:
    """The process that forks, and what became of the last one forked."""

    def __enter__(self) -> Children:
        self._server = subprocess.Popen(
            [sys.executable, "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stdin.close()
        self._server.wait(LONGEST)

    def run(
        self, job: str, place: Path, after: float = LONGEST, then: Callable[[int], None] = kill, **order: object
    ) -> int:
        """`job` of `jobs.py` in `place`; see `_born` for what else can be ordered. `then(pid)` is called if it takes
        longer than `after` seconds."""
        for old in place.glob("said-*"):
            old.unlink()
        self._server.stdin.write(json.dumps({"job": job, "place": str(place), **order}) + "\n")
        self._server.stdin.flush()
        pid = int(self._line())
        if not select.select([self._server.stdout], [], [], after)[0]:
            then(pid)
        return int(self._line())

    def timed(self, job: str, place: Path, **order: object) -> float:
        """Seconds that it takes undisturbed. Raises `RuntimeError` when it fails."""
        before = time.monotonic()
        if self.run(job, place, **order):
            raise RuntimeError(f"{job}: {said(place)}")
        return time.monotonic() - before

    def _line(self) -> str:
        line = self._server.stdout.readline()
        if not line:
            raise RuntimeError("The process that forks is gone")
        return line


def said(place: Path, number: int = 0) -> str:
    """What a run gave back, or the error that it ended with; empty for one that was killed."""
    file = place / f"said-{number}.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def last_line(place: Path, number: int = 0) -> str:
    """Of the error."""
    return (said(place, number).strip().splitlines() or [""])[-1]


def serve() -> None:
    """Fork for every line of stdin; say the process's number, then what it ended with."""
    from . import jobs

    jobs.import_everything()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _born(json.loads(line))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _born(order: dict) -> None:
    """`twins`: so many do it at once, in the same place. `die_at`: killed before that change of the disk; `counted`:
    how many changes there are is said in place of the result. `uid`: as this user. `file_size`: no file may grow
    larger, in bytes. `clock`: it goes wrong by so many seconds."""
    number, twins = 0, []
    for n in range(1, order.get("twins", 1)):
        pid = os.fork()
        if pid == 0:
            number, twins = n, []
            break
        twins.append(pid)
    code = _worked(order, number)
    for twin in twins:
        os.waitpid(twin, 0)
    os._exit(code)


def _worked(order: dict, number: int) -> int:
    from . import jobs

    place = Path(order["place"])
    answer = open(place / f"said-{number}.txt", "w", encoding="utf-8")  # before any right is given away
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        changes = _hinder(order)
        text, code = jobs.JOBS[order["job"]](place), 0
        text = str(changes.count) if "counted" in order else text
    except BaseException as error:
        text, code = "".join(traceback.format_exception(error)), 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    with answer:
        answer.write(text)
    return code


def _hinder(order: dict) -> _Changes:
    changes = _Changes(order.get("die_at", 0))
    if "clock" in order:
        right = time.time
        time.time = lambda: right() + order["clock"]
    if "file_size" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], resource.RLIM_INFINITY))
    if "uid" in order:
        os.setuid(order["uid"])
    if "die_at" in order or "counted" in order:
        sys.addaudithook(changes)
    return changes


class _Changes:
    """Counts this process's changes of the disk, and kills it before the last that it may make."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def __call__(self, event: str, arguments: tuple) -> None:
        if event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
            self.count += 1
            if self.count == self.last:
                kill(os.getpid())
