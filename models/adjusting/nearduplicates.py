"""Of pictures that are one and the same to the eye, which is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

import numpy as np

from ..samples.sample import Sample
from ..samples.store import Store
from .hashing import popcount
from .measuring import Measures, thumbnail_of
from .pairs import near_pairs, unwatched
from .sameness import LOOK, Reach, is_same, may_be_same, reach

CHUNK = 256  # looks, or pairs of them, that are dealt with in one go: they stay in the processor's cache
CROPPED = 0.1  # two copies of one picture may differ in width / height by a tenth
TELLING = ("person", "sidecar", "path")  # origins of features whose word counts against what the eye sees
DIFFERING = ("shot", "angle", "action", "expression", "gaze")


class Twin(NamedTuple):
    """`dropped` is the same picture as `kept`; both are indices. distance: bits of 64."""

    dropped: int
    kept: int
    distance: int


def near_duplicates(
    samples: Sequence[Sample],
    measures: Sequence[Measures],
    limit: int,
    store: Store,
    fresh: int = 0,
    watch: Callable[[], None] = unwatched,
) -> tuple[Twin, ...]:
    """Twins among `samples`, the best first: each picture stays unless it is the same as a better one that stays.
    Those before index `fresh` have been through this and all stay.

    So no two that stay are the same, and each that goes is the same as one that stays, not merely the same as
    something that is the same as it: a walk drawn frame by frame does not collapse into its first frame. Only pairs
    of like fingerprints are looked at; the time is N log N plus their number. `watch` is called every few milliseconds
    of it, and may raise to stop that.
    """
    originals, twins = _equal_looks(measures)
    words = np.array([measures[n].fingerprint for n in originals], np.uint64)
    first, second, distance = near_pairs(words, limit, watch)
    new = np.flatnonzero(np.array(originals)[second] >= fresh)
    first, second, distance = first[new], second[new], distance[new]
    alike = _alike([measures[n] for n in originals], first, second, watch)
    thumbnail = lru_cache(maxsize=256)(lambda n: thumbnail_of(samples[n], store))
    gone: set[int] = set()
    for i, j, bits in zip(first[alike].tolist(), second[alike].tolist(), distance[alike].tolist(), strict=True):
        kept, dropped = originals[i], originals[j]
        if kept in gone or dropped in gone or _told_apart(samples[kept], samples[dropped]):
            continue
        watch()
        # One order for both ways of asking, for laying a over b is not quite laying b over a.
        a, b = sorted((kept, dropped), key=lambda n: samples[n].image.digest)
        if is_same(thumbnail(a), thumbnail(b)):
            gone.add(dropped)
            twins.append(Twin(dropped, kept, bits))
    return _final(twins)


class Crowd:
    """Pictures that have been through `near_duplicates`, and whether another one is the same as any of them."""

    def __init__(self, samples: Sequence[Sample], measures: Sequence[Measures]) -> None:
        self._samples, self._measures = list(samples), list(measures)
        self._words = np.array([m.fingerprint for m in measures], np.uint64)

    def has(
        self, sample: Sample, measures: Measures, limit: int, store: Store, watch: Callable[[], None] = unwatched
    ) -> bool:
        near = np.flatnonzero(popcount(self._words ^ np.uint64(measures.fingerprint)) <= limit).tolist()
        samples, known = [self._samples[n] for n in near], [self._measures[n] for n in near]
        return bool(near) and bool(
            near_duplicates([*samples, sample], [*known, measures], limit, store, len(near), watch)
        )

    def add(self, sample: Sample, measures: Measures) -> None:
        self._samples.append(sample)
        self._measures.append(measures)
        self._words = np.append(self._words, np.uint64(measures.fingerprint))


def _equal_looks(measures: Sequence[Measures]) -> tuple[list[int], list[Twin]]:
    """Equal to the last bit of the small copy: the first of each stays. A thousand copies make no pairs."""
    seen: dict[tuple[int, bytes], int] = {}
    twins = []
    for n, m in enumerate(measures):
        kept = seen.setdefault((m.fingerprint, m.look), n)
        if kept != n:
            twins.append(Twin(n, kept, 0))
    return list(seen.values()), twins


def _final(twins: list[Twin]) -> tuple[Twin, ...]:
    """A copy of a picture that went itself belongs to the one for which it went."""
    kept_for = {t.dropped: t.kept for t in twins}
    return tuple(sorted(t._replace(kept=kept_for.get(t.kept, t.kept)) for t in twins))


def _alike(
    measures: Sequence[Measures], first: np.ndarray, second: np.ndarray, watch: Callable[[], None]
) -> np.ndarray:
    """Indices of the pairs that pass the quick check."""
    if not len(first):
        return first
    inside = {n: k for k, n in enumerate(np.unique(np.concatenate([first, second])).tolist())}
    looks = np.frombuffer(b"".join(measures[n].look for n in inside), np.uint8).reshape(-1, LOOK, LOOK, 3)
    parts = [reach(part) for part in _chunks(looks, watch)]
    reached = Reach(*map(np.concatenate, zip(*parts, strict=True)))
    pairs = np.array([[inside[n] for n in side.tolist()] for side in (first, second)])
    chunks = _chunks(pairs.T, watch)
    passed = [may_be_same(*(Reach(*(part[side] for part in reached)) for side in chunk.T)) for chunk in chunks]
    return np.flatnonzero(np.concatenate(passed))


def _chunks(rows: np.ndarray, watch: Callable[[], None]) -> Iterator[np.ndarray]:
    for begin in range(0, len(rows), CHUNK):
        watch()
        yield rows[begin : begin + CHUNK]


def _told_apart(a: Sample, b: Sample) -> bool:
    """Whether something other than pixels says that both are wanted: two styles of one source, a person's labels, a
    different format."""
    if abs(log(a.image.width * b.image.height / (a.image.height * b.image.width))) > CROPPED:
        return True
    if _root(a) == _root(b) and a.style != b.style:
        return True
    values = ([s.feature(slot) for s in (a, b)] for slot in DIFFERING)
    return any(f and g and f.value != g.value and {f.origin, g.origin} <= set(TELLING) for f, g in values)


def _root(sample: Sample) -> str:
    while sample.source is not None:
        sample = sample.source
    return sample.image.digest
