"""Hold a folder for one process at a time. The system lets go of the lock when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from .steps import say

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt


@contextlib.contextmanager
def only_one(lock: Path, doing: str, poll: float = 0.2):
    """Wait, with a message, until no other process holds `lock`; hold it for the length of the block."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "a+b") as file:
        if not _try(file):
            say(f"Another run is {doing}; waiting for it to finish.")
            while not _try(file):
                time.sleep(poll)
        try:
            yield
        finally:
            _release(file)


def _try(file) -> bool:
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def _release(file) -> None:
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_UN)
    else:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
