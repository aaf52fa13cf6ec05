"""What a look is: a name for people and a function that paints."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

    from ..analysis import Analysis
    from ..settings import LookSettings
    from ..statistics import SetStatistics

    Paint = Callable[[Analysis, LookSettings, SetStatistics, int], Tensor]


class Look(NamedTuple):
    """title: for menus. prompt: how a caption would name it. file, function: where it is painted."""

    title: str
    prompt: str
    file: str
    function: str = "paint"

    @property
    def paint(self) -> Paint:
        """paint(analysis, settings, statistics, seed) -> OKLab (1, 3, H, W), free to leave the gamut."""
        return getattr(import_module(f".{self.file}", __package__), self.function)
