"""What is gone through anew by whoever asks, so that nobody has to hold it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

Item = TypeVar("Item")


class Reread(Collection[Item]):
    """Subclasses have `__len__` and `__iter__`, which begins from the start each time."""

    def __contains__(self, item: object) -> bool:
        return any(item == other for other in self)
