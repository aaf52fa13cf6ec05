"""Finding near-duplicates: pairs of fingerprints beside all pairs compared, fingerprints of files beside ImageHash.

Pairs: random 64-bit words, at most 6 bits apart; the peer compares one word with all that follow in one numpy call, as
fast as numpy can. Files: 300 JPEG files of 2048 x 1536 pixels, about 0.7 MB each: a gradient with discs and noise.
ImageHash has no pool of its own, so it is measured with one thread and with one thread a core. imagededup, where it is
installed, finds the same pairs among the same words by its own search, written in C, and hashes the same files.
"""

from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from runner.rows import installed, row, the_pack

the_pack()

COUNTS, LIMIT = (1_000, 5_000, 20_000, 100_000), 6
PEER = "peer: all pairs, numpy popcount; ratio: times as fast"
FILES, DIFFERENT, SIZE = 300, 20, (2048, 1536)
ROUNDS, SEARCHED = 3, 2_000
MOST_SECONDS, TIMES_ALL_PAIRS, LARGEST_EXPONENT, TIMES_IMAGEHASH = 2, 10, 1.5, 2


def rows() -> list[dict]:
    with tempfile.TemporaryDirectory() as scratch:
        files = make_files(Path(scratch))
        return [*pair_rows(), *hash_rows(files), *imagededup_rows(files), step_row(files, Path(scratch) / "store")]


def pair_rows() -> list[dict]:
    ours, theirs = zip(*map(pair_times, COUNTS), strict=True)
    table = [
        row(f"pairs of {count:,} fingerprints", a * 1000, "ms", peer=b * 1000, ratio=b / a, note=PEER)
        for count, a, b in zip(COUNTS, ours, theirs, strict=True)
    ]
    table[2].update(goal=f"< {MOST_SECONDS} s", met=ours[2] < MOST_SECONDS)
    table[-1].update(goal=f">= {TIMES_ALL_PAIRS}x", met=theirs[-1] / ours[-1] >= TIMES_ALL_PAIRS)
    slope, others = (math.log(t[-1] / t[0]) / math.log(COUNTS[-1] / COUNTS[0]) for t in (ours, theirs))
    note = f"time ~ count ^ this, from {COUNTS[0]:,} to {COUNTS[-1]:,}; all pairs: {others:.2f}"
    growth = row("pairs: growth", slope, "", goal=f"<= {LARGEST_EXPONENT}", met=slope <= LARGEST_EXPONENT, note=note)
    return [*table, growth]


def pair_times(count: int) -> tuple[float, float]:
    """Seconds, ours and the peer's; both must find the same number of pairs."""
    from troupe.models.adjusting.pairs import near_pairs

    words = planted(count)
    ours, found = best(lambda: len(near_pairs(words, LIMIT).first), ROUNDS)
    theirs, expected = best(lambda: all_pairs(words), ROUNDS if count < 50_000 else 1)
    if found != expected:
        raise RuntimeError(f"{found} pairs of {count} words found, {expected} there")
    return ours, theirs


def planted(count: int) -> np.ndarray:
    """Random words, of which a hundredth has another one two bits away."""
    words = np.random.default_rng(count).integers(0, 2**64, count, dtype=np.uint64)
    words[-count // 100 :] = words[: count // 100] ^ np.uint64(0b100_0001)
    return words


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
        row(name, mine, unit, peer=alone, note=f"{note}, one thread"),
        row(name, mine, unit, peer=many, goal=goal, met=met, note=f"{note}, a thread a core"),
    ]


def imagededup_rows(files: list[Path]) -> list[dict]:
    """Its search is asked for words at most LIMIT bits apart, and answers each pair both ways."""
    names = f"pairs of {SEARCHED:,}, beside imagededup", "fingerprints, beside imagededup"
    if not installed("imagededup"):
        return [row(name, None, "", note="peer not installed; see the last figure in README.md") for name in names]
    from importlib.metadata import version

    from imagededup.methods import PHash

    from troupe.models.adjusting.hashing import perceptual_hash
    from troupe.models.adjusting.pairs import near_pairs
    from troupe.models.parallel import ordered_map
    from troupe.models.picturefiles import decode

    words, theirs = planted(SEARCHED), PHash(verbose=False)
    known = {str(n): f"{int(word):016x}" for n, word in enumerate(words)}
    mine, found = best(lambda: len(near_pairs(words, LIMIT).first), ROUNDS)
    spent, answer = best(
        lambda: theirs.find_duplicates(encoding_map=known, max_distance_threshold=LIMIT, num_dist_workers=0), 1
    )
    if sum(map(len, answer.values())) != 2 * found:
        raise RuntimeError(f"{found} pairs found, imagededup finds {sum(map(len, answer.values())) / 2:g}")
    ours, _ = best(lambda: list(ordered_map(lambda p: perceptual_hash(decode(p, at_least=64).image), files)), ROUNDS)
    hashed, _ = best(lambda: theirs.encode_images(files[0].parent, num_enc_workers=2), 1)
    note = f"imagededup {version('imagededup')}, "
    pace, others = len(files) / ours, len(files) / hashed
    return [
        row(names[0], mine * 1000, "ms", peer=spent * 1000, ratio=spent / mine, note=note + "ratio: times as fast"),
        row(names[1], pace, "files/s", peer=others, note=note + "two processes, their start included"),
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
    return row("adjust, all measures", len(samples) / first, "files/s", note=note)


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


if __name__ == "__main__":
    for line in rows():
        print(line)
