"""Given jobs and servers, have every job done: one thread a server, until all is over or somebody stops it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from devkit.steps import say

from .board import Board, News
from .jobs import Job
from .server import Server
from .worker import Worker


@dataclass(frozen=True)
class Ways:
    """`retries`: of a job that failed. `poll`: seconds between two looks at a server; `longest`: seconds that a job may
    run (0: any); `wait`: seconds without any server before the run gives up."""

    retries: int = 2
    poll: float = 1.0
    longest: float = 0.0
    wait: float = 600.0


def run_jobs(
    jobs: Iterable[Job],
    servers: Iterable[Server],
    ways: Ways,
    tell: Callable[[News], None],
) -> tuple[Board, bool]:
    """What became of them, and whether a Ctrl-C stopped it."""
    servers = list(servers)
    board = Board(jobs, [server.name for server in servers], ways.retries + 1, tell)
    threads = [
        threading.Thread(target=Worker(server, board, ways.poll, ways.longest).run, name=server.name, daemon=True)
        for server in servers
    ]
    for thread in threads:
        thread.start()
    try:
        _until_over(board, threads, ways.wait)
    except KeyboardInterrupt:
        say("Stopping: what still waits at the servers is taken back. Ctrl-C again to leave at once.")
        return _stopped(board, threads), True
    return _stopped(board, threads), False


def _until_over(board: Board, threads: list[threading.Thread], wait: float) -> None:
    while not board.over() and board.alone() < wait and any(thread.is_alive() for thread in threads):
        time.sleep(0.1)


def _stopped(board: Board, threads: list[threading.Thread]) -> Board:
    """Each takes back what waits at its server."""
    board.stopped.set()
    for thread in threads:
        thread.join()
    return board
