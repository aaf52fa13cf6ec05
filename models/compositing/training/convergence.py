"""Converged or not: the held-out losses have stopped falling, together and each for itself (B4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# Evaluations that are averaged before they are compared.
SMOOTHED = 3


class Heldout(NamedTuple):
    """One evaluation of the averaged weights on groups that are not trained on. `total` is normalised."""

    step: int
    total: float
    position: float
    nll: float
    composition: float


@dataclass(frozen=True)
class Verdict:
    """converged: total and both parts are flat. flat: the names of those that are, in words for a report."""

    converged: bool
    flat: tuple[str, ...]


def verdict(history: tuple[Heldout, ...], tolerance: float, patience: int) -> Verdict:
    """A curve is flat when its smoothed value fell by less than `tolerance` (relative) over `patience` evaluations.

    All three curves have to be flat: a total can stand still while one part falls and the other rises.
    """
    needed = SMOOTHED + patience
    if len(history) < needed:
        return Verdict(False, ())
    flat = tuple(
        name
        for name in ("total", "position", "composition")
        if _gain([getattr(h, name) for h in history], patience) < tolerance
    )
    return Verdict(len(flat) == 3, flat)


def _gain(values: list[float], patience: int) -> float:
    before = sum(values[-SMOOTHED - patience : -patience]) / SMOOTHED
    now = sum(values[-SMOOTHED:]) / SMOOTHED
    return (before - now) / max(abs(before), 1e-12)
