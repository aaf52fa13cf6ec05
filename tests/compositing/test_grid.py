"""A box is a position, a position is a cell and how far into it: there and back loses nothing."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.compositing.grid import (
    CELLS,
    SCALES,
    SMALLEST,
    Cell,
    Frame,
    Position,
    cell_of,
    frame_of,
    position_in,
    position_of,
    relative_aspect,
    scale_values,
    sides,
    smeared,
    visible_share,
)
from troupe.models.geometry import Box, Size

SIZES = st.builds(Size, st.integers(1, 5000), st.integers(1, 5000))
EDGES = st.floats(-3000, 8000)
LENGTHS = st.floats(0.5, 6000)
WITHIN = st.floats(-0.49, 0.49)
CELL = st.builds(
    Cell,
    st.integers(0, SCALES - 2),
    st.integers(0, CELLS - 1),
    st.integers(0, CELLS - 1),
    st.tuples(WITHIN, WITHIN, WITHIN),
)

# Laws


@given(SIZES, EDGES, EDGES, LENGTHS, LENGTHS)
def test_a_box_is_its_position_and_its_aspect(size, left, top, width, height):
    box = Frame(left, top, left + width, top + height)
    again = frame_of(position_of(box, size), relative_aspect(width, height, size), size)
    assert again == pytest.approx(box, abs=1e-6 * max(map(abs, (*box, *size))))


@given(CELL)
def test_a_cell_and_its_offset_are_a_position(cell):
    again = cell_of(position_in(cell))
    assert again[:3] == cell[:3]
    assert again.offset == pytest.approx(cell.offset, abs=1e-6)


@given(st.floats(0.5 / CELLS, 1 - 0.5 / CELLS), st.floats(0, 1), st.floats(SMALLEST, 1))
def test_a_position_in_the_grid_comes_back_from_its_cell(x, y, scale):
    assert position_in(cell_of(Position(x, y, scale))) == pytest.approx((x, y, scale), abs=1e-6)


@given(st.floats(-2, 3), st.floats(-2, 3), st.floats(0, 4))
def test_what_is_outside_of_the_grid_goes_to_its_edge(x, y, scale):
    cell = cell_of(Position(x, y, scale))
    assert 0 <= cell.scale < SCALES and 0 <= cell.y < CELLS and 0 <= cell.x < CELLS
    assert all(-0.5 <= offset <= 0.5 for offset in cell.offset)


def test_the_longer_side_has_the_scale_and_the_aspect_is_kept():
    for aspect in (0.2, 1.0, 3.0):
        wide, tall = sides(0.6, aspect)
        assert max(wide, tall) == pytest.approx(0.6) and wide / tall == pytest.approx(aspect)
        assert torch.stack(sides(torch.tensor(0.6), torch.tensor(aspect))).tolist() == pytest.approx([wide, tall])


def test_scales_grow_by_one_factor_from_a_twentieth_to_the_whole_frame():
    values = scale_values()
    assert values[0] == pytest.approx(SMALLEST) and values[-1] == pytest.approx(1)
    assert torch.allclose(values[1:] / values[:-1], values[1] / values[0])
    for i, value in enumerate(values.tolist()):
        assert cell_of(Position(0.5, 0.5, value)).scale == i


@pytest.mark.parametrize("aspect", [0.1, 0.8, 1.0, 5.0])
def test_the_visible_share_is_what_is_left_of_the_box_inside_the_frame(aspect):
    frame, share = Size(1, 1), visible_share(torch.tensor([aspect]))[0]
    for scale in range(0, SCALES, 3):
        for y in range(0, CELLS, 9):
            for x in range(0, CELLS, 9):
                box = frame_of(position_in(Cell(scale, y, x)), aspect, frame)
                inside = Frame(max(0, box.left), max(0, box.top), min(1, box.right), min(1, box.bottom))
                assert float(share[scale, y, x]) == pytest.approx(inside.area / box.area, abs=1e-5), (scale, y, x)


@given(CELL, st.floats(0.3, 6), st.floats(0.3, 3))
def test_a_smeared_truth_sums_to_one_and_is_highest_at_the_truth(cell, sigma, sigma_scale):
    target = smeared(cell, sigma, sigma_scale)
    assert target.shape == (SCALES, CELLS, CELLS)
    assert float(target.sum()) == pytest.approx(1, abs=1e-4)
    assert float(target[cell.scale, cell.y, cell.x]) == pytest.approx(float(target.max()))


# Tables


@pytest.mark.parametrize(
    "box, position",
    [
        (Box(0, 0, 200, 100), (0.5, 1.0, 1.0)),
        (Box(50, 20, 150, 70), (0.5, 0.7, 0.5)),
        (Box(0, 0, 20, 50), (0.05, 0.5, 0.5)),  # tall: half the frame's height, a tenth of its width
        (Box(-20, 90, 20, 110), (0.0, 1.1, 0.2)),
    ],
)
def test_positions_in_a_frame_of_200_x_100(box, position):
    assert position_of(box, Size(200, 100)) == pytest.approx(position)


def test_the_smear_is_the_gaussian_between_its_neighbours():
    target = smeared(Cell(8, 30, 30, (0.0, 0.0, 0.0)), 2.0, 0.7)
    assert float(target[8, 30, 32] / target[8, 30, 30]) == pytest.approx(math.exp(-0.5))
    assert float(target[9, 30, 30] / target[8, 30, 30]) == pytest.approx(math.exp(-0.5 / 0.49))
    assert torch.allclose(target[8], target[8].T)


def test_an_offset_pulls_the_smear_towards_itself():
    target = smeared(Cell(8, 30, 30, (0.5, 0.0, 0.0)), 2.0, 0.7)
    assert float(target[8, 30, 31]) == pytest.approx(float(target[8, 30, 30]))
    assert target[8, 31, 30] == pytest.approx(target[8, 29, 30])


@pytest.mark.parametrize(
    "frame, box",
    [
        (Frame(1.4, 2.6, 5.4, 7.6), Box(1, 3, 5, 8)),
        (Frame(1.1, 1.1, 1.2, 1.2), Box(1, 1, 2, 2)),
        (Frame(-0.6, -3.2, 0.2, 0.0), Box(-1, -3, 0, 0)),
    ],
)
def test_a_frame_rounds_to_whole_pixels_at_least_one_each_way(frame, box):
    assert frame.rounded() == box
