"""Which pictures decide how a character is drawn: enough to know its colours, and no more for a larger set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

# Each is counted as a thumbnail of some 7,000 pixels (painterly/statistics.py): two million are plenty for 24 colours.
MOST = 256


def spread(items: Sequence[Item]) -> list[Item]:
    """All, or MOST of them at equal distances."""
    if len(items) <= MOST:
        return list(items)
    return [items[number * len(items) // MOST] for number in range(MOST)]
