"""Which word a measured number earns, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple


class Guess(NamedTuple):
    """A value and how sure it is, in [0, 1]."""

    value: str
    confidence: float


class Scale(NamedTuple):
    """`words[i]` holds below `limits[i]`, the last word above all limits. `margin`: how far from a limit a
    number must be to leave no doubt, in the number's unit."""

    words: tuple[str, ...]
    limits: tuple[float, ...]
    margin: float

    def read(self, number: float) -> Guess:
        """Half sure on a limit, sure a margin away from it."""
        word = self.words[sum(number >= limit for limit in self.limits)]
        away = min(abs(number - limit) for limit in self.limits)
        return Guess(word, 0.5 + 0.5 * min(away / self.margin, 1.0))
