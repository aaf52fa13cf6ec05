"""Finding near-duplicates: pairs of fingerprints beside all pairs compared, fingerprints of files beside ImageHash.

Pairs: random 64-bit words, at most 6 bits apart; the peer compares one word with all that follow in one numpy call, as
fast as numpy can. Files: 300 JPEG files of 2048 x 1536 pixels, about 0.7 MB each: a gradient with discs and noise.
ImageHash has no pool of its own, so it is measured with one thread and with one thread a core.
"""

from __future__ import annotations

import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
import alias

alias.alias("troupe", Path(__file__).resolve().parents[1])

COUNTS, LIMIT = (1_000, 5_000, 20_000, 100_000), 6
PEER = "peer: all pairs, numpy popcount"
FILES, DIFFERENT, SIZE = 300, 20, (2048, 1536)
ROUNDS = 3
MOST_SECONDS, TIMES_ALL_PAIRS, LARGEST_EXPONENT, TIMES_IMAGEHASH = 2, 10, 1.5, 2


def rows() -> list[dict]:
    with tempfile.TemporaryDirectory() as scratch:
        files = make_files(Path(scratch))
        return [*pair_rows(), *hash_rows(files), step_row(files, Path(scratch) / "store")]


def pair_rows() -> list[dict]:
    ours, theirs = zip(*map(pair_times, COUNTS), strict=True)
    table = [
        row(f"pairs of {count:,} fingerprints", a * 1000, b * 1000, b / a, "ms", "", None, PEER)
        for count, a, b in zip(COUNTS, ours, theirs, strict=True)
    ]
    table[2].update(goal=f"< {MOST_SECONDS} s", met=ours[2] < MOST_SECONDS)
    table[-1].update(goal=f">= {TIMES_ALL_PAIRS}x", met=theirs[-1] / ours[-1] >= TIMES_ALL_PAIRS)
    slopes = [math.log(t[-1] / t[0]) / math.log(COUNTS[-1] / COUNTS[0]) for t in (ours, theirs)]
    note = f"time ~ count ^ this, from {COUNTS[0]:,} to {COUNTS[-1]:,}"
    goal, met = f"<= {LARGEST_EXPONENT}", slopes[0] <= LARGEST_EXPONENT
    return [*table, row("pairs: growth", *slopes, None, "exponent", goal, met, note)]


def pair_times(count: int) -> tuple[float, float]:
    """Seconds, ours and the peer's; both must find the same number of pairs."""
    from troupe.models.adjusting.pairs import near_pairs

    words = np.random.default_rng(count).integers(0, 2**64, count, dtype=np.uint64)
    words[-count // 100 :] = words[: count // 100] ^ np.uint64(0b100_0001)  # a hundredth is planted
    ours, found = best(lambda: len(near_pairs(words, LIMIT).first), ROUNDS)
    theirs, expected = best(lambda: all_pairs(words), ROUNDS if count < 50_000 else 1)
    if found != expected:
        raise RuntimeError(f"{found} pairs of {count} words found, {expected} there")
    return ours, theirs


def all_pairs(words: np.ndarray) -> int:
    from troupe.models.adjusting.hashing import popcount

    pairs = (popcount(words[n] ^ words[n + 1 :]) <= LIMIT for n in range(len(words) - 1))
    return sum(map(np.count_nonzero, pairs))


def hash_rows(files: list[Path]) -> list[dict]:
    import imagehash

    from troupe.models.adjusting.hashing import perceptual_hash
    from troupe.models.parallel import core_count, ordered_map
    from troupe.models.picturefiles import decode

    def ours(path: Path) -> int:
        return perceptual_hash(decode(path, at_least=64).image)

    def theirs(path: Path) -> object:
        with Image.open(path) as image:
            return imagehash.phash(image)

    def pooled() -> list:
        with ThreadPoolExecutor(core_count()) as pool:
            return list(pool.map(theirs, files))

    mine, alone, many = (
        len(files) / best(work, rounds)[0]
        for work, rounds in (
            (lambda: list(ordered_map(ours, files)), ROUNDS),
            (lambda: list(map(theirs, files)), 1),
            (pooled, ROUNDS),
        )
    )
    goal, met = f">= {TIMES_IMAGEHASH}x", mine / many >= TIMES_IMAGEHASH
    note = f"with decoding, {core_count()} cores; peer: ImageHash pHash"
    name, unit = "fingerprints of JPEG files", "files/s"
    return [
        row(name, mine, alone, mine / alone, unit, "", None, f"{note}, one thread"),
        row(name, mine, many, mine / many, unit, goal, met, f"{note}, a thread a core"),
    ]


def step_row(files: list[Path], folder: Path) -> dict:
    """The whole step: fingerprint, sharpness, exposure, likeness in one decode, then again from the store."""
    from troupe.models.adjusting.adjust import adjust
    from troupe.models.adjusting.preset import Preset
    from troupe.models.picturefiles import file_digest
    from troupe.models.samples.sample import ImageFile, Sample, SampleSet
    from troupe.models.samples.store import Store

    pictures = [(f.stem, ImageFile(str(f), file_digest(f), *SIZE)) for f in files[:DIFFERENT]]
    samples, store = SampleSet(tuple(Sample(id, "mira", image) for id, image in pictures)), Store(folder)
    first, again = (best(lambda: adjust(samples, Preset(), store), 1)[0] for _ in range(2))
    note = f"of {len(samples)} files; {again * 1000:.0f} ms when the store has their measures"
    return row("adjust, all measures", len(samples) / first, None, None, "files/s", "", None, note)


def make_files(folder: Path) -> list[Path]:
    """The files differ in `DIFFERENT` ways; more would only take longer to make."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    files = [folder / f"{n:04}.jpg" for n in range(FILES)]
    for n, file in enumerate(files):
        if n >= DIFFERENT:
            shutil.copyfile(files[n % DIFFERENT], file)
            continue
        rng = np.random.default_rng(n)
        ramp = np.stack([x / SIZE[0], y / SIZE[1], (x + y) / sum(SIZE)], -1) * 160 + 40
        image = Image.fromarray((ramp + rng.normal(0, 5, (*x.shape, 1))).clip(0, 255).astype(np.uint8))
        for left, top, radius in rng.uniform((0, 0, 60), (*SIZE, 400), (12, 3)):
            colour = tuple(int(c) for c in rng.integers(0, 256, 3))
            ImageDraw.Draw(image).ellipse((left - radius, top - radius, left + radius, top + radius), colour)
        image.save(file, quality=92)
    return files


def best(work: Callable[[], object], rounds: int) -> tuple[float, object]:
    """Seconds of the quickest round, and what the work gave."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def row(name: str, ours, peer, ratio, unit: str, goal: str, met, note: str) -> dict:
    fields = "name", "ours", "peer", "ratio", "unit", "goal", "met", "note"
    return dict(zip(fields, (name, ours, peer, ratio, unit, goal, met, note), strict=True))


if __name__ == "__main__":
    for line in rows():
        print(line)
