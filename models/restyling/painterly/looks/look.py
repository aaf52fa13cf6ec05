"""What a look is: a name for people and a function that paints."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from ..analysis import Analysis
from ..settings import LookSettings
from ..statistics import SetStatistics

Paint = Callable[[Analysis, LookSettings, SetStatistics, int], Tensor]


class Look(NamedTuple):
    """paint(analysis, settings, statistics, seed) -> OKLab (1, 3, H, W), free to leave the gamut.
    title: for menus. prompt: how a caption would name it."""

    title: str
    prompt: str
    paint: Paint
