"""Work on many things at once that does not fit into the memory is done again on half as many."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch

from .errors import TroupeError

Item = TypeVar("Item")
Result = TypeVar("Result")

# What torch and its allocators say where they raise nothing of their own kind.
WORDS = ("out of memory", "not enough memory", "can't allocate memory")


@dataclass
class InParts(Generic[Item, Result]):
    """`work` on as many things at once as fit: in halves when the memory runs out, and from then on in parts of that
    size. Raises `TroupeError`, with `remedy`, where not even one fits."""

    work: Callable[[Sequence[Item]], Sequence[Result]]
    remedy: str
    most: int | None = field(default=None, init=False)

    def __call__(self, items: Sequence[Item]) -> list[Result]:
        done: list[Result] = []
        while len(done) < len(items):
            part = items[len(done) : len(done) + (self.most or len(items))]
            found = self._tried(part)
            if found is not None:
                done += found
                continue
            make_room()
            if len(part) == 1:
                raise TroupeError("The memory does not suffice, even for one picture at a time", remedy=self.remedy)
            self.most = len(part) // 2
        return done

    def _tried(self, part: Sequence[Item]) -> Sequence[Result] | None:
        """None where it did not fit; the error is gone by then, and with it what it held in memory."""
        try:
            return self.work(part)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            return None


def is_out_of_memory(error: BaseException) -> bool:
    """Of the device or the machine; whatever the host takes for it is among these."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    kinds = (RuntimeError, getattr(torch, "AcceleratorError", RuntimeError))
    return isinstance(error, kinds) and (
        getattr(error, "error_code", None) == 2 or any(words in str(error).lower() for words in WORDS)
    )


def make_room() -> None:
    """Give back what nobody holds any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
