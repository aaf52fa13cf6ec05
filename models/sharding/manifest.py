"""A sample set as a file with a line for each sample, written and read without holding all of it.

    {"troupe_manifest": 1}
    {"id": "mira/front_01", "image": {"path": "input:mira/front_01.png", ...}, ...}     samples, in order
    {"id": "mira/broken", "stage": "load", "reason": "the file is empty", ...}           then what dropped out

A manifest is finished when its seal lies beside it: `seal.py`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO

from ..errors import TroupeError
from ..picturefiles import write_atomically
from ..samples.deciding import spread
from ..samples.sample import Rejection, Sample, SampleSet
from ..samples.serial import rejection_from_json, sample_from_json
from .roots import Roots, moved, moved_rejection
from .seal import BLOCK, Run, Seal, join_runs, read_seal, write_seal

HEADER = b'{"troupe_manifest": 1}\n'


def write_manifest(path: Path, sample_set: SampleSet, roots: Roots, key: str = "") -> Seal:
    """Whole or not at all, then sealed. `key`: what it was made by, for whoever asks whether that is still so."""
    samples = (sample_line(sample, roots) for sample in sample_set.samples)
    rejected = (rejection_line(rejection, roots) for rejection in sample_set.rejected)
    return write_lines(path, samples, rejected, key, join_runs((s.character, 1) for s in sample_set.samples))


def write_lines(
    path: Path, samples: Iterable[bytes], rejected: Iterable[bytes], key: str, runs: tuple[Run, ...]
) -> Seal:
    """A manifest of lines that are ready."""
    sealed: list[Seal] = []
    write_atomically(path, lambda file: sealed.append(_filled(file, samples, rejected, key, runs)))
    write_seal(path, sealed[0])
    return sealed[0]


def sample_line(sample: Sample, roots: Roots) -> bytes:
    return _line(moved(sample, roots.shortened))


def rejection_line(rejection: Rejection, roots: Roots) -> bytes:
    return _line(moved_rejection(rejection, roots.shortened))


def read_manifest(path: Path, roots: Roots, places: range | None = None) -> SampleSet:
    """The samples at `places` (all), and with the first of them what dropped out before.

    So the shards of a set have together what the set has, and nothing twice; a part also knows the samples that decide
    how its characters are drawn, wherever in the set they are. Raises `TroupeError` for a manifest that is not sealed,
    or is damaged in what is read of it.
    """
    seal = read_seal(path)
    whole = range(seal.samples)
    places = whole if places is None else places
    samples = tuple(read_samples(path, roots, places))
    rejected = tuple(read_rejected(path, roots)) if places.start == 0 else ()
    return SampleSet(samples, rejected, () if places == whole else _deciding(path, roots, seal, samples))


def _deciding(path: Path, roots: Roots, seal: Seal, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Of every character that `samples` show."""
    everywhere = seal.places_of({sample.character for sample in samples})
    places = [place for ranges in everywhere.values() for place in spread(list(chain(*ranges)))]
    return tuple(sample for place in places for sample in read_samples(path, roots, range(place, place + 1)))


def read_samples(path: Path, roots: Roots, places: range) -> Iterator[Sample]:
    """One after the other, from a jump to the first."""
    for number, line in enumerate(lines(path, places), places.start):
        yield moved(_parsed(path, number, line, sample_from_json), roots.found)


def read_rejected(path: Path, roots: Roots) -> Iterator[Rejection]:
    seal = read_seal(path)
    for number, line in enumerate(lines(path, seal.all_rejected), seal.samples):
        yield moved_rejection(_parsed(path, number, line, rejection_from_json), roots.found)


def lines(path: Path, places: range) -> Iterator[bytes]:
    """The lines at `places`, counted from the first sample's, rejections behind the last sample's."""
    seal = read_seal(path)
    with open(path, "rb") as file:
        if not places:
            return
        file.seek(seal.blocks[places.start // BLOCK])
        start = places.start % BLOCK
        found = 0
        for line in islice(file, start, start + len(places)):
            found += 1
            yield line
    if found != len(places):
        raise _damaged(path, f"line {places.start + found + 2} is missing")


def _filled(
    file: IO[bytes], samples: Iterable[bytes], rejected: Iterable[bytes], key: str, runs: tuple[Run, ...]
) -> Seal:
    digest, size, blocks, counts = hashlib.sha256(HEADER), file.write(HEADER), [], []
    total = 0
    for part in (samples, rejected):
        before = total
        for line in part:
            if total % BLOCK == 0:
                blocks.append(size)
            size += file.write(line)
            digest.update(line)
            total += 1
        counts.append(total - before)
    return Seal(key, digest.hexdigest(), size, *counts, tuple(blocks), runs)


def _line(value: Sample | Rejection) -> bytes:
    text = json.dumps(dataclasses.asdict(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def _parsed(path: Path, number: int, line: bytes, build):
    try:
        return build(json.loads(line))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path, f"line {number + 2}: {error}") from error


def _damaged(path: Path, where: str) -> TroupeError:
    return TroupeError("A manifest is damaged", item=f"{path.name}, {where}", remedy="Delete it and make it again.")
