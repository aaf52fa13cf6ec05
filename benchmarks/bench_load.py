"""Loading a sample set: speed beside what Pillow can do at most and beside others' loaders, and its memory.

200 JPEG files of 2048 x 1536 pixels, about 1.1 MB each: a gradient with noise, as hard to decode as a photograph.
The limit is a pool of threads, one a core, that does nothing but the same work on the same files: read, hash, decode at
the same scale. The host's node reads 40 of them, because it keeps all pixels in memory; Hugging Face datasets reads all
with its imagefolder and decodes each at full size, which is what it has to offer.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from runner.rows import row, the_pack, turn_about

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
        return [
            *speed_rows(few),
            host_row(few, Path(scratch) / "host"),
            datasets_row(few, Path(scratch) / "cache"),
            *memory_rows(few, Path(scratch) / "many"),
        ]


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
    files = sorted(folder.rglob("*.jpg"))
    times = turn_about(
        functools.partial(read_sample_set(), folder),
        functools.partial(on_all_cores, files, hash_and_decode),
        functools.partial(on_all_cores, files, functools.partial(decode, scale=8)),
        functools.partial(on_all_cores, files, functools.partial(decode, scale=1)),
        rounds=ROUNDS,
    )
    ours, limit, coarse, full = (len(files) / seconds for seconds in times)
    mb = sum(f.stat().st_size for f in files) / len(files) / 1e6
    note = f"{len(files)} JPEG, {mb:.2f} MB each, best of {ROUNDS}; limit: Pillow on all cores, "
    near, faster = {"goal": f">= {NEAR_LIMIT}x", "met": ours >= NEAR_LIMIT * limit}, ours >= full
    name, unit = "load, beside the limit", "images/s"
    return [
        row(name, ours, unit, limit=limit, **near, note=note + "SHA-256 and decode at 1/8 scale"),
        row("load, beside decode alone", ours, unit, limit=coarse, note=note + "decode at 1/8 scale, no hash"),
        row(
            "load, beside full decode",
            ours,
            unit,
            limit=full,
            goal=">= 1x",
            met=faster,
            note=note + "full size, no hash",
        ),
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
    name, unit = "load, beside the host's node", "images/s"
    host = os.environ.get("COMFYUI_PATH") or os.environ.get("COMFY_HOST_DIR")
    if not host:
        return row(name, None, unit, note="no ComfyUI: set COMFYUI_PATH")
    pictures = base / "input" / "set"
    pictures.mkdir(parents=True)
    for file in sorted(folder.rglob("*.jpg"))[:HOST_FILES]:
        os.link(file, pictures / file.name)
    peer = HOST_FILES / float(child([sys.executable, "-c", HOST_CHILD, host, str(base)]))
    start = time.perf_counter()
    read_sample_set()(pictures)
    ours = HOST_FILES / (time.perf_counter() - start)
    note = f"{HOST_FILES} files; the node keeps the pixels, 38 MB a picture; we keep paths"
    return row(name, ours, unit, peer=peer, goal=">= 1x", met=ours >= peer, note=note)


def datasets_row(folder: Path, cache: Path) -> dict:
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    import datasets

    datasets.disable_progress_bars()

    def theirs() -> None:
        found = datasets.load_dataset("imagefolder", data_dir=str(folder), split="train", cache_dir=str(cache))
        assert sum(1 for line in found if line["image"].load()) == FILES

    seconds = turn_about(functools.partial(read_sample_set(), folder), theirs, rounds=1)
    ours, peer = (FILES / each for each in seconds)
    note = f"{FILES} files; datasets {datasets.__version__}, imagefolder, each picture decoded"
    return row("load, beside datasets", ours, "images/s", peer=peer, goal=">= 1x", met=ours >= peer, note=note)


def memory_rows(few: Path, many: Path) -> list[dict]:
    """The same 200 files under 2,000 names. Only Linux tells a process its own peak."""
    if not sys.platform.startswith("linux"):
        return []
    (many / "mira").mkdir(parents=True)
    files = sorted(few.rglob("*.jpg"))
    for i in range(MANY):
        os.link(files[i % len(files)], many / "mira" / f"{i:05}.jpg")
    few_mb, many_mb = (float(child([sys.executable, __file__, str(folder)])) for folder in (few, many))
    grown, note = many_mb - few_mb, f"{MANY} files beside {len(files)}"
    return [
        row(
            f"load, peak memory at {MANY} files",
            many_mb,
            "MB",
            note=f"most of it is torch; {few_mb:.0f} MB at {len(files)}",
        ),
        row("load, growth of it", grown, "MB", goal=f"< {FLAT_MB} MB", met=grown < FLAT_MB, note=note),
    ]


def child(command: list[str]) -> str:
    out = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = [line.split()[1] for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        raise RuntimeError(out.stderr[-2000:])
    return lines[0]


def read_sample_set() -> Callable[[Path], object]:
    the_pack()
    from troupe.models.samples.reading import ReadOptions, read_sample_set

    return lambda folder: read_sample_set(folder, ReadOptions())


def report_peak(folder: Path) -> None:
    read_sample_set()(folder)
    status = Path("/proc/self/status").read_text()  # ru_maxrss would be the parent's, if that is larger
    print("RESULT", int(status.partition("VmHWM:")[2].split()[0]) / 1e3)


if __name__ == "__main__":
    report_peak(Path(sys.argv[1]))
