"""Image feature and second sub-style, one to one: the laws of the bijection."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.errors import TroupeError
from troupe.models.styles.assignment import UNKNOWN, assign, in_order, likenesses, solved
from troupe.models.styles.library import load_library
from troupe.models.vocabulary import vocabulary

SECONDS = load_library().seconds
MOST = len(SECONDS)
AXES = [s.id for s in vocabulary().slots if s.kind == "dynamic"]


@st.composite
def cases(draw, most_styles=MOST):
    """An axis, some of its values (or words the vocabulary lacks), and enough styles."""
    axis = draw(st.sampled_from(AXES))
    values = [w.value for w in vocabulary().values(axis)] + ["levitating", UNKNOWN]
    features = draw(st.lists(st.sampled_from(values), unique=True, min_size=1, max_size=min(len(values), most_styles)))
    indices = st.lists(st.integers(0, len(SECONDS) - 1), unique=True, min_size=len(features), max_size=most_styles)
    return axis, features, [SECONDS[i] for i in sorted(draw(indices))]


@given(cases())
@settings(max_examples=60, deadline=None)
def test_every_feature_once_and_every_style_at_most_once(case):
    axis, features, styles = case
    found = assign(axis, features, styles)
    assert sorted(a.feature for a in found) == sorted(features)
    assert len({a.style.id for a in found}) == len(found)
    assert {a.style.id for a in found} <= {s.id for s in styles}


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_features_changes_nothing(case, random):
    axis, features, styles = case
    shuffled = list(features)
    random.shuffle(shuffled)
    assert assign(axis, shuffled, styles) == assign(axis, features, styles)


@given(cases(most_styles=5))
@settings(max_examples=40, deadline=None)
def test_no_other_assignment_suits_better(case):
    """Against all of them, tried one by one."""
    axis, features, styles = case
    features = in_order(axis, features)
    likeness = likenesses(axis, features, styles)
    centred = likeness - likeness.mean(0)
    best = max(sum(centred[i, j] for i, j in enumerate(p)) for p in permutations(range(len(styles)), len(features)))
    rows, columns = solved(likeness)
    assert centred[rows, columns].sum() == pytest.approx(best, abs=1e-3)


def test_a_style_that_suits_everything_a_little_is_nobody_s_second_best():
    """Column 0 is liked by all; only centring lets row 1 have what suits it and not row 0's neighbour."""
    likeness = np.array([[0.6, 0.5, 0.0], [0.6, 0.0, 0.0]])
    rows, columns = solved(likeness)
    assert dict(zip(rows.tolist(), columns.tolist(), strict=True)) == {0: 1, 1: 0}


def test_where_nothing_suits_the_library_s_order_is_taken():
    found = assign("angle", ["zeta", "alpha", UNKNOWN], SECONDS)
    free = [a.style.id for a in found]
    assert [a.feature for a in found] == ["alpha", "zeta", UNKNOWN]
    assert free == [s.id for s in SECONDS[:3]]


@given(st.integers(1, 30), st.integers(0, 10))
@settings(max_examples=30, deadline=None)
def test_equals_are_given_out_from_the_top_and_in_order(features, more):
    rows, columns = solved(np.zeros((features, features + more)))
    assert rows.tolist() == columns.tolist() == list(range(features))


def test_too_few_styles_is_an_error_that_counts_the_missing():
    with pytest.raises(TroupeError) as error:
        assign("angle", ["front", "side", "back"], SECONDS[:1])
    assert "3 image features need a second sub-style each, and 1 are free: 2 missing: front, side, back" in str(
        error.value
    )


@pytest.mark.parametrize(
    ("axis", "feature", "style"),
    [
        ("angle", "back", "rim_light"),
        ("angle", "above", "high_key"),
        ("angle", "below", "low_key"),
        ("expression", "sad", "cool_light"),
        ("time", "night", "moonlit"),
        ("time", "sunset", "golden_hour"),
        ("weather", "fog", "misty"),
        ("shot", "close-up", "fine_line"),
    ],
)
def test_what_an_illustrator_would_choose_too(axis, feature, style):
    (found,) = (a for a in assign(axis, [w.value for w in vocabulary().values(axis)], SECONDS) if a.feature == feature)
    assert found.style.id == style


def test_no_axis_of_the_library_is_too_long_for_its_second_styles():
    for axis in ("angle", "shot", "expression", "gaze", "time", "weather", "background"):
        assert len(vocabulary().values(axis)) + 1 <= len(SECONDS)
