"""Work on other threads: many items on all cores in order, or one long item while somebody watches."""

from __future__ import annotations

import contextvars
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


def core_count() -> int:
    """Cores this process may use (containers and `taskset` grant fewer than the machine has)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered_map(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int | None = None,
    ahead: int = 2,
    finish: bool = False,
) -> Iterator[Result]:
    """Yield `work(item)` in the order of `items`, at most `workers * ahead` of them under way.

    Threads, because Pillow, zlib and hashlib release the GIL and because a custom node's module
    cannot be imported by a spawned process. An exception of `work` is raised at its item's turn; what
    has not started by then is dropped, and what has is let go. `finish`: it is waited for instead, because it
    writes where its caller is going to clear away.
    """
    workers = workers or core_count()
    if workers == 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="troupe")
    pending: deque = deque()
    try:
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) >= workers * ahead:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=finish, cancel_futures=True)


def attended(work: Callable[[], Result], beat: Callable[[], None], every: float = 0.1) -> Result:
    """`work()` on a thread of its own, while this thread calls `beat()` every so many seconds.

    Torch's inference mode belongs to a thread; `work` has that of the caller. An exception of `beat` (Cancel) leaves
    at once; what the thread still computes is let go.
    """
    future: Future = Future()

    inference = torch.is_inference_mode_enabled()

    def run() -> None:
        try:
            with torch.inference_mode(inference):
                result = work()
            future.set_result(result)
        except BaseException as error:  # handed over, not answered: it is raised where the result is asked for
            future.set_exception(error)

    context = contextvars.copy_context()  # the host's current node travels in it
    threading.Thread(target=context.run, args=(run,), name="troupe-attended", daemon=True).start()
    while not wait([future], timeout=every).done:
        beat()
    return future.result()
