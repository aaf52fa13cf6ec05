"""Which jobs wait, fly, are done and have failed, and which servers answer: what all workers look at, one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from .jobs import Job
from .server import Ended

NOT_ASKED = "not asked yet"


class Try(NamedTuple):
    server: str
    error: str


@dataclass(frozen=True)
class News:
    """`what`: done, again, failed, away or back. `left`: seconds until all is done, None while nobody can say."""

    what: str
    server: str = ""
    job: Job | None = None
    seconds: float = 0.0
    error: str = ""
    facts: tuple[dict, ...] = ()
    done: int = 0
    of: int = 0
    left: float | None = None


class Board:
    """`tries`: how often a job may fail. `tell` hears all news, one after the other."""

    def __init__(self, jobs: Iterable[Job], servers: Iterable[str], tries: int, tell: Callable[[News], None]) -> None:
        self.waiting, self.tries, self.tell = list(jobs), tries, tell
        self.total = len(self.waiting)
        self.flying: dict[int, Job] = {}
        self.done: list[News] = []
        self.failed: dict[int, tuple[Job, list[Try]]] = {}
        self.left_running: list[tuple[Job, str]] = []
        self.stopped = threading.Event()
        self.away = dict.fromkeys(servers, NOT_ASKED)
        self.alone_since: float | None = time.monotonic()
        self._tried: dict[int, list[Try]] = {}
        self._servers = tuple(self.away)
        self._began = time.monotonic()
        self._lock = threading.RLock()

    def over(self) -> bool:
        with self._lock:
            return self.stopped.is_set() or not (self.waiting or self.flying)

    def room(self) -> int:
        """One job runs, and one more waits at the server while there are enough for everybody."""
        with self._lock:
            here = sum(self.away.get(server, NOT_ASKED) == NOT_ASKED for server in self._servers)
            return 2 if len(self.waiting) >= here else 1

    def take(self, server: str) -> Job | None:
        """The next job that is not better tried elsewhere."""
        with self._lock:
            job = next((job for job in self.waiting if not self._better_elsewhere(job, server)), None)
            if job is None or self.stopped.is_set():
                return None
            self.waiting.remove(job)
            self.flying[job.index] = job
            return job

    def give_back(self, job: Job) -> None:
        with self._lock:
            self.waiting.insert(0, self.flying.pop(job.index))

    def finish(self, job: Job, server: str, seconds: float, end: Ended) -> None:
        with self._lock:
            if end.error:
                self.fail(job, server, end.error)
                return
            del self.flying[job.index]
            news = News("done", server, job, seconds, facts=end.facts, done=len(self.done) + 1, of=self.total)
            self.done.append(news)
            self.tell(replace(news, left=self._left()))

    def fail(self, job: Job, server: str, error: str) -> None:
        with self._lock:
            del self.flying[job.index]
            tried = self._tried.setdefault(job.index, [])
            tried.append(Try(server, error))
            again = len(tried) < self.tries
            if again:
                self.waiting.append(job)
            else:
                self.failed[job.index] = (job, tried)
            self.tell(News("again" if again else "failed", server, job, error=error))

    def set_aside(self, server: str, why: str) -> None:
        with self._lock:
            if self.away.get(server) != why:
                self.tell(News("away", server, error=why))
            self.away[server] = why
            if len(self.away) == len(self._servers) and self.alone_since is None:
                self.alone_since = time.monotonic()

    def welcome(self, server: str) -> None:
        with self._lock:
            self.away.pop(server, None)
            self.alone_since = None
            self.tell(News("back", server))

    def leave_running(self, job: Job, server: str) -> None:
        with self._lock:
            self.left_running.append((job, server))

    def alone(self) -> float:
        """Seconds since the last server answered; 0 while one does."""
        with self._lock:
            return 0.0 if self.alone_since is None else time.monotonic() - self.alone_since

    def _better_elsewhere(self, job: Job, server: str) -> bool:
        failed_at = {tried.server for tried in self._tried.get(job.index, ())}
        fresh = set(self._servers) - self.away.keys() - failed_at
        return server in failed_at and bool(fresh)

    def _left(self) -> float:
        """By the pace so far."""
        return (time.monotonic() - self._began) / len(self.done) * (len(self.waiting) + len(self.flying))
