"""Writing a data set: speed beside what Pillow can do at most and beside others, and its memory.

200 JPEG files of 2048 x 1536 pixels, about 1.1 MB each: a gradient with noise, as hard on the coders as a photograph.
Each is written with its short side at 1024. The limit is a pool of threads, one a core, that does nothing but decode,
scale with LANCZOS, encode with the same settings and write: no captions, hashes, staging or manifest. The host's chain
(load folder, resize by shorter edge, save folder) works on 24 of them, because it keeps all pixels in memory. The chain
for webdataset's `TarWriter` is what its users write: Pillow, picture after picture.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from runner.rows import row, the_pack, turn_about

SIZE, SHORT = (2048, 1536), 1024
FILES, DIFFERENT, HOST_FILES = 200, 20, 24
TIMED_PNG, TIMED_JPG, ROUNDS = 16, 32, 5
SMALL, SMALL_SHORT, FEW, MANY = (384, 288), 128, 200, 2000
NEAR_LIMIT, HOST_TIMES, PEAK_MB, GROWTH_MB = 0.9, 6, 1000, 50

HOST_CHILD = """
import sys, time
host, base = sys.argv[1:3]
sys.path.insert(0, host)
sys.argv = ["comfy", "--cpu", "--base-directory", base]
import comfy.options
comfy.options.enable_args_parsing()
import torch
from comfy_extras import nodes_dataset as nodes
start = time.perf_counter()
with torch.inference_mode():
    images, texts = nodes.LoadImageTextDataSetFromFolderNode.execute("set").args
    images = [nodes.ResizeImagesByShorterEdgeNode.execute(i, shorter_edge=SHORT).args[0] for i in images]
    nodes.SaveImageTextDataSetToFolderNode.execute(images, ["set"], ["image"], ["overwrite"], texts)
print("RESULT", time.perf_counter() - start)
"""


def rows() -> list[dict]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = make_files(folder / "large", FILES, SIZE)
        png = pace(files[:TIMED_PNG], folder, "png")
        jpg = pace(files[:TIMED_JPG], folder, "jpg")
        return [
            limit_row("write, PNG level 1", png, TIMED_PNG),
            limit_row("write, JPEG 95", jpg, TIMED_JPG),
            host_row(files[:HOST_FILES], folder / "host"),
            webdataset_row(files[:TIMED_PNG], folder / "shards"),
            *memory_rows(folder),
        ]


def make_files(folder: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """The files differ in `DIFFERENT` ways; more would only take longer to make."""
    folder.mkdir(parents=True)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    slopes = np.dstack((x / size[0], y / size[1], (x + y) / sum(size))) * 200
    files = [folder / f"mira_front_{i:04}.jpg" for i in range(count)]
    for i, file in enumerate(files):
        if i < DIFFERENT:
            noise = np.random.default_rng(i).normal(28, 10, (*slopes.shape[:2], 1))
            Image.fromarray((slopes + noise).clip(0, 255).astype(np.uint8)).save(file, quality=92)
        else:
            file.hardlink_to(files[i % DIFFERENT])
    return files


class Pace(NamedTuple):
    """Pictures a second, the best of all rounds; `ratio`: the median over the rounds."""

    ours: float
    limit: float
    ratio: float


def pace(files: list[Path], folder: Path, suffix: str) -> Pace:
    """In turns, so that a busy machine is busy for both."""
    ours, limit = pack_writer(suffix, SHORT), pool_writer(suffix)
    rounds = [
        (timed(ours, files, folder / f"{suffix}{n}"), timed(limit, files, folder / f"limit-{suffix}{n}"))
        for n in range(ROUNDS)
    ]
    best = (len(files) / min(column) for column in zip(*rounds, strict=True))
    return Pace(*best, ratio=statistics.median(theirs / own for own, theirs in rounds))


def timed(write: Callable[[list[Path], Path], None], files: list[Path], target: Path) -> float:
    start = time.perf_counter()
    write(files, target)
    return time.perf_counter() - start


def pool_writer(suffix: str) -> Callable[[list[Path], Path], None]:
    options = {"png": {"compress_level": 1}, "jpg": {"quality": 95, "subsampling": 0}}[suffix]

    def write(files: list[Path], target: Path) -> None:
        target.mkdir()

        def one(file: Path) -> None:
            with Image.open(file) as image:
                factor = SHORT / min(image.size)
                size = tuple(round(side * factor) for side in image.size)
                image.resize(size, Image.Resampling.LANCZOS).save(target / f"{file.stem}.{suffix}", **options)

        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            list(pool.map(one, files))

    return write


def pack_writer(suffix: str, short: int, layout: str = "kohya") -> Callable[[list[Path], Path], None]:
    """Plan and write; the samples, which Load Sample Set makes, are made before the clock starts."""
    the_pack()
    from troupe.models.formats.plan import plan_dataset
    from troupe.models.formats.settings import WriteSettings
    from troupe.models.formats.write import write_dataset
    from troupe.models.samples.sample import ImageFile, Labels, Sample, SampleSet

    settings = WriteSettings(
        "mira", resize="shortest side", resolution=short, picture_format=suffix, class_word="girl", format=layout
    )

    def write(files: list[Path], target: Path) -> None:
        size = Image.open(files[0]).size
        labels = Labels("mirax", caption="mirax, from the front, standing, outdoors")
        samples = (Sample(file.stem, "mira", ImageFile(str(file), "", *size), labels=labels) for file in files)
        written = write_dataset(plan_dataset(SampleSet(tuple(samples)), settings), target)
        assert written.pictures == len(files), written.report

    return write


def limit_row(name: str, found: Pace, files: int) -> dict:
    note = (
        f"{files} files, {ROUNDS} rounds in turns; limit: the same decode, LANCZOS and encode in a bare pool of threads"
    )
    goal, met = f">= {NEAR_LIMIT}x", found.ratio >= NEAR_LIMIT
    return row(name, found.ours, "images/s", limit=found.limit, ratio=found.ratio, goal=goal, met=met, note=note)


def host_row(files: list[Path], base: Path) -> dict:
    name, goal = "write, PNG, beside the host", f">= {HOST_TIMES}x"
    host = os.environ.get("COMFY_HOST_DIR") or os.environ.get("COMFYUI_PATH")
    if not host:
        return row(name, None, "images/s", goal=goal, note="no ComfyUI: set COMFYUI_PATH")
    for folder in ("custom_nodes", "input/set", "output", "models", "user", "temp"):
        (base / folder).mkdir(parents=True)
    for file in files:
        (base / "input" / "set" / file.name).hardlink_to(file)
        (base / "input" / "set" / f"{file.stem}.txt").write_text("mirax, standing")
    write = pack_writer("png", SHORT)
    before = [timed(write, files, base / f"before{n}") for n in range(2)]
    peer = len(files) / child([sys.executable, "-c", HOST_CHILD.replace("SHORT", str(SHORT)), host, str(base)])
    ours = len(files) / statistics.median([*before, *(timed(write, files, base / f"after{n}") for n in range(2))])
    note = f"{len(files)} files; host: load folder, resize by shorter edge, save folder; ours: median of 4 around it"
    return row(name, ours, "images/s", peer=peer, goal=goal, met=ours / peer >= HOST_TIMES, note=note)


def webdataset_row(files: list[Path], folder: Path) -> dict:
    import webdataset

    def theirs(target: Path) -> None:
        target.mkdir(parents=True)
        with webdataset.TarWriter(str(target / "000000.tar")) as tar:
            for file in files:
                with Image.open(file) as image:
                    factor = SHORT / min(image.size)
                    image = image.resize([round(side * factor) for side in image.size], Image.Resampling.LANCZOS)
                tar.write({"__key__": file.stem, "png": image, "txt": "mirax, standing", "json": {"mask": ""}})

    write = pack_writer("png", SHORT, "webdataset")
    seconds = turn_about(
        lambda: write(files, fresh(folder / "ours")), lambda: theirs(fresh(folder / "theirs")), rounds=2
    )
    ours, peer = (len(files) / each for each in seconds)
    note = f"{len(files)} files; peer: Pillow and webdataset's TarWriter, one after the other, its own PNG level"
    return row(
        "write, shards, beside webdataset", ours, "images/s", peer=peer, goal=">= 1x", met=ours >= peer, note=note
    )


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def memory_rows(folder: Path) -> list[dict]:
    large = peak_of(folder / "large", folder / "memory", SHORT)
    for name, count in (("few", FEW), ("many", MANY)):
        make_files(folder / name, count, SMALL)
    few, many = (peak_of(folder / name, folder / f"memory-{name}", SMALL_SHORT) for name in ("few", "many"))
    size, small = "x".join(map(str, SIZE)), "x".join(map(str, SMALL))
    note, goal = f"{FILES} files of {size} to PNG, whole process with torch", f"< {PEAK_MB} MB"
    peak = row("write, peak memory", large, "MB", goal=goal, met=large < PEAK_MB, note=note)
    grown, note = many - few, f"peak with {MANY} files of {small} less that with {FEW}"
    goal, met = f"< {GROWTH_MB} MB", grown < GROWTH_MB
    return [peak, row("write, memory that grows", grown, "MB", goal=goal, met=met, note=note)]


def peak_of(files: Path, target: Path, short: int) -> float:
    return child([sys.executable, str(Path(__file__)), str(files), str(target), str(short)])


def child(command: list[str]) -> float:
    out = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = [line.split()[1] for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        raise RuntimeError(out.stderr[-2000:])
    return float(lines[0])


def report_peak(files: str, target: str, short: str) -> None:
    pack_writer("png", int(short))(sorted(Path(files).iterdir()), Path(target))
    status = Path("/proc/self/status").read_text()  # ru_maxrss would be the parent's, if that is larger
    print("RESULT", int(status.partition("VmHWM:")[2].split()[0]) / 1e3)


if __name__ == "__main__":
    report_peak(*sys.argv[1:])
