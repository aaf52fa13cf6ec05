"""Where groups come from while a model is trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..groups.group import GroupPixels


class Source(Protocol):
    """Groups by number. `colours(i)`: whether the colours of group `i` are to be learnt from."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> GroupPixels: ...

    def colours(self, index: int) -> bool: ...


class Part:
    """Some groups of a source, by their numbers."""

    def __init__(self, source: Source, indices: Sequence[int]) -> None:
        self.source, self.indices = source, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: int) -> GroupPixels:
        return self.source[self.indices[index]]

    def colours(self, index: int) -> bool:
        return self.source.colours(self.indices[index])
