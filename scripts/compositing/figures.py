"""Single measurements, and how they become the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from ...models.compositing.measuring.estimate import Estimate, estimate
from ...models.compositing.measuring.table import OURS, Row

NONE = Estimate(float("nan"), float("nan"), 0, 0)


class Measure(NamedTuple):
    """What is measured, in which unit, and which way is good."""

    name: str
    unit: str
    better: Literal["lower", "higher"]


class Figure(NamedTuple):
    """One measurement of a case. who: the model, or a floor by its name."""

    measure: Measure
    who: str
    value: float


def rows_of(measures: Sequence[Measure], figures: Iterable[tuple[str, Figure]]) -> list[Row]:
    """A row for each of `measures`; `figures` are (scene, figure). Means are over scenes."""
    heaps: dict[Measure, dict[str, list[tuple[str, float]]]] = {measure: {} for measure in measures}
    for scene, figure in figures:
        heaps[figure.measure].setdefault(figure.who, []).append((scene, figure.value))
    return [_row(measure, heap) for measure, heap in heaps.items()]


def _row(measure: Measure, heap: dict[str, list[tuple[str, float]]]) -> Row:
    known = {who: estimate([v for _, v in pairs], [s for s, _ in pairs]) for who, pairs in heap.items()}
    return Row(measure.name, known.pop(OURS, NONE), known, measure.unit, measure.better)
