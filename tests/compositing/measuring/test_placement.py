"""Boxes against boxes: laws, a table worked out by hand, and many truths."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.compositing.grid import Frame
from troupe.models.compositing.measuring.placement import (
    best_iou,
    centre_distance,
    coverage,
    iou,
    is_hit,
    is_same_scale,
    scale_ratio,
)
from troupe.models.geometry import Box, Size

edge, side = st.integers(-50, 50), st.integers(1, 40)
boxes = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), edge, edge, side, side)


@given(boxes, boxes)
def test_neither_box_comes_first(a, b):
    assert iou(a, b) == iou(b, a)
    assert scale_ratio(a, b) == scale_ratio(b, a)
    assert centre_distance(a, b, Size(100, 80)) == centre_distance(b, a, Size(100, 80))


@given(boxes)
def test_a_box_agrees_with_itself(a):
    assert (iou(a, a), scale_ratio(a, a), centre_distance(a, a, Size(100, 80))) == (1, 1, 0)


@given(boxes, boxes)
def test_iou_counts_the_pixels_of_both_boxes(a, b):
    pixels = [{(x, y) for x in range(c.left, c.right) for y in range(c.top, c.bottom)} for c in (a, b)]
    assert iou(a, b) == pytest.approx(len(pixels[0] & pixels[1]) / len(pixels[0] | pixels[1]))


@pytest.mark.parametrize(
    ("other", "overlap", "away", "ratio"),
    [
        (Box(0, 0, 30, 40), 1, 0, 1),
        (Box(0, 0, 15, 40), 0.5, 7.5 / 50, 0.5),
        (Box(30, 0, 60, 40), 0, 30 / 50, 1),
        (Frame(0.0, 0.0, 30.0, 34.0), 0.85, 3 / 50, 0.85),
        (Frame(3.0, 3.0, 3.0, 3.0), 0, math.hypot(12, 17) / 50, 0),
    ],
)
def test_figures_worked_out_by_hand(other, overlap, away, ratio):
    box = Box(0, 0, 30, 40)
    assert iou(box, other) == pytest.approx(overlap)
    assert centre_distance(box, other, Size(30, 40)) == pytest.approx(away)
    assert scale_ratio(box, other) == pytest.approx(ratio)
    assert is_same_scale(box, other) == (ratio > 0.8)


def test_only_the_first_k_candidates_count():
    truth, wrong = Box(0, 0, 10, 10), Box(50, 50, 60, 60)
    assert best_iou([wrong, truth], truth, k=2) == 1
    assert best_iou([wrong, truth], truth, k=1) == 0
    assert best_iou([], truth) == 0


def test_any_known_place_is_a_hit_and_coverage_asks_for_all_of_them():
    truths = [Box(0, 0, 10, 10), Box(40, 0, 50, 10)]
    near = Box(41, 0, 51, 10)
    assert is_hit(near, truths)
    assert not is_hit(Box(20, 0, 30, 10), truths)
    assert coverage([near, near, near], truths) == 0.5
    assert coverage([near, truths[0]], truths) == 1


def test_half_an_overlap_is_not_yet_a_hit():
    assert not is_hit(Box(0, 0, 10, 5), [Box(0, 0, 10, 10)])
