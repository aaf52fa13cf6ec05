"""How fast the Measured Captioner is, beside merely decoding the pictures, on one thread and on all cores."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from runner.rows import row, the_pack

COUNT = 64
SIZE = (1024, 768)
RUNS = 3
THREAD_GOAL = 40.0  # pictures a second and thread, decoding not counted


def rows() -> list[dict]:
    the_pack()
    import torch

    torch.set_num_threads(1)  # one picture a thread is faster than many threads a picture
    with tempfile.TemporaryDirectory() as folder:
        samples = _album(Path(folder))
        return [_one_thread(samples), _all_cores(samples)]


def _album(folder: Path) -> tuple:
    """JPEG pictures with edges, colours and grain, as photographs have them."""
    import numpy as np
    from PIL import Image

    from troupe.models.picturefiles import file_digest
    from troupe.models.samples.sample import ImageFile, Sample

    samples = []
    for i in range(COUNT):
        rng = np.random.default_rng(i)
        blocks = Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)
        values = np.asarray(blocks, np.int16) + rng.integers(-9, 10, (SIZE[1], SIZE[0], 1))
        path = folder / f"{i:03d}.jpg"
        Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(path, quality=90)
        samples.append(Sample(path.stem, "mira", ImageFile(str(path), file_digest(path), *SIZE)))
    return tuple(samples)


def _one_thread(samples: tuple) -> dict:
    from troupe.models.captioning.measured import measured_features
    from troupe.models.samples.sample import read_picture

    pictures = [read_picture(sample, 768) for sample in samples[:16]]
    spent = _median(lambda: [list(measured_features(p, samples[0])) for p in pictures], time.thread_time)
    rate = len(pictures) / spent
    note = f"{SIZE[0]} x {SIZE[1]}, decoded before; CPU time, median of {RUNS}"
    name, goal = "measured captioner, one thread", f">= {THREAD_GOAL:g}"
    return row(name, rate, "pictures/s", goal=goal, met=rate >= THREAD_GOAL, note=note)


def _all_cores(samples: tuple) -> dict:
    from troupe.models.captioning.describe import READ_SIDE, describe
    from troupe.models.captioning.measured import MeasuredCaptioner
    from troupe.models.parallel import ordered_map
    from troupe.models.samples.sample import SampleSet, read_picture

    def decode() -> None:
        for _ in ordered_map(lambda sample: read_picture(sample, READ_SIDE) and None, samples):
            pass

    ours = COUNT / _median(lambda: describe(SampleSet(samples), MeasuredCaptioner(), None), time.perf_counter)
    bare = COUNT / _median(decode, time.perf_counter)
    note = f"limit: decoding alone; {os.cpu_count()} cores, nothing stored, median of {RUNS}"
    return row("Describe, all cores", ours, "pictures/s", limit=bare, note=note)


def _median(work, clock) -> float:
    work()
    spent = []
    for _ in range(RUNS):
        start = clock()
        work()
        spent.append(clock() - start)
    return statistics.median(spent)
