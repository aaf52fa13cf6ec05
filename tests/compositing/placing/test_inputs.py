"""Any picture that can be used is brought to one form; any other is refused in words that say what to do."""

import pytest
import torch

from troupe.models.compositing.inputs import checked_background, checked_foreground, checked_mask
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box


def disc_mask(height=12, width=20):
    mask = torch.zeros(height, width)
    mask[3:9, 5:14] = 1
    return mask


# What can be used


def test_the_cut_out_is_cropped_to_what_is_there():
    picture = torch.rand(12, 20, 3)
    foreground, box = checked_foreground(picture, disc_mask())
    assert box == Box(5, 3, 14, 9)
    assert torch.equal(foreground[..., :3], picture[3:9, 5:14])
    assert torch.equal(foreground[..., 3], torch.ones(6, 9))


def test_rgba_says_the_same_as_rgb_and_mask():
    picture = torch.rand(12, 20, 3)
    with_alpha = torch.cat([picture, disc_mask()[..., None]], -1)
    assert torch.equal(checked_foreground(with_alpha)[0], checked_foreground(picture, disc_mask())[0])


def test_of_alpha_and_mask_the_product_counts():
    with_alpha = torch.cat([torch.rand(12, 20, 3), disc_mask()[..., None]], -1)
    left_half = torch.zeros(12, 20)
    left_half[:, :10] = 0.5
    foreground, box = checked_foreground(with_alpha, left_half)
    assert box == Box(5, 3, 10, 9)
    assert float(foreground[..., 3].max()) == 0.5


def test_what_is_too_faint_to_see_does_not_widen_the_crop():
    mask = disc_mask().clamp(min=2 / 255)
    assert checked_foreground(torch.rand(12, 20, 3), mask)[1] == Box(5, 3, 14, 9)


def test_grey_becomes_colour():
    grey = torch.rand(4, 5)
    for picture in (grey, grey[..., None]):
        background = checked_background(picture)
        assert background.shape == (4, 5, 3)
        assert all(torch.equal(background[..., c], grey) for c in range(3))


def test_one_pixel_is_enough():
    assert checked_background(torch.zeros(1, 1, 3)).shape == (1, 1, 3)
    assert checked_foreground(torch.zeros(1, 1, 3), torch.ones(1, 1))[0].shape == (1, 1, 4)


def test_a_background_in_half_precision_or_a_little_out_of_range_keeps_its_values():
    given = torch.tensor([[[1.02, -0.01, 0.5]]], dtype=torch.float16)
    background = checked_background(given)
    assert background.dtype == torch.float32 and torch.equal(background, given.float())


def test_a_foreground_a_little_out_of_range_is_brought_into_it():
    foreground, _ = checked_foreground(torch.tensor([[[1.02, -0.01, 0.5, 1.01]]]))
    assert foreground.flatten().tolist() == [1.0, 0.0, 0.5, 1.0]


def test_the_empty_mask_of_an_opaque_picture_is_told_as_empty():
    """Load Image makes one of 64 x 64 where a picture has no transparency."""
    with pytest.raises(TroupeError, match="mask is empty"):
        checked_foreground(torch.rand(20, 30, 3), torch.zeros(64, 64))


def test_what_came_in_is_not_changed():
    given = torch.tensor([[[1.02, -0.01, 0.5]]])
    kept = given.clone()
    checked_background(given)
    assert torch.equal(given, kept)


# What cannot

NAN = torch.full((4, 4, 3), torch.nan)


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (torch.zeros(1, 4, 4, 3), "one by one"),
        (torch.zeros(4, 4, 2), "2 channels"),
        (torch.zeros(4, 4, 5), "5 channels"),
        (torch.zeros(0, 4, 3), "4 x 0 pixels"),
        (NAN, "48 values are not numbers"),
        (torch.full((4, 4, 3), 200.0), "go from 200 to 200"),
        (torch.full((4, 4, 3), 200, dtype=torch.uint8), "Divide by 255"),
        (torch.full((4, 4, 4), 0.5), "transparent"),
    ],
)
def test_a_background_that_cannot_be_used(picture, says):
    with pytest.raises(TroupeError, match=says):
        checked_background(picture, "beach.png")


@pytest.mark.parametrize(
    ("picture", "mask", "says"),
    [
        (torch.zeros(4, 4, 3), None, "has no mask"),
        (torch.zeros(4, 4, 3), torch.zeros(4, 4), "mask is empty.*invert"),
        (torch.zeros(4, 4, 4), None, "mask is empty"),
        (torch.zeros(4, 4, 3), torch.ones(4, 5), "5 x 4 pixels and the picture 4 x 4"),
        (torch.zeros(4, 4, 3), torch.ones(1, 4, 4), "not one mask"),
        (torch.zeros(4, 4, 3), torch.full((4, 4), torch.inf), "mask of cat.png"),
        (NAN, torch.ones(4, 4), "not numbers: cat.png"),
    ],
)
def test_a_foreground_that_cannot_be_used(picture, mask, says):
    with pytest.raises(TroupeError, match=says):
        checked_foreground(picture, mask, "cat.png")


def test_a_mask_of_yes_and_no_is_a_mask():
    assert checked_mask(torch.tensor([[True, False]]), "mask").tolist() == [[1.0, 0.0]]
