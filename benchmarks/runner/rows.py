"""One line of the table: a figure, and what it stands beside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("name", "ours", "peer", "limit", "unit", "ratio", "goal", "met", "note")


def row(
    name: str,
    ours: float | None,
    unit: str,
    *,
    peer: float | None = None,
    limit: float | None = None,
    ratio: float | None = None,
    goal: str = "",
    met: bool | None = None,
    note: str = "",
) -> dict:
    """`peer`: what another tool needs for the same; `limit`: the most that the machine, or the bare model, can do.
    `ratio`: ours beside the peer, where there is one, else beside the limit. `met`: None where nothing is promised."""
    beside = limit if peer is None else peer
    if ratio is None and ours and beside:
        ratio = ours / beside
    return dict(zip(COLUMNS, (name, ours, peer, limit, unit, ratio, goal, met, note), strict=True))


def whole(found: dict) -> dict:
    """A row that a benchmark wrote by itself, with what it left out."""
    return {column: found.get(column) for column in COLUMNS}


def the_pack() -> None:
    """Make `import troupe.models…` find this checkout, whatever its folder is called."""
    support = str(ROOT / "tests" / "support")
    if support not in sys.path:
        sys.path.insert(0, support)
    from alias import alias

    alias("troupe", ROOT)


def turn_about(*contenders: Callable[[], object], rounds: int, clock=perf_counter) -> tuple[float, ...]:
    """Seconds of each, the best of all rounds, so that a busy moment of the machine meets all alike."""
    best = [float("inf")] * len(contenders)
    for _ in range(rounds):
        for i, work in enumerate(contenders):
            start = clock()
            work()
            best[i] = min(best[i], clock() - start)
    return tuple(best)


def installed(*names: str) -> bool:
    """Whether a peer that is no part of the development environment is there all the same."""
    from importlib.util import find_spec

    return all(find_spec(name) for name in names)
