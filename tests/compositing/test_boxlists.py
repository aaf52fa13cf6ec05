"""Boxes go from node to node in the host's form: out and in again they are the same."""

import math

import pytest

from troupe.models.compositing.boxlists import boxes_in, boxes_out, drawn
from troupe.models.compositing.grid import Frame
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

FIRST, SECOND, THIRD = Box(1, 2, 11, 22), Box(-5, 0, 5, 8), Box(30, 40, 31, 41)
ONE = {"x": 1, "y": 2, "width": 10, "height": 20}


def test_the_first_box_of_every_picture_comes_back():
    assert boxes_in(boxes_out([[FIRST, THIRD], [SECOND]]), 2) == [Frame(*FIRST), Frame(*SECOND)]


def test_out_goes_the_hosts_form():
    assert boxes_out([[FIRST], []]) == [[ONE], []]


@pytest.mark.parametrize("given", [ONE, [ONE], [[ONE]], ([ONE, {"x": 0, "y": 0, "width": 1, "height": 1}],)])
def test_one_box_in_any_of_the_hosts_forms_goes_for_all_pictures(given):
    assert boxes_in(given, 3) == [Frame(*FIRST)] * 3


def test_parts_of_a_pixel_are_kept():
    assert boxes_in({"x": 0.5, "y": -1.25, "width": 2.5, "height": 3}, 1) == [Frame(0.5, -1.25, 3.0, 1.75)]


def test_a_list_of_boxes_is_one_for_each_picture():
    boxes = [box for picture in boxes_out([[FIRST], [SECOND]]) for box in picture]
    assert boxes_in(boxes, 2) == [Frame(*FIRST), Frame(*SECOND)]


def test_of_a_flat_list_for_one_picture_the_first_box_counts():
    assert boxes_in([ONE, {"x": 0, "y": 0, "width": 1, "height": 1}], 1) == [Frame(*FIRST)]


def test_boxes_drawn_in_one_picture_are_for_one_thing_each():
    assert boxes_in(boxes_out([[FIRST, SECOND, THIRD]]), 3) == [Frame(*FIRST), Frame(*SECOND), Frame(*THIRD)]


@pytest.mark.parametrize(
    "given, any_box", [(None, False), ([], False), ([[]], False), ([[], [ONE]], True), (ONE, True)]
)
def test_an_empty_canvas_is_no_box(given, any_box):
    assert drawn(given) == any_box


@pytest.mark.parametrize("given, count", [([[ONE], [ONE]], 3), ([ONE] * 3, 2), ([], 1)])
def test_numbers_that_do_not_fit_are_told(given, count):
    with pytest.raises(TroupeError, match=f"boxes for {len(given)} pictures, and {count} pictures"):
        boxes_in(given, count)


@pytest.mark.parametrize(
    "broken",
    [
        None, "box", 7, [[]], [[None]], {}, {"x": 1, "y": 2, "width": 10},
        *(ONE | change for change in (
            {"width": 0}, {"height": -3}, {"x": math.nan}, {"y": math.inf}, {"width": "10"}, {"x": True}, {"x": None}
        )),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_box_is_told(broken):
    with pytest.raises(TroupeError, match="This is not a box: number 1: .* needs x, y, width and height"):
        boxes_in(broken, 1)


def test_the_box_that_is_none_is_told_by_its_number():
    with pytest.raises(TroupeError, match="number 2"):
        boxes_in([[ONE], []], 2)
