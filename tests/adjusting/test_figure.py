"""The head is found on outlines of any build, whatever the arms do."""

import numpy as np
import pytest

from troupe.models.adjusting.figure import read_figure


def outline(*rows):
    """Rows of text, `#` = subject, each 10 x 10 pixels."""
    grid = np.array([[c == "#" for c in row] for row in rows], np.uint8) * 255
    return grid.repeat(10, 0).repeat(10, 1)


GROWN_UP = (
    "................",
    ".......##.......",
    "......####......",
    "......####......",
    ".......##.......",  # the neck: three rows under the top
    ".....######.....",
    "....########....",
    "....########....",
    "....########....",
    "....########....",
    "......####......",
    "......####......",
    "......####......",
    "......####......",
    ".....##..##.....",
    ".....##..##.....",
    ".....##..##.....",
    ".....##..##.....",
    ".....##..##.....",
    ".....##..##.....",
    "................",
)
MASCOT = (
    "...............",
    "...#########...",
    "..###########..",
    ".#############.",
    ".#############.",
    "..###########..",
    "....#######....",  # the neck: half way down
    "...#########...",
    "..###########..",
    "...#########...",
    "....##...##....",
    "....##...##....",
    "...............",
)


def test_an_empty_mask_has_no_figure():
    assert read_figure(np.zeros((8, 8), np.uint8)) is None


def test_the_box_is_the_subjects_in_shares_of_the_picture():
    figure = read_figure(outline(*GROWN_UP))
    assert figure[:4] == pytest.approx((4 / 16, 1 / 21, 12 / 16, 20 / 21))


@pytest.mark.parametrize("rows, neck", [(GROWN_UP, 4), (MASCOT, 6)])
def test_the_head_ends_at_the_neck(rows, neck):
    figure = read_figure(outline(*rows))
    tall, middle = len(rows), len(rows[0]) / 2
    assert figure.head_x * len(rows[0]) == pytest.approx(middle, abs=0.5)
    assert figure.head_top * tall == pytest.approx(1, abs=0.2)
    assert (figure.head_top + figure.head_height) * tall == pytest.approx(neck + 0.5, abs=0.6)


def test_an_arm_held_up_is_not_the_head():
    mask = outline(*GROWN_UP)
    mask[0:60, 112:120] = 255  # from the shoulder to above the head, as thin as an arm
    figure = read_figure(mask)
    assert figure.top == 0
    assert figure.head_top * len(GROWN_UP) == pytest.approx(1, abs=0.5)
    assert figure.head_x * 16 == pytest.approx(8, abs=0.6)


def test_without_a_neck_the_head_is_a_fifth():
    robe = np.zeros((220, 100), np.uint8)
    robe[10:210, 30:70] = 255
    assert read_figure(robe).head_height == pytest.approx(0.2 * 200 / 220)


@pytest.mark.parametrize("pose", ["stand", "wave", "point", "jump", "walk"])
def test_a_drawn_head_of_a_sixth_is_found_in_every_pose(pose, studio):
    figure = read_figure(np.asarray(studio.outline(studio.draw(pose, size=(160, 240)))))
    assert figure.head_x == pytest.approx(0.5, abs=0.03)
    assert figure.head_top == pytest.approx(0.1, abs=0.03)
    assert figure.head_height == pytest.approx(0.8 / 6, abs=0.04)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 3)])
def test_the_smallest_masks_have_a_figure_too(shape):
    assert read_figure(np.full(shape, 255, np.uint8))[:4] == (0, 0, 1, 1)
