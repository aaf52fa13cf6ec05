"""Loading a sample set: speed beside what Pillow can do at most and beside the host's own folder node, and its memory.

200 JPEG files of 2048 x 1536 pixels, about 1.1 MB each: a gradient with noise, as hard to decode as a photograph.
The limit is a pool of threads, one a core, that does nothing but the same work on the same files: read, hash, decode at
the same scale. The host's node reads 40 of them, because it keeps all pixels in memory.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SIZE = (2048, 1536)
FILES, DIFFERENT, MANY, HOST_FILES = 200, 20, 2000, 40
ROUNDS = 3
NEAR_LIMIT, FLAT_MB = 0.9, 150

HOST_CHILD = """
import sys, time
host, base = sys.argv[1:]
sys.path.insert(0, host)
sys.argv = ["comfy", "--cpu", "--base-directory", base]
import comfy.options
comfy.options.enable_args_parsing()
from comfy_extras.nodes_dataset import LoadImageTextDataSetFromFolderNode as Node
start = time.perf_counter()
Node.execute("set")
print("RESULT", time.perf_counter() - start)
"""


def rows() -> list[dict]:
    with tempfile.TemporaryDirectory() as scratch:
        few = make_files(Path(scratch) / "few" / "mira", FILES).parent
        return [*speed_rows(few), host_row(few, Path(scratch) / "host"), *memory_rows(few, Path(scratch) / "many")]


def make_files(folder: Path, count: int) -> Path:
    """The files differ in `DIFFERENT` ways; more would only take longer to make."""
    folder.mkdir(parents=True)
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    for i in range(count):
        file = folder / f"mira_front_{i:04}.jpg"
        if i >= DIFFERENT:
            shutil.copyfile(folder / f"mira_front_{i % DIFFERENT:04}.jpg", file)
            continue
        noise = np.random.default_rng(i).normal(0, 8, (*x.shape, 1))
        ramp = np.stack([x / SIZE[0], y / SIZE[1], (x + y) / sum(SIZE)], -1) * 200 + 20
        Image.fromarray((ramp + noise).clip(0, 255).astype(np.uint8)).save(file, quality=92)
    return folder


def speed_rows(folder: Path) -> list[dict]:
    """Turn about, so that a busy moment of the machine meets all alike; the best of each counts."""
    files = sorted(folder.rglob("*.jpg"))
    contenders: dict[str, Callable[[], object]] = {
        "ours": functools.partial(read_sample_set(), folder),
        "limit": functools.partial(on_all_cores, files, hash_and_decode),
        "decode": functools.partial(on_all_cores, files, functools.partial(decode, scale=8)),
        "full": functools.partial(on_all_cores, files, functools.partial(decode, scale=1)),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    ours, limit, coarse, full = (len(files) / min(times[name]) for name in contenders)
    mb = sum(f.stat().st_size for f in files) / len(files) / 1e6
    note = f"{len(files)} JPEG, {mb:.2f} MB each, best of {ROUNDS}; peer: Pillow on all cores, "
    return [
        row("load, beside the limit", ours, limit, NEAR_LIMIT, note + "SHA-256 and decode at 1/8 scale"),
        row("load, beside decode alone", ours, coarse, None, note + "decode at 1/8 scale, no hash"),
        row("load, beside full decode", ours, full, 1.0, note + "decode at full size, no hash"),
    ]


def on_all_cores(files: list[Path], work: Callable[[Path], object]) -> None:
    with ThreadPoolExecutor(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None) as pool:
        list(pool.map(work, files))


def hash_and_decode(file: Path) -> str:
    data = file.read_bytes()
    decode(io.BytesIO(data), 8)
    return hashlib.sha256(data).hexdigest()


def decode(file: Path | io.BytesIO, scale: int) -> None:
    with Image.open(file) as image:
        image.draft(None, (image.width // scale, image.height // scale))
        image.load()


def host_row(folder: Path, base: Path) -> dict:
    name = "load, beside the host's node"
    host = os.environ.get("COMFYUI_PATH") or os.environ.get("COMFY_HOST_DIR")
    if not host:
        return {**row(name, None, None, None, "no ComfyUI: set COMFYUI_PATH"), "goal": None}
    pictures = base / "input" / "set"
    pictures.mkdir(parents=True)
    for file in sorted(folder.rglob("*.jpg"))[:HOST_FILES]:
        os.link(file, pictures / file.name)
    peer = HOST_FILES / float(child([sys.executable, "-c", HOST_CHILD, host, str(base)]))
    start = time.perf_counter()
    read_sample_set()(pictures)
    ours = HOST_FILES / (time.perf_counter() - start)
    return row(name, ours, peer, 1.0, f"{HOST_FILES} files; the node keeps the pixels, 38 MB a picture; we keep paths")


def memory_rows(few: Path, many: Path) -> list[dict]:
    """The same 200 files under 2,000 names. Only Linux tells a process its own peak."""
    if not sys.platform.startswith("linux"):
        return []
    (many / "mira").mkdir(parents=True)
    files = sorted(few.rglob("*.jpg"))
    for i in range(MANY):
        os.link(files[i % len(files)], many / "mira" / f"{i:05}.jpg")
    peaks = [float(child([sys.executable, __file__, str(folder)])) for folder in (few, many)]
    growth = {"goal": f"< {FLAT_MB} MB", "met": peaks[1] - peaks[0] < FLAT_MB, "ratio": None, "unit": "MB"}
    names = f"load, peak memory at {MANY} files", "load, growth of it"
    note = f"peer: at {len(files)} files"
    return [
        {"name": names[0], "ours": peaks[1], "peer": peaks[0], "ratio": peaks[1] / peaks[0], "goal": None, "met": None}
        | {"unit": "MB", "note": note + "; most of it is torch"},
        {"name": names[1], "ours": peaks[1] - peaks[0], "peer": None, "note": note, **growth},
    ]


def row(name: str, ours: float | None, peer: float | None, goal: float | None, note: str) -> dict:
    ratio = ours / peer if ours and peer else None
    met = ratio >= goal if ratio and goal else None
    wanted = f">= {goal:.2f}x" if goal else None
    found = {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "goal": wanted, "met": met}
    return {**found, "unit": "images/s", "note": note}


def child(command: list[str]) -> str:
    out = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = [line.split()[1] for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        raise RuntimeError(out.stderr[-2000:])
    return lines[0]


def read_sample_set() -> Callable[[Path], object]:
    """The pack's function, under a name of our own for the pack."""
    pack = sys.modules.setdefault("troupe", types.ModuleType("troupe"))
    pack.__path__ = [str(ROOT)]
    reading = importlib.import_module("troupe.models.samples.reading")
    return lambda folder: reading.read_sample_set(folder, reading.ReadOptions())


def report_peak(folder: Path) -> None:
    read_sample_set()(folder)
    status = Path("/proc/self/status").read_text()  # ru_maxrss would be the parent's, if that is larger
    print("RESULT", int(status.partition("VmHWM:")[2].split()[0]) / 1e3)


if __name__ == "__main__":
    report_peak(Path(sys.argv[1]))
