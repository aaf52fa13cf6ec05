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


def run_blind(target: Target, seconds: float = 0, tries: int = 0, seed: int = 0) -> tuple[int, Fault | None]:
    """How many inputs were fed, all seeds at least, and the first that was a fault."""
    end, done = time.monotonic() + seconds, 0
    for data in _inputs(target, Random(seed)):
        seeds_left, data = data
        if not seeds_left and done >= tries and time.monotonic() >= end:
            return done, None
        if fault := fed(target, data):
            return done, fault
        done += 1
        tries += seeds_left
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


def _inputs(target: Target, random: Random) -> Iterator[tuple[bool, bytes]]:
    """Each with whether it is a seed."""
    seeds = list(target.seeds())
    yield from ((True, data) for data in seeds)
    short = [data for data in seeds if len(data) <= LONGEST]
    while True:
        data = random.choice(short)
        for _ in range(random.randint(1, 4)):
            data = random.choice(CHANGES)(data, random, short)
        yield False, data[:LONGEST]


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
