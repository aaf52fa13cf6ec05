"""near_pairs finds what comparing every pair finds, without comparing every pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.adjusting import pairs
from troupe.models.adjusting.hashing import popcount
from troupe.models.adjusting.pairs import near_pairs


def all_pairs(words, limit):
    """The slow, obvious way."""
    return [
        (i, j, (a ^ b).bit_count())
        for i, a in enumerate(words)
        for j, b in enumerate(words)
        if i < j and (a ^ b).bit_count() <= limit
    ]


def found(words, limit):
    return [tuple(map(int, row)) for row in zip(*near_pairs(np.array(words, np.uint64), limit), strict=True)]


@st.composite
def crowded(draw):
    """Words around a few centres, so that every small distance occurs."""
    centres = draw(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=4))
    flips = st.lists(st.integers(0, 63), max_size=7)
    words = []
    for _ in range(draw(st.integers(0, 25))):
        word = draw(st.sampled_from(centres))
        for bit in draw(flips):
            word ^= 1 << bit
        words.append(word)
    return words


@settings(max_examples=150, deadline=None)
@given(crowded(), st.integers(0, 12))
def test_every_pair_is_found_once_in_order_with_its_distance(words, limit):
    assert found(words, limit) == all_pairs(words, limit)


@pytest.mark.parametrize("limit", range(13))
def test_a_pair_exactly_at_the_limit_is_found_and_one_bit_further_is_not(limit):
    rng = np.random.default_rng(limit)
    for _ in range(50):
        word = int(rng.integers(0, 2**64, dtype=np.uint64))
        bits = rng.permutation(64)
        at, beyond = (word ^ sum(1 << int(b) for b in bits[: limit + extra]) for extra in (0, 1))
        assert found([word, at], limit) == [(0, 1, limit)]
        assert found([word, beyond], limit) == []


@pytest.mark.parametrize("limit", [0, 3, 6, 12])
def test_the_work_comes_in_chunks_that_change_nothing(limit, monkeypatch):
    words = [int(w) for w in np.random.default_rng(0).integers(0, 64, 120, dtype=np.uint64)]
    expected = all_pairs(words, limit)
    monkeypatch.setattr(pairs, "CHUNK", 7)
    assert found(words, limit) == expected


def test_whoever_watches_is_asked_for_every_chunk_and_may_stop_it(monkeypatch):
    monkeypatch.setattr(pairs, "CHUNK", 100)
    words, asked = np.zeros(60, np.uint64), []
    near_pairs(words, 6, lambda: asked.append(None))
    assert len(asked) >= 60 * 59 / 2 / 100

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        near_pairs(words, 6, stop)


def test_few_unlike_words_are_compared_in_full(monkeypatch):
    compared = []
    monkeypatch.setattr(pairs, "popcount", lambda words: compared.append(len(words)) or popcount(words))
    words = np.random.default_rng(1).integers(0, 2**64, 4000, dtype=np.uint64)
    near_pairs(words, 6)
    assert sum(compared) < len(words) ** 2 / 2 / 400  # one in a thousand, and some for the check of earlier bands


def test_bits_are_counted_alike_with_and_without_numpy_2(monkeypatch):
    words = np.random.default_rng(2).integers(0, 2**64, 1000, dtype=np.uint64)
    expected = [int(word).bit_count() for word in words]
    assert popcount(words).tolist() == expected
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert popcount(words).tolist() == expected
