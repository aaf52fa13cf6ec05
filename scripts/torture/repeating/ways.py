"""Circumstances that must not matter to a data set, each a way to make it once more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import torch

from .chain import made
from .pictures import another_listing

Digests = dict[str, str]


class Way(NamedTuple):
    """`make(samples, work)`: the data set made below the empty folder `work`, in hashes."""

    name: str
    make: Callable[[Path, Path], Digests]


def ways(long: bool) -> Iterator[Way]:
    """The short form has one or two of each kind."""
    rounds = 10 if long else 1
    yield from (Way(f"again, {n}", made) for n in range(1, rounds + 1))
    yield Way("1 worker, on one core", with_one_core)
    yield from (Way(f"captioner in batches of {n}", in_batches(n)) for n in (1, 3, 16))
    yield from (Way(f"samples shuffled, {n}", shuffled(n)) for n in range(1, rounds + 1))
    yield from (Way(f"folders listed otherwise, {n}", listed_otherwise(n)) for n in range(1, rounds + 1))
    yield from (Way(f"stopped and resumed, {n}", interrupted(n, 12 if long else 4)) for n in range(1, rounds + 1))
    yield from (Way(f"half of the store deleted, {n}", half_forgotten(n)) for n in range(1, rounds + 1))


def with_threads(count: int) -> Callable[[Path, Path], Digests]:
    def make(samples: Path, work: Path) -> Digests:
        with threads(count):
            return made(samples, work)

    return make


@contextmanager
def threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def with_one_core(samples: Path, work: Path) -> Digests:
    """As under `taskset`; a system that grants no single cores (macOS, Windows) does it as ever."""
    if not hasattr(os, "sched_setaffinity"):
        return made(samples, work)
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        return made(samples, work)
    finally:
        os.sched_setaffinity(0, before)


def in_batches(size: int) -> Callable[[Path, Path], Digests]:
    return lambda samples, work: made(samples, work, batch=size)


def shuffled(seed: int) -> Callable[[Path, Path], Digests]:
    return lambda samples, work: made(samples, work, order=Random(seed))


def listed_otherwise(seed: int) -> Callable[[Path, Path], Digests]:
    """In a folder with another name and place, whose files were put there in another order and are listed in none."""

    def make(samples: Path, work: Path) -> Digests:
        moved = another_listing(samples, work / "Ein anderer Ordner (米拉)" / "b")
        with shuffled_listings(Random(seed)):
            return made(moved, work)

    return make


@contextmanager
def shuffled_listings(order: Random) -> Iterator[None]:
    """Whoever lists a folder meanwhile gets its entries in any order, as from any file system."""
    scandir, listdir = os.scandir, os.listdir

    class Shuffled:
        def __init__(self, *place) -> None:
            with scandir(*place) as entries:
                found = list(entries)
            self.entries = iter(order.sample(found, len(found)))

        def __iter__(self):
            return self.entries

        def __next__(self):
            return next(self.entries)

        def __enter__(self):
            return self

        def __exit__(self, *_) -> None:
            pass

        def close(self) -> None:
            pass

    os.scandir, os.listdir = Shuffled, lambda *place: order.sample(names := listdir(*place), len(names))
    try:
        yield
    finally:
        os.scandir, os.listdir = scandir, listdir


class Stopped(BaseException):
    """As the host's Cancel."""


def interrupted(seed: int, times: int) -> Callable[[Path, Path], Digests]:
    """Begun so often, each time in another order, and stopped anywhere; then made to its end."""

    def make(samples: Path, work: Path) -> Digests:
        order = Random(seed)
        for _ in range(times):
            left = order.randrange(1, 90)

            def stop(done: int, total: int, name: str) -> None:
                nonlocal left
                left -= 1
                if not left:
                    raise Stopped

            try:
                made(samples, work, order=order, progress=stop)
            except Stopped:
                continue
        return made(samples, work)

    return make


def half_forgotten(seed: int) -> Callable[[Path, Path], Digests]:
    """Made, half of the store's files deleted, made again."""

    def make(samples: Path, work: Path) -> Digests:
        made(samples, work)
        files = sorted(p for p in (work / "store").glob("??/*") if p.is_file())
        for file in Random(seed).sample(files, len(files) // 2):
            file.unlink()
        return made(samples, work)

    return make
