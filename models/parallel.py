"""Work on other threads: many items on all cores in order, or one long item while somebody watches."""

from __future__ import annotations

import contextvars
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


CORES = "TROUPE_CORES"  # in the environment: how many cores this process takes, where several share a machine


def core_count() -> int:
    """Cores this process may use (containers and `taskset` grant fewer than the machine has)."""
    if os.environ.get(CORES, "").isdecimal():
        return max(1, int(os.environ[CORES]))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered_map(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int | None = None,
    ahead: int = 2,
    *,
    beat: Callable[[], None] | None = None,
    own_core: bool = False,
    finish: bool = False,
) -> Iterator[Result]:
    """Yield `work(item)` in the order of `items`, at most `workers * ahead` of them under way.

    Threads, because Pillow, zlib and hashlib release the GIL and because a custom node's module
    cannot be imported by a spawned process. An exception of `work` is raised at its item's turn; what
    has not started by then is dropped, and what has is let go. `finish`: it is waited for instead, because it
    writes where its caller is going to clear away. `beat()` is called while this thread waits; an exception of it
    (Cancel) leaves at once. `own_core`: torch computes each item on one thread, so results are the same bits on any
    number of cores.
    """
    workers = workers or core_count()
    if workers == 1 and not own_core:
        yield from map(work, items) if beat is None else (attended(partial(work, item), beat) for item in items)
        return
    start = _OnOneCore(torch.get_num_threads()) if own_core else None
    pool = ThreadPoolExecutor(workers, thread_name_prefix="troupe", initializer=start)
    work = partial(_with_mode, torch.is_inference_mode_enabled(), work)
    pending: deque = deque()
    try:
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) >= workers * ahead:
                yield _result(pending.popleft(), beat)
        while pending:
            yield _result(pending.popleft(), beat)
    finally:
        if start:
            start.over()
        pool.shutdown(wait=finish, cancel_futures=True)


def _with_mode(inference: bool, work: Callable[[Item], Result], item: Item) -> Result:
    """Torch's inference mode belongs to a thread; `work` has that of the caller."""
    with torch.inference_mode(inference):
        return work(item)


class _OnOneCore:
    """For each thread of a pool: from now on torch computes what it asks for on this thread alone.

    Torch keeps that number for each thread, but a new thread begins with what was set last by anybody, so another
    thread sets it back at once, to `usual`; and each takes it over at its first question, which therefore comes first.
    """

    def __init__(self, usual: int) -> None:
        self._usual, self._lock, self._over = usual, threading.Lock(), False

    def __call__(self) -> None:
        with self._lock:
            if not self._over:
                torch.get_num_threads()
                torch.set_num_threads(1)
                others = threading.Thread(target=torch.set_num_threads, args=(self._usual,))
                others.start()
                others.join()

    def over(self) -> None:
        """No thread that begins later changes anything, not even for the moment."""
        with self._lock:
            self._over = True


def _result(future: Future, beat: Callable[[], None] | None, every: float = 0.1):
    while beat and not wait([future], timeout=every).done:
        beat()
    return future.result()


def attended(work: Callable[[], Result], beat: Callable[[], None], every: float = 0.1) -> Result:
    """`work()` on a thread of its own, while this thread calls `beat()` every so many seconds.

    An exception of `beat` (Cancel) leaves at once; what the thread still computes is let go.
    """
    future: Future = Future()
    inference = torch.is_inference_mode_enabled()

    def run() -> None:
        try:
            with torch.inference_mode(inference):  # it belongs to a thread
                result = work()
            future.set_result(result)
        except BaseException as error:  # handed over, not answered: it is raised where the result is asked for
            future.set_exception(error)

    context = contextvars.copy_context()  # the host's current node travels in it
    threading.Thread(target=context.run, args=(run,), name="troupe-attended", daemon=True).start()
    return _result(future, beat, every)
