"""How many of the things that a function builds are there at the same time."""

from __future__ import annotations

import weakref
from collections.abc import Callable


class Alive:
    """In the place of `build`; `most`: at any moment, `built`: in all."""

    def __init__(self, build: Callable) -> None:
        self._build, self._now, self.most, self.built = build, 0, 0, 0

    def __call__(self, *given, **named):
        thing = self._build(*given, **named)
        weakref.finalize(thing, self._gone)
        self.built += 1
        self._now += 1
        self.most = max(self.most, self._now)
        return thing

    def _gone(self) -> None:
        self._now -= 1
