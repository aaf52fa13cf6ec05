"""How long the pack keeps the host from starting: its import, and the making of its node list, beyond what is loaded.

A fresh process first imports what every host has in memory when it comes to custom nodes (torch, its node interface),
then the pack as the host does.
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
RUNS = 5

CHILD = """
import asyncio, importlib.util, sys, time
root, host, base = sys.argv[1:]
sys.path.insert(0, host)
sys.argv = ["comfy", "--cpu", "--base-directory", base]
import comfy.options
comfy.options.enable_args_parsing()
import comfy.cli_args, folder_paths, torch, numpy, PIL.Image, nodes, server
from comfy_api.latest import ComfyExtension, io, ui

start = time.perf_counter()
spec = importlib.util.spec_from_file_location("pack", root + "/__init__.py", submodule_search_locations=[root])
module = sys.modules["pack"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

async def names():
    extension = await module.comfy_entrypoint()
    return [node.GET_SCHEMA().node_id for node in await extension.get_node_list()]

found = asyncio.run(names())
print("RESULT", time.perf_counter() - start, len(found))
"""


def once() -> tuple[float, int]:
    """Seconds and number of nodes of one fresh process."""
    with tempfile.TemporaryDirectory() as base:
        for name in ("custom_nodes", "input", "output", "models", "user", "temp"):
            Path(base, name).mkdir()
        command = [sys.executable, "-c", CHILD, str(ROOT), os.environ["COMFYUI_PATH"], base]
        out = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = [line.split() for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        raise RuntimeError(out.stderr[-2000:])
    return float(lines[0][1]), int(lines[0][2])


def rows() -> list[dict]:
    once()  # the first one may have to compile the pack
    runs = [once() for _ in range(RUNS)]
    seconds = statistics.median(seconds for seconds, _ in runs)
    return [
        {
            "name": "import of the pack",
            "ours": seconds,
            "peer": None,
            "ratio": None,
            "goal": f"< {GOAL} s",
            "met": seconds < GOAL,
            "unit": "s",
            "note": f"{runs[0][1]} nodes; median of {RUNS} fresh processes, beyond torch and the host's own modules",
        }
    ]
