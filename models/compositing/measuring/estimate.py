"""A mean over scenes, and how far to trust it.

Pictures of one scene are not independent: first the mean of each scene, then the mean of those, never pooled.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

# Enough for two digits of a standard error (Efron and Tibshirani 1993, section 6.4).
DRAWS = 400


class Estimate(NamedTuple):
    """`value` with its standard error; `n` measurements from `scenes` scenes. nan where nothing could be measured."""

    value: float
    standard_error: float
    n: int
    scenes: int


def estimate(values: Sequence[float], scenes: Iterable[Hashable] | None = None, *, seed: int = 0) -> Estimate:
    """The mean over scenes; without `scenes` each value is a scene of its own. nan values are left out.

    The error is a bootstrap's: scenes are drawn with replacement, then values within each (Davison and Hinkley 1997,
    section 3.8), so that one scene alone has an error too. For a comparison hand in the differences of pairs.
    """
    labels = list(range(len(values))) if scenes is None else list(scenes)
    heaps: dict[Hashable, list[float]] = {}
    for value, scene in zip(values, labels, strict=True):
        if not np.isnan(value):
            heaps.setdefault(scene, []).append(float(value))
    parts = [np.array(heap) for heap in heaps.values()]
    if not parts:
        return Estimate(float("nan"), float("nan"), 0, 0)
    n = sum(map(len, parts))
    return Estimate(float(np.mean([part.mean() for part in parts])), _error(parts, n, seed), n, len(parts))


def _error(parts: list[np.ndarray], n: int, seed: int) -> float:
    """nan where a single value, or an infinite one, leaves nothing to draw."""
    if n < 2 or not all(np.isfinite(part).all() for part in parts):
        return float("nan")
    rng = np.random.default_rng(seed)
    means = np.empty(DRAWS)
    for draw in range(DRAWS):
        chosen = rng.integers(len(parts), size=len(parts))
        means[draw] = np.mean([_redrawn(parts[i], rng) for i in chosen])
    return float(means.std(ddof=1))


def _redrawn(part: np.ndarray, rng: np.random.Generator) -> float:
    return part.mean() if len(part) == 1 else part[rng.integers(len(part), size=len(part))].mean()
