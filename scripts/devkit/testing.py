"""All tests are shared out to a process for each core; a few chosen ones run alone, where a second start costs more."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

# The tests of one running host stay together and are a third of the work, so that more processes would wait for them.
MOST = 4
# What chooses tests, or talks to the terminal.
ALONE = ("-k", "-m", "-s", "-h", "--help", "--version", "--co", "--deselect", "--pdb", "--trace", "--accept-surface")
# tests/support/sharing.py says which tests belong together, and in which order they are given out.
# A test that kills its process would kill the next one too, and so on for ever: it ends the run.
TOGETHER = ("--dist", "loadgroup", "--no-loadscope-reorder", "--max-worker-restart=0")


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sharing(arguments: Sequence[str], count: int) -> tuple[str, ...]:
    """The options that share out what pytest is asked for with these arguments; none where one process does it."""
    if any(a.startswith(("-n", "--numprocesses")) for a in arguments):
        return TOGETHER
    chosen = any(not a.startswith("-") or a.startswith(ALONE) for a in arguments)
    return () if chosen or count < 2 else ("-n", str(min(count, MOST)), *TOGETHER)


def threads(options: Sequence[str], env: Mapping[str, str]) -> dict[str, str]:
    """Processes that fill the cores want no second thread each: tiny tensors only pay for it."""
    return {"OMP_NUM_THREADS": "1", **env} if options else dict(env)
