"""All pairs of fingerprints that differ in few bits, found without comparing all pairs.

Multi-index hashing (Norouzi, Punjani, Fleet 2012): cut the 64 bits into bands and sort the words by each band in turn.
d differences cannot spend two on every one of d // 2 + 1 bands, so two words at most d bits apart agree in some band up
to one bit, and only words that meet in this way are compared in full.

    d = 6, four bands      0110..  | 1010..  | 0011..  | 1100..
                           1110..  | 1010..  | 1101..  | 1000..     they meet in the second band (equal),
                                                                    in the first and the fourth (one bit off)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from .hashing import BITS, popcount

FEWEST_BANDS = 4  # of 16 bits: a bucket for each key is a table that fits into the processor's cache
CHUNK = 1 << 17  # candidate pairs looked at in one go: they stay in the processor's cache


class Pairs(NamedTuple):
    """first < second: indices, (P,) int64 each; distance: differing bits, (P,) uint8. Sorted by first, then second."""

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray


def unwatched() -> None:
    """Nobody wants to stop this."""


def near_pairs(words: np.ndarray, limit: int, watch: Callable[[], None] = unwatched) -> Pairs:
    """Every pair of `words` ((N,) uint64) at most `limit` bits apart, each once. `watch` is called before every CHUNK
    of them that is looked at, and may raise to stop that.

    At limit 6 about one pair of unlike words in a thousand is compared in full. No pair is missed at any limit; above
    16 the bands are so narrow that comparing all pairs would be as quick.
    """
    words = np.ascontiguousarray(words, np.uint64)
    count = min(max(FEWEST_BANDS, limit // 2 + 1), BITS)
    slack = int(limit >= count)  # bits by which the nearest band may be off
    bands = [_Band.number(k, count) for k in range(count)]
    parts = [Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8))]
    for number, band in enumerate(bands):
        keys = band.of(words)
        order = np.argsort(keys, kind="stable")
        ordered = words[order]
        for i, j in _meetings(keys[order], slack):
            watch()
            difference = ordered[i] ^ ordered[j]
            distance = popcount(difference)
            near = np.flatnonzero(distance <= limit)
            for earlier in bands[:number]:  # a pair belongs to the first band in which it meets
                near = near[popcount(earlier.of(difference[near]).astype(np.uint64)) > slack]
            i, j = order[i[near]], order[j[near]]
            parts.append(Pairs(np.minimum(i, j), np.maximum(i, j), distance[near]))
    found = Pairs(*map(np.concatenate, zip(*parts, strict=True)))
    by_index = np.lexsort((found.second, found.first))
    return Pairs(*(column[by_index] for column in found))


class _Band(NamedTuple):
    shift: np.uint64
    mask: np.uint64

    @classmethod
    def number(cls, k: int, count: int) -> _Band:
        """The k-th of `count` nearly equal bands."""
        low, high = k * BITS // count, (k + 1) * BITS // count
        return cls(np.uint64(low), np.uint64((1 << (high - low)) - 1))

    def of(self, words: np.ndarray) -> np.ndarray:
        return (words >> self.shift & self.mask).astype(np.uint16)


def _meetings(keys: np.ndarray, slack: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Index pairs, each once, whose `keys` ((N,) uint16, sorted) differ in at most `slack` (0 or 1) bits."""
    size = np.bincount(keys, minlength=1 << 16)
    end = np.cumsum(size)
    shared = np.flatnonzero(size > 1)
    rows = _ranges(end[shared] - size[shared], size[shared])
    begins, ends = rows + 1, np.repeat(end[shared], size[shared])  # those after me in my own bucket
    if slack:
        low, high = _neighbours(size > 0)
        rows = np.concatenate([rows, _ranges(end[low] - size[low], size[low])])
        begins = np.concatenate([begins, np.repeat(end[high] - size[high], size[low])])
        ends = np.concatenate([ends, np.repeat(end[high], size[low])])
    return _spread(rows, begins, ends)


def _neighbours(taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The taken keys that differ in one bit, each pair once, without and with the bit. `taken`: (65536,) bool."""
    keys = np.flatnonzero(taken).astype(np.uint16)
    low, high = [], []
    for bit in (np.uint16(1 << n) for n in range(16)):
        without = keys[(keys & bit == 0) & taken[keys | bit]]
        low.append(without)
        high.append(without | bit)
    return np.concatenate(low), np.concatenate(high)


def _spread(rows, begins, ends) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """`rows[k]` with each of begins[k]:ends[k], for all k: CHUNK pairs at a time, or one row's if those are more."""
    counts = ends - begins
    total = np.concatenate([[0], np.cumsum(counts)])
    here = 0
    while here < len(rows):
        stop = max(here + 1, int(np.searchsorted(total, total[here] + CHUNK, side="right")) - 1)
        yield np.repeat(rows[here:stop], counts[here:stop]), _ranges(begins[here:stop], counts[here:stop])
        here = stop


def _ranges(begins: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """arange(begins[k], begins[k] + counts[k]) for all k, one after the other."""
    return np.arange(counts.sum()) + np.repeat(begins - (np.cumsum(counts) - counts), counts)
