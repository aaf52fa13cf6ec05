"""What a running host takes of its machine, and how fast it answers meanwhile."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import NamedTuple

from ..devkit.api import HostApi

# What unfinished work is called until it is whole: one file, a data set, a set of groups.
UNFINISHED = (".writing-", ".troupe-staging-", ".making-")


class Usage(NamedTuple):
    """`memory`: resident, in MB. `files`: open ones, sockets and pipes among them."""

    memory: float
    threads: int
    files: int


def usage(pid: int) -> Usage:
    import psutil

    process = psutil.Process(pid)
    files = process.num_fds() if hasattr(process, "num_fds") else process.num_handles()
    return Usage(process.memory_info().rss / 1e6, process.num_threads(), files)


def leftovers(base: Path, temporary: Path) -> set[str]:
    """Unfinished files and folders below `base`, and whatever lies in `temporary`."""
    found = [p for p in base.rglob("*") if p.name.startswith(UNFINISHED)] + list(temporary.iterdir())
    return {str(p.relative_to(base if p.is_relative_to(base) else temporary)) for p in found}


class Asking:
    """Asks for the queue again and again while it is entered. `slowest`: the answer that took longest, in
    seconds. `failed`: how often there was none."""

    def __init__(self, api: HostApi, pause: float = 0.05) -> None:
        self.slowest, self.answers, self.failed = 0.0, 0, 0
        self._api, self._pause = api, pause
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._done.wait(self._pause):
            start = time.monotonic()
            try:
                self._api.get("/queue")
            except OSError:
                self.failed += 1
            else:
                self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - start)
