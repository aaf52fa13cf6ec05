#!/usr/bin/env python3
"""Run the benchmarks, each in a process of its own, and print one table.

    python3 scripts/troupe.py bench [--json FILE] [--record] [--markdown] [names ...]
    python3 scripts/troupe.py bench --history [NAME]

A benchmark is a file `bench_NAME.py` with `rows() -> list[dict]`; `runner/rows.py` says what is in a row.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from runner import history
from runner.circumstances import circumstances
from runner.process import measure
from runner.table import markdown, table

HERE = Path(__file__).resolve().parent
HISTORY = HERE / "history.jsonl"
LONG = ("growth",)  # half an hour: only when it is named


def main(arguments: list[str]) -> int:
    read = argparse.ArgumentParser(prog="troupe.py bench", description="Measure, beside others where there are any.")
    read.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, with machine and commit")
    read.add_argument("--markdown", action="store_true", help="print the table as it stands in README.md")
    read.add_argument("--record", action="store_true", help="add the figures to benchmarks/history.jsonl")
    read.add_argument(
        "--history", nargs="?", const="", metavar="NAME", help="run nothing: show what has changed since the last time"
    )
    read.add_argument(
        "names", nargs="*", help=f"which ones (default: all but {', '.join(LONG)}): " + ", ".join(available())
    )
    wanted = read.parse_args(arguments)
    if wanted.history is not None:
        return show_history(wanted.history)
    unknown = [name for name in wanted.names if name not in available()]
    if unknown:
        read.error(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(available())}")
    names = wanted.names or [name for name in available() if name not in LONG]
    rows = [row for name in names for row in measure(name, HERE)]
    print(markdown(rows) if wanted.markdown else table(rows))
    if wanted.json:
        wanted.json.resolve().parent.mkdir(parents=True, exist_ok=True)
        wanted.json.write_text(json.dumps({**circumstances(), "rows": rows}, indent=2) + "\n", encoding="utf-8")
    if wanted.record:
        history.record(HISTORY, circumstances(), rows)
    return 1 if any(row["met"] is False for row in rows) else 0


def available(folder: Path = HERE) -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))


def show_history(name: str) -> int:
    lines = history.changes(history.entries(HISTORY), name)
    print(table(lines, history.COLUMNS) if lines else "Nothing recorded yet: run with --record.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
