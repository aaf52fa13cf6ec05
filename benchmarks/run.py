#!/usr/bin/env python3
"""Run the benchmarks, each in a process of its own, and print one table.

    python3 scripts/troupe.py bench [--json FILE] [names ...]

A benchmark is a file `bench_NAME.py` with `rows() -> list[dict]`; each row has
    name, ours, peer, ratio, goal, met, unit, note
where `peer` and `ratio` may be None (nobody to compare with), and so may `met` (nothing promised).
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ("name", "ours", "peer", "unit", "ratio", "goal", "met", "note")
RIGHT = ("ours", "peer", "ratio")

# Runs in the fresh process: stdout stays free for whatever the benchmark or its libraries print.
CHILD = """
import importlib.util, json, sys
path, out = sys.argv[1:]
sys.path.insert(0, path.rpartition("/")[0] or ".")
spec = importlib.util.spec_from_file_location("bench", path)
module = importlib.util.module_from_spec(spec)
sys.modules["bench"] = module
spec.loader.exec_module(module)
with open(out, "w", encoding="utf-8") as file:
    json.dump(module.rows(), file)
"""


def main(arguments: list[str]) -> int:
    read = argparse.ArgumentParser(prog="troupe.py bench", description="Measure, beside others where there are any.")
    read.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, with machine and commit")
    read.add_argument("names", nargs="*", help="which ones (default: all): " + ", ".join(available()))
    wanted = read.parse_args(arguments)
    unknown = [name for name in wanted.names if name not in available()]
    if unknown:
        read.error(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(available())}")
    rows = [row for name in wanted.names or available() for row in measure(name)]
    print(table(rows))
    if wanted.json:
        wanted.json.resolve().parent.mkdir(parents=True, exist_ok=True)
        wanted.json.write_text(json.dumps({**circumstances(), "rows": rows}, indent=2) + "\n", encoding="utf-8")
    return 1 if any(row.get("met") is False for row in rows) else 0


def available(folder: Path = HERE) -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))


def measure(name: str, folder: Path = HERE) -> list[dict]:
    """The rows of one benchmark; a benchmark that fails gives one row that says so, and the others still run."""
    start = time.monotonic()
    print(f"{name} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "rows.json"
        command = [sys.executable, "-c", CHILD, (folder / f"bench_{name}.py").as_posix(), str(out)]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if result.returncode:
            print(result.stdout + result.stderr, file=sys.stderr)
            last = (result.stderr.strip().splitlines() or ["no message"])[-1]
            return [{"name": name, "met": False, "note": f"failed: {last}"}]
        print(f"{name}: {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
        return json.loads(out.read_text(encoding="utf-8"))


def table(rows: list[dict]) -> str:
    """Aligned columns; numbers to the right."""
    cells = [list(COLUMNS), *([cell(row.get(column), column) for column in COLUMNS] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    return "\n".join(_line(line, widths) for line in cells)


def _line(line: list[str], widths: list[int]) -> str:
    return "  ".join(_pad(*item) for item in zip(line, widths, COLUMNS, strict=True)).rstrip()


def _pad(text: str, width: int, column: str) -> str:
    return text.rjust(width) if column in RIGHT else text.ljust(width)


def cell(value: object, column: str) -> str:
    if column == "met":
        return {True: "yes", False: "NO", None: "-"}[value]
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}x" if column == "ratio" else f"{value:.4g}"
    return str(value)


def circumstances() -> dict:
    """What a number means nothing without."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": _commit(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": _memory_gb(),
        "versions": _versions("torch", "numpy", "Pillow", "scipy"),
    }


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    result = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    return result.stdout.strip() or "none"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine()


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError):  # Windows
        return None


def _versions(*names: str) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
