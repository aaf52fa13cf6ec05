"""How a long step says where it is, and how it is told to stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called once per item, before the item's work: `progress(done, total, name)`.

    A caller that wants to cancel raises from inside the call. The exception passes through every step
    of `models/` untouched, so what was finished before it stays finished.
    """

    def __call__(self, done: int, total: int, name: str) -> None: ...


def silent(done: int, total: int, name: str) -> None:
    """Nobody is watching."""
