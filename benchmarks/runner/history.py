"""Figures of earlier runs, a line of JSON each, and how they have changed on the same hardware."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

HARDWARE = ("processor", "cores", "accelerator")
KEPT = ("name", "ours", "peer", "limit", "unit", "ratio", "met")
COLUMNS = ("name", "unit", "now", "before", "change", "ratio", "since")


def record(file: Path, circumstances: dict, rows: Iterable[dict]) -> None:
    """One more line; what is measured goes in, notes and goals stay in the source."""
    slim = [{key: row[key] for key in KEPT if row.get(key) is not None} for row in rows]
    with open(file, "a", encoding="utf-8") as lines:
        lines.write(json.dumps({**circumstances, "rows": slim}) + "\n")


def entries(file: Path) -> list[dict]:
    """From the oldest to the newest."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def changes(found: Sequence[dict], name: str = "") -> list[dict]:
    """Each row of the newest hardware's runs whose name holds `name`: its newest figure beside the one before it."""
    if not found:
        return []
    here = [entry for entry in found if _hardware(entry) == _hardware(found[-1])]
    known: dict[str, list[tuple[dict, dict]]] = {}
    for entry in here:
        for row in entry["rows"]:
            if name.lower() in row["name"].lower() and "ours" in row:
                known.setdefault(row["name"], []).append((entry, row))
    return [_change(*times[-2:]) for times in known.values()]


def _hardware(entry: dict) -> tuple:
    return tuple(entry.get(key) for key in HARDWARE)


def _change(*times: tuple[dict, dict]) -> dict:
    """One time: there is nothing to set it beside."""
    (before, old), (_, new) = times[0], times[-1]
    line = {"name": new["name"], "unit": new.get("unit"), "now": new["ours"], "ratio": new.get("ratio")}
    if len(times) == 1:
        return {**line, "since": "first time"}
    change = f"{new['ours'] / old['ours'] - 1:+.0%}" if old["ours"] else None
    since = f"{before['date'][:10]} {before['commit']}"
    return {**line, "before": old["ours"], "change": change, "since": since}
