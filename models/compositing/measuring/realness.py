"""Whether a classifier can tell our composites from real pictures: the two-sample test of Lopez-Paz and Oquab (2017).

0.5 is perfect: on pictures that it has not seen it can only guess. The classifier is a logistic regression on fixed
features, small enough for a few dozen pictures, where FID means nothing.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

Scenes = tuple[Sequence[Hashable], Sequence[Hashable]]

# Ridge on standardised features: with a few dozen pictures, any less separates noise.
RIDGE = 1.0
# Newton's method on a convex loss is done long before.
STEPS = 25


class Told(NamedTuple):
    """Held-out balanced accuracy, 0.5 = cannot be told apart; its standard error by the binomial; pictures seen."""

    accuracy: float
    standard_error: float
    n: int


def told_apart(
    real: np.ndarray, other: np.ndarray, scenes: Scenes | None = None, *, folds: int = 5, seed: int = 0
) -> Told:
    """`(N, F)` and `(M, F)` features; nan with fewer than two scenes.

    `scenes`: what each picture is of, for `real` and for `other`. Pictures of a scene are held out together, or the
    classifier would know a background again. Without it, row i of both is of one scene.
    """
    named = scenes or (range(len(real)), range(len(other)))
    names = list(dict.fromkeys([*named[0], *named[1]]))
    if len(names) < 2:
        return Told(math.nan, math.nan, len(real) + len(other))
    fold = dict(zip(names, np.random.default_rng(seed).permutation(len(names)) % folds, strict=True))
    x = np.concatenate([real, other]).astype(np.float64)
    y = np.concatenate([np.zeros(len(real)), np.ones(len(other))])
    where = np.array([fold[name] for side in named for name in side])
    right = np.full(len(y), 0.5)
    for held in range(folds):
        seen, asked = where != held, where == held
        if asked.any() and 0 < y[seen].mean() < 1:
            right[asked] = _right(_learned(x[seen], y[seen]), x[asked], y[asked])
    return _balanced(right, y)


def _balanced(right: np.ndarray, y: np.ndarray) -> Told:
    """Mean of both sides' accuracies, so that an unequal number of pictures does not help."""
    sides = [right[y == side] for side in (0, 1)]
    accuracy = float(np.mean([side.mean() for side in sides]))
    variance = sum(side.mean() * (1 - side.mean()) / len(side) for side in sides) / 4
    return Told(accuracy, float(math.sqrt(variance)), len(y))


def _learned(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and spread of the features, and the weights (the last is the bias), by Newton's method."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    design = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    weight = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    ridge = np.append(np.full(x.shape[1], RIDGE), 1e-6)
    w = np.zeros(design.shape[1])
    for _ in range(STEPS):
        p = 0.5 * (1 + np.tanh(design @ w / 2))  # the sigmoid, which cannot overflow
        slope = design.T @ (weight * (p - y)) + ridge * w
        curve = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return mean, spread, w


def _right(learned: tuple[np.ndarray, np.ndarray, np.ndarray], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 where the guess is right, 0 where it is wrong, 0.5 where there is none."""
    mean, spread, w = learned
    score = (x - mean) / spread @ w[:-1] + w[-1]
    return np.where(np.abs(score) < 1e-9, 0.5, ((score > 0) == (y == 1)).astype(float))
