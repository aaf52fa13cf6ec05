"""One benchmark in a process of its own, and how much memory that process held at most."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .rows import row, whole

# Runs in the fresh process: stdout stays free for whatever the benchmark or its libraries print.
CHILD = """
import importlib.util, json, sys
path, runner, out = sys.argv[1:]
sys.path[:0] = [path.rpartition("/")[0] or ".", runner]
spec = importlib.util.spec_from_file_location("bench", path)
module = importlib.util.module_from_spec(spec)
sys.modules["bench"] = module
spec.loader.exec_module(module)
rows = module.rows()
try:
    import resource  # Windows has none
    status = open("/proc/self/status").read()  # ru_maxrss would be the parent's, if that is larger; only Linux has it
    own = int(status.partition("VmHWM:")[2].split()[0])
    peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
except (ImportError, OSError, IndexError):
    peak = None
with open(out, "w", encoding="utf-8") as file:
    json.dump({"rows": rows, "peak_kb": peak}, file)
"""


def measure(name: str, folder: Path) -> list[dict]:
    """The rows of one benchmark; a benchmark that fails gives one row that says so, and the others still run."""
    start = time.monotonic()
    print(f"{name} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "rows.json"
        runner = Path(__file__).resolve().parents[1]
        command = [sys.executable, "-c", CHILD, (folder / f"bench_{name}.py").as_posix(), runner.as_posix(), str(out)]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if result.returncode:
            print(result.stdout + result.stderr, file=sys.stderr)
            last = (result.stderr.strip().splitlines() or ["no message"])[-1]
            return [whole({"name": name, "met": False, "note": f"failed: {last}"})]
        print(f"{name}: {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
        found = json.loads(out.read_text(encoding="utf-8"))
    return [*map(whole, found["rows"]), *peak_row(name, found["peak_kb"])]


def peak_row(name: str, kilobytes: int | None) -> list[dict]:
    """Peers and inputs of the benchmark included: its larger part is torch."""
    if kilobytes is None:
        return []
    note = "the benchmark's process with its peers, or a process that it started, whichever is larger"
    return [row(f"{name}: peak memory", kilobytes / 1e3, "MB", note=note)]
