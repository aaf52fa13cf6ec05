"""The sheet shows cut-outs on checks, backgrounds, and composites with their boxes, of the whole set evenly."""

import numpy as np
import pytest
import torch

from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.groupsheet import CELL, GAP, LINE, groups_sheet, spread
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.geometry import Box
from troupe.models.samples.drawing import CHECKS
from troupe.models.samples.pages import HEADER_HEIGHT, MARGIN

RED, GREEN, BLUE = (torch.tensor(c) for c in ((1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0)))
INSIDE = Box(22, 22, 44, 66)


def group(n, side=88, box=INSIDE):
    foreground = torch.cat((RED.expand(20, 20, 3), torch.zeros(20, 20, 1)), -1)
    foreground[10:, :, 3] = 1
    return NamedGroup(
        f"g{n:02d}", GroupPixels(foreground, GREEN.expand(side, side, 3), BLUE.expand(side, side, 3), box)
    )


@pytest.fixture
def written(tmp_path):
    return lambda count, **about: write_groups(tmp_path / "set", [group(n, **about) for n in range(count)])


def first_tiles(sheet):
    """The three tiles of the first group, `(CELL, CELL, 3)` each."""
    pixels = np.asarray(sheet)
    rows, columns = np.where((pixels == (0, 255, 0)).all(-1))
    top, left = rows.min(), columns.min() - CELL - GAP
    return [pixels[top : top + CELL, left + n * (CELL + GAP) : left + n * (CELL + GAP) + CELL] for n in range(3)]


def test_three_pictures_a_group(written):
    cutout, background, composite = first_tiles(groups_sheet(written(1)))
    middle = CELL // 2
    assert tuple(cutout[CELL - 20, middle]) == (255, 0, 0)
    above = {"#" + bytes(p).hex() for p in cutout[8 : middle - 40, 8 : CELL - 8].reshape(-1, 3)}
    assert above == set(CHECKS)
    assert (background[middle, middle] == (0, 255, 0)).all()
    assert (composite[middle, CELL - 8] == (0, 0, 255)).all()


def test_the_box_is_outlined_where_it_is(written):
    composite = first_tiles(groups_sheet(written(1)))[2]
    white = (composite == tuple(bytes.fromhex(LINE[1:]))).all(-1)
    rows, columns = np.where(white)
    scale = CELL / 88
    assert (columns.min(), rows.min()) == (22 * scale, 22 * scale)
    assert (columns.max() + 1, rows.max() + 1) == (44 * scale, 66 * scale)
    assert not white[60:100, 60:70].any()  # an outline, not a panel


def test_a_box_that_leaves_the_frame_is_cut_off_with_it(written):
    composite = first_tiles(groups_sheet(written(1, box=Box(-10, 60, 30, 100))))[2]
    assert composite.shape == (CELL, CELL, 3)


def test_a_group_that_cannot_be_read_leaves_its_place_empty(written):
    found = written(2)
    whole = groups_sheet(found)
    found.groups[1].background.write_bytes(b"damaged")
    sheet = groups_sheet(found)
    assert sheet.size == whole.size and sheet != whole


def test_most_limits_the_sheet(written):
    found = written(9)
    assert groups_sheet(found, most=2).height < groups_sheet(found, most=9).height
    assert groups_sheet(found, most=2).height > HEADER_HEIGHT + CELL + MARGIN


@pytest.mark.parametrize("count, most, numbers", [(3, 12, [0, 1, 2]), (9, 3, [0, 4, 8]), (5, 1, [0])])
def test_what_is_shown_is_spread_over_the_set(written, count, most, numbers):
    assert [g.id for g in spread(written(count).groups, most)] == [f"g{n:02d}" for n in numbers]
