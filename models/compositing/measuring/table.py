"""Measured figures side by side: ours, then the floors and peers, as text for people and as JSON for programs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ...texttable import table
from .estimate import Estimate

OURS = "ours"
MISSING = "-"


class Row(NamedTuple):
    """One measure. `others`: floors and peers by name. `better`: which way is good."""

    name: str
    ours: Estimate
    others: Mapping[str, Estimate]
    unit: str
    better: Literal["lower", "higher"]

    def best(self) -> str | None:
        """Whose figure is best: OURS or a name of `others`; ours where it is a tie, None where nothing is measured."""
        figures = {OURS: self.ours, **self.others}
        known = {name: figure.value for name, figure in figures.items() if not math.isnan(figure.value)}
        return (min if self.better == "lower" else max)(known, key=known.__getitem__) if known else None


def as_text(rows: Sequence[Row]) -> str:
    """Columns: measure, ours, its standard error, each floor and peer, unit, which way is better, n. `*`: the best."""
    names = list(dict.fromkeys(name for row in rows for name in row.others))
    head = ["measure", OURS, "+-", *names, "unit", "better", "n"]
    return table([head, *(_line(row, names) for row in rows)], left=1)


def as_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """One object a row. JSON has no nan and no inf: both become null, inf with `"infinite": true`."""
    return [
        {
            "measure": row.name,
            "unit": row.unit,
            "better": row.better,
            "best": row.best(),
            "figures": {name: _figure(figure) for name, figure in {OURS: row.ours, **row.others}.items()},
        }
        for row in rows
    ]


def _line(row: Row, names: Sequence[str]) -> list[str]:
    best = row.best()
    others = [_shown(row.others[name].value, name == best) if name in row.others else MISSING + " " for name in names]
    ours = _shown(row.ours.value, best == OURS)
    error = _number(row.ours.standard_error) + " "
    return [row.name, ours, error, *others, row.unit or MISSING, row.better, str(row.ours.n)]


def _shown(value: float, is_best: bool) -> str:
    """With room for the mark, so that the digits stay in line."""
    return _number(value) + ("*" if is_best else " ")


def _number(value: float) -> str:
    """Three digits that count; 250.4 as 250, 0.01234 as 0.0123."""
    if not math.isfinite(value):
        return MISSING if math.isnan(value) else f"{value}"
    if value == 0:
        return "0"
    return f"{value:.{max(0, min(2 - math.floor(math.log10(abs(value))), 6))}f}"


def _figure(figure: Estimate) -> dict[str, object]:
    """`value`, `standard_error`, `n`, `scenes`."""
    shown: dict[str, object] = {name: _plain(value) for name, value in figure._asdict().items()}
    return {**shown, "infinite": True} if math.isinf(figure.value) else shown


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
