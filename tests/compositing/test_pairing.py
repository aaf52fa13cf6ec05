"""Backgrounds and cut-outs of a batch find one another, and what does not fit is told by its number."""

import pytest
import torch

from troupe.models.compositing.pairing import paired
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box


def scenes(count):
    """Each of a grey of its own."""
    return torch.stack([torch.full((8, 10, 3), i / 10) for i in range(count)])


def things(count):
    """RGBA; of the i-th the first i + 1 columns are there."""
    batch = torch.full((count, 6, 6, 4), 0.5)
    for i in range(count):
        batch[i, ..., 3] = (torch.arange(6) <= i).float()
    return batch


def told(pairs):
    """The number of the background and of the foreground in each pair."""
    return [(round(float(p.background[0, 0, 0]) * 10), p.foreground.shape[1] - 1) for p in pairs]


@pytest.mark.parametrize(
    "backgrounds, foregrounds, pairs",
    [
        (1, 1, [(0, 0)]),
        (1, 3, [(0, 0), (0, 1), (0, 2)]),
        (3, 1, [(0, 0), (1, 0), (2, 0)]),
        (3, 3, [(0, 0), (1, 1), (2, 2)]),
    ],
)
def test_one_goes_with_all_and_equal_numbers_go_one_by_one(backgrounds, foregrounds, pairs):
    assert told(paired(scenes(backgrounds), things(foregrounds))) == pairs


@pytest.mark.parametrize(
    "backgrounds, pictures, masks, pairs",
    [
        (1, 1, 3, [(0, 0), (0, 1), (0, 2)]),
        (1, 3, 1, [(0, 0)] * 3),
        (2, 1, 2, [(0, 0), (1, 1)]),
        (2, 2, 2, [(0, 0), (1, 1)]),
    ],
)
def test_masks_are_a_batch_of_their_own(backgrounds, pictures, masks, pairs):
    rgb, alphas = torch.full((pictures, 6, 6, 3), 0.5), things(masks)[..., 3]
    assert told(paired(scenes(backgrounds), rgb, alphas)) == pairs


def test_picture_and_mask_are_the_same_as_rgba():
    batch = things(2)
    for ours, theirs in zip(paired(scenes(1), batch), paired(scenes(1), batch[..., :3], batch[..., 3]), strict=True):
        assert torch.equal(ours.foreground, theirs.foreground) and ours.crop == theirs.crop


def test_the_crop_says_where_the_thing_lay_in_its_picture():
    picture = torch.zeros(1, 6, 9, 4)
    picture[:, 2:5, 3:8] = 1
    (pair,) = paired(scenes(1), picture)
    assert pair.crop == Box(3, 2, 8, 5) and pair.foreground.shape == (3, 5, 4)


def with_nan(batch):
    batch[1, 0, 0, 0] = torch.nan
    return batch


@pytest.mark.parametrize(
    "batches, message",
    [
        ((scenes(2), things(3)), "do not fit together: 2 backgrounds, 3 foregrounds"),
        ((scenes(1), torch.rand(2, 6, 6, 3), torch.ones(3, 6, 6)), "1 backgrounds, 2 foregrounds, 3 masks"),
        ((scenes(1)[:0], things(1)), "A batch is empty: backgrounds"),
        ((scenes(1), things(0)), "A batch is empty: foregrounds"),
        ((scenes(1), torch.rand(1, 6, 6, 3)), "no mask: foreground"),
        (
            (scenes(1), torch.rand(2, 6, 6, 3), torch.stack([torch.ones(6, 6), torch.zeros(6, 6)])),
            "empty: foreground 2",
        ),
        ((with_nan(scenes(3)), things(1)), "not numbers: background 2"),
        ((scenes(1), with_nan(things(3))), "not numbers: foreground 2"),
        ((torch.rand(1, 8, 10, 2), things(1)), "2 channels.*: background"),
        ((scenes(1), torch.rand(1, 6, 6, 3), torch.ones(1, 7, 6)), "6 x 7 pixels and the picture 6 x 6: foreground"),
    ],
)
def test_what_does_not_fit_is_named(batches, message):
    with pytest.raises(TroupeError, match=message):
        paired(*batches)
