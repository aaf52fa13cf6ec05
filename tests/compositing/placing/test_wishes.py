"""A person's masks for the place, for each of several pictures."""

from __future__ import annotations

import pytest
import torch

from troupe.models.compositing.placing.pairs import wishes
from troupe.models.errors import TroupeError

MASKS = torch.stack([torch.full((4, 4), value) for value in (0.1, 0.5, 0.9)])


def test_one_mask_goes_for_all_and_several_go_one_by_one():
    for given in (MASKS[0], MASKS[:1]):
        assert all(torch.equal(prior.region, MASKS[0]) for prior in wishes(3, given, None, (0.1, 1.0)))
    for prior, mask in zip(wishes(3, None, MASKS, (0.1, 1.0)), MASKS, strict=True):
        assert torch.equal(prior.occupied, mask) and prior.region is None and prior.scale_range == (0.1, 1.0)


@pytest.mark.parametrize("name", ["region", "occupied"])
def test_another_number_of_masks_is_refused(name):
    given = {"region": None, "occupied": None, name: MASKS[:2]}
    with pytest.raises(TroupeError, match=f"{name}: 2 masks, and 5 pictures"):
        wishes(5, **given, scale_range=(0.1, 1.0))
