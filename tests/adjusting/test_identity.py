"""The most typical picture, and which ones are not of the character."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.adjusting.identity import appearance, most_typical, oklab, outliers, similarities

EVERYWHERE = np.ones((16, 16))


def plain(*rgb):
    return np.broadcast_to(np.array(rgb, float), (16, 16, 3))


def test_oklab_knows_the_colours_that_its_author_published():
    assert oklab(np.array([1.0, 1.0, 1.0])) == pytest.approx([1, 0, 0], abs=1e-3)
    assert oklab(np.array([1.0, 0.0, 0.0])) == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)
    assert oklab(np.array([0.0, 0.0, 1.0])) == pytest.approx([0.452, -0.032, -0.312], abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_picture_is_one_like_itself_and_between_nought_and_one_like_another(seed):
    rng = np.random.default_rng(seed)
    a, b = (appearance(rng.random((16, 16, 3)), EVERYWHERE) for _ in range(2))
    assert a @ a == pytest.approx(1)
    assert 0 <= a @ b <= 1


def test_near_colours_are_more_alike_than_far_ones():
    colours = (0.8, 0.2, 0.2), (0.8, 0.26, 0.2), (0.2, 0.2, 0.8)
    red, warm, blue = (appearance(plain(*rgb), EVERYWHERE) for rgb in colours)
    assert red @ warm > 0.7 > 0.3 > red @ blue


def test_only_the_weighted_part_counts():
    left = np.where(np.arange(16) < 8, 1.0, 0.0) * np.ones((16, 1))
    half = np.where(left[..., None] > 0, plain(0.8, 0.2, 0.2), plain(0.1, 0.7, 0.3))
    other = np.where(left[..., None] > 0, plain(0.8, 0.2, 0.2), plain(0.1, 0.1, 0.9))
    assert appearance(half, left) @ appearance(other, left) > 0.95
    assert appearance(half, EVERYWHERE) @ appearance(other, EVERYWHERE) < 0.8


def test_the_most_typical_is_the_one_that_all_others_are_nearest_to():
    rng = np.random.default_rng(4)
    vectors = rng.random((30, 12))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    slowly = max(range(30), key=lambda n: sum(unit[n] @ other for other in unit))
    assert most_typical(vectors) == slowly
    assert similarities(vectors, slowly)[slowly] == pytest.approx(1)


@pytest.mark.parametrize(
    "similarity, minimum, expected",
    [
        ([0.95, 0.96, 0.94, 0.95, 0.97, 0.96, 0.30], 0.5, [6]),  # far off and below the limit
        ([0.95, 0.96, 0.94, 0.95, 0.97, 0.96, 0.60], 0.5, []),  # far off, and the limit allows it
        ([0.95, 0.80, 0.70, 0.60, 0.50, 0.45, 0.30], 0.5, []),  # below, in a set that is as varied as that
        ([0.95, 0.96, 0.95, 0.94, 0.30], 0.5, []),  # too few pictures to know what is usual
        ([1.0] * 6 + [0.9], 0.95, [6]),  # a set without any spread
    ],
)
def test_a_stranger_is_below_the_limit_and_far_outside_the_sets_own_spread(similarity, minimum, expected):
    assert np.flatnonzero(outliers(np.array(similarity), minimum)).tolist() == expected
