"""Without coverage: each seed as it is, then with a few changes at random, the same ones for the same seed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from .target import LONGEST, Target

TOKENS = (
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\\",
    b"\0",
    b"\xff",
    b"\n",
    b"#",
    b"=",
    b"->",
    b"1e999",
    b"../",
    b"%s",
)


class Fault(NamedTuple):
    """What a target could not take, and what it raised."""

    data: bytes
    error: BaseException


def run_blind(
    target: Target, seconds: float = 0, tries: int = 0, chance: int = 0, every: int = 1
) -> tuple[int, Fault | None]:
    """How many inputs were fed, and the first that was a fault: `every` such seed, then changed ones until `seconds`
    have passed and `tries` were made. `chance`: the same number, the same inputs."""
    done, seeds = 0, list(target.seeds())
    end, changed = time.monotonic() + seconds, _changed(seeds, Random(chance))
    while done < len(seeds[::every]) + tries or time.monotonic() < end:
        data = seeds[::every][done] if done < len(seeds[::every]) else next(changed)
        done += 1
        if fault := fed(target, data):
            return done, fault
    return done, None


def fed(target: Target, data: bytes) -> Fault | None:
    with fresh_folder() as folder:
        try:
            target.feed(data, folder)
        except Exception as error:  # whatever it is, it should not have come
            return Fault(data, error)
    return None


@contextmanager
def fresh_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="troupe-fuzz-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _changed(seeds: list[bytes], random: Random) -> Iterator[bytes]:
    short = [data for data in seeds if len(data) <= LONGEST]
    while True:
        data = random.choice(short)
        for _ in range(random.randint(1, 4)):
            data = random.choice(CHANGES)(data, random, short)
        yield data[:LONGEST]


def _replaced(data: bytes, random: Random, seeds: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, random: Random, seeds: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + data[at + random.randint(1, 16) :]


def _doubled(data: bytes, random: Random, seeds: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + data[at : at + 32] * random.randint(2, 9) + data[at:]


def _token(data: bytes, random: Random, seeds: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(TOKENS) + data[at:]


def _joined(data: bytes, random: Random, seeds: list[bytes]) -> bytes:
    return data[: random.randrange(len(data) + 1)] + random.choice(seeds)


CHANGES: tuple[Callable[[bytes, Random, list[bytes]], bytes], ...] = (_replaced, _cut, _doubled, _token, _joined)
