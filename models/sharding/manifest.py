"""A sample set as a file with a line for each sample, written and read without holding all of it.

    {"troupe_manifest": 1}
    {"id": "mira/front_01", "image": {"path": "input:mira/front_01.png", ...}, ...}     samples, in order
    {"id": "mira/broken", "stage": "load", "reason": "the file is empty", ...}           then what dropped out

A manifest is finished when its seal lies beside it: `seal.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, Any, TypeVar

from ..errors import TroupeError
from ..picturefiles import write_whole
from ..samples.deciding import spread
from ..samples.sample import Rejection, Sample, SampleSet
from ..samples.serial import rejection_from_json, rejection_to_json, sample_from_json, sample_to_json
from .roots import Roots, moved, moved_rejection
from .seal import BLOCK, Run, Seal, join_runs, read_seal, seal_path, write_seal

Item = TypeVar("Item")

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

    def write(file: IO[bytes]) -> None:
        sealed.append(_filled(file, samples, rejected, key, runs))
        # Of an earlier manifest: it must not speak for this one if nobody lives to seal it.
        seal_path(path).unlink(missing_ok=True)

    write_whole(path, write, "The manifest")
    write_seal(path, sealed[0])
    return sealed[0]


def manifest_digest(sample_set: SampleSet, roots: Roots) -> str:
    """What the digest of its manifest would be."""
    digest = hashlib.sha256(HEADER)
    for sample in sample_set.samples:
        digest.update(sample_line(sample, roots))
    for rejection in sample_set.rejected:
        digest.update(rejection_line(rejection, roots))
    return digest.hexdigest()


def sample_line(sample: Sample, roots: Roots) -> bytes:
    return json_line(sample_to_json(moved(sample, roots.shortened)))


def rejection_line(rejection: Rejection, roots: Roots) -> bytes:
    return json_line(rejection_to_json(moved_rejection(rejection, roots.shortened)))


def json_line(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def read_manifest(path: Path, roots: Roots, places: range | None = None, deciding: bool = True) -> SampleSet:
    """The samples at `places` (all), and with the first of them what dropped out before.

    So the shards of a set have together what the set has, and nothing twice; a part also knows the samples that decide
    how its characters are drawn, wherever in the set they are, unless nobody is going to draw. Raises `TroupeError` for
    a manifest that is not sealed, or is damaged in what is read of it.
    """
    seal = read_seal(path)
    part = range(seal.samples) if places is None else places
    samples = tuple(read_samples(path, roots, part))
    rejected = tuple(read_rejected(path, roots)) if part.start == 0 else ()
    return SampleSet(
        samples, rejected, _deciding(path, roots, seal, samples) if places is not None and deciding else ()
    )


def _deciding(path: Path, roots: Roots, seal: Seal, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Of every character that `samples` show."""
    everywhere = seal.places_of({sample.character for sample in samples})
    places = (place for ranges in everywhere.values() for place in spread(list(chain(*ranges))))
    return tuple(sample for part in _neighbours(places) for sample in read_samples(path, roots, part, seal))


def _neighbours(places: Iterable[int]) -> Iterator[range]:
    """Ascending places that are next to each other, together."""
    for _, same in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        found = [place for _, place in same]
        yield range(found[0], found[-1] + 1)


def read_samples(path: Path, roots: Roots, places: range, seal: Seal | None = None) -> Iterator[Sample]:
    """One after the other, from a jump to the first. `seal`: the manifest's, if it was read already."""
    for sample in parsed_lines(path, places, sample_from_json, seal):
        yield moved(sample, roots.found)


def read_rejected(path: Path, roots: Roots) -> Iterator[Rejection]:
    for rejection in parsed_lines(path, read_seal(path).all_rejected, rejection_from_json):
        yield moved_rejection(rejection, roots.found)


def lines(path: Path, places: range, seal: Seal | None = None) -> Iterator[bytes]:
    """The lines at `places`, counted from the first sample's, rejections behind the last sample's."""
    seal = seal or read_seal(path)
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


def parsed_lines(path: Path, places: range, build: Callable[[Any], Item], seal: Seal | None = None) -> Iterator[Item]:
    """What `build` makes of the JSON in each of the lines."""
    for number, line in enumerate(lines(path, places, seal), places.start):
        yield _parsed(path, number, line, build)


def _parsed(path: Path, number: int, line: bytes, build: Callable[[Any], Item]) -> Item:
    try:
        return build(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path, f"line {number + 2}: {error}") from error


def _damaged(path: Path, where: str) -> TroupeError:
    return TroupeError("A manifest is damaged", item=f"{path.name}, {where}", remedy="Delete it and make it again.")
