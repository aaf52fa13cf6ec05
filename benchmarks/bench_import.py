"""How long the pack keeps the host from starting: its import, and the making of its node list, beyond what is loaded.

A process first imports what every host has in memory when it comes to custom nodes (torch, its node interface), then
divides: each of its copies imports the pack as the host does. Seconds of the processor, which other work on the machine
does not lengthen: an import runs on one thread and reads files that the system holds in memory.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOAL = 0.1
RUNS = 9

CHILD = """
import asyncio, importlib.util, os, sys, time
root, host, base, runs = sys.argv[1:]
sys.path.insert(0, host)
sys.argv = ["comfy", "--cpu", "--base-directory", base]
import comfy.options
comfy.options.enable_args_parsing()
import comfy.cli_args, folder_paths, torch, numpy, PIL.Image, nodes, server
from comfy_api.latest import ComfyExtension, io, ui

async def names(module):
    extension = await module.comfy_entrypoint()
    return [node.GET_SCHEMA().node_id for node in await extension.get_node_list()]

def once():
    start, spent = time.perf_counter(), time.process_time()
    spec = importlib.util.spec_from_file_location("pack", root + "/__init__.py", submodule_search_locations=[root])
    module = sys.modules["pack"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = asyncio.run(names(module))
    print("RESULT", time.process_time() - spent, time.perf_counter() - start, len(found), flush=True)

for _ in range(int(runs)):
    copy = os.fork()
    if not copy:
        once()
        os._exit(0)
    os.waitpid(copy, 0)
"""


def runs() -> list[tuple[float, float, int]]:
    """Processor's and clock's seconds and number of nodes of each copy; the first may have to compile the pack."""
    with tempfile.TemporaryDirectory() as base:
        for name in ("custom_nodes", "input", "output", "models", "user", "temp"):
            Path(base, name).mkdir()
        command = [sys.executable, "-c", CHILD, str(ROOT), os.environ["COMFYUI_PATH"], base, str(RUNS + 1)]
        out = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = [line.split()[1:] for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if len(lines) != RUNS + 1:
        raise RuntimeError(out.stderr[-2000:])
    return [(float(spent), float(clock), int(nodes)) for spent, clock, nodes in lines[1:]]


def rows() -> list[dict]:
    spent, clock, nodes = zip(*runs(), strict=True)
    seconds = statistics.median(spent)
    return [
        {
            "name": "import of the pack",
            "ours": seconds,
            "goal": f"< {GOAL} s",
            "met": seconds < GOAL,
            "unit": "s",
            "note": f"{nodes[0]} nodes, beyond torch and the host's own modules; CPU time, median of {RUNS}; "
            f"by the clock {min(clock):.3f} s at best",
        }
    ]
