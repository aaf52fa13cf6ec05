"""What a person rules out gets no probability; what is left keeps its proportions."""

import pytest
import torch

from troupe.models.compositing.grid import CELLS, SCALES, Cell, frame_of, position_in, scale_values, visible_share
from troupe.models.compositing.placing.priors import (
    COUNTED,
    TAKEN,
    NothingLeft,
    Priors,
    apply,
    free_weight,
    region_weight,
    scale_weight,
    taken_share,
)  # fmt: skip
from troupe.models.errors import TroupeError
from troupe.models.geometry import Size

ASPECT = 0.5
UNIFORM = torch.full((SCALES, CELLS, CELLS), -torch.tensor(float(SCALES * CELLS**2)).log())


def right_half(height=30, width=40):
    mask = torch.zeros(height, width)
    mask[:, width // 2 :] = 1
    return mask


def places(log_prob):
    return log_prob.exp().sum(0)


# Laws


@pytest.mark.parametrize(
    "priors",
    [Priors(), Priors(region=right_half()), Priors(occupied=right_half()), Priors(scale_range=(0.2, 0.4))],
    ids=["none", "region", "occupied", "scale"],
)
def test_it_stays_a_distribution(priors):
    assert float(apply(UNIFORM, priors, ASPECT).exp().sum()) == pytest.approx(1, abs=1e-4)


def test_no_wishes_change_nothing():
    assert torch.allclose(apply(UNIFORM, Priors(), ASPECT), UNIFORM, atol=1e-4)


def test_what_is_left_keeps_its_proportions():
    scores = torch.randn(SCALES, CELLS, CELLS, generator=torch.Generator().manual_seed(0))
    log_prob = scores.flatten().log_softmax(0).view_as(scores)
    left = apply(log_prob, Priors(region=right_half(), scale_range=(0.2, 0.4)), ASPECT)
    change = (left - log_prob)[torch.isfinite(left)]
    assert torch.allclose(change, change[0].expand_as(change), atol=1e-4)


# Region


@pytest.mark.parametrize("shape", [(30, 40), (480, 640), (2, 2), (64, 64)])
def test_the_foot_stays_in_the_region_at_any_resolution(shape):
    heat = places(apply(UNIFORM, Priors(region=right_half(*shape)), ASPECT))
    assert (heat[:, : CELLS // 2] == 0).all() and (heat[:, CELLS // 2 :] > 0).all()


def test_a_line_thinner_than_a_cell_is_a_region():
    shelf = torch.zeros(1000, 1000)
    shelf[500, 200:800] = 1
    assert (places(apply(UNIFORM, Priors(region=shelf), ASPECT)).sum(1) > 0).nonzero().flatten().tolist() == [32]


def test_grey_is_less_likely():
    region = torch.where(right_half(64, 64) > 0, 1.0, 0.25)
    heat = places(apply(UNIFORM, Priors(region=region), ASPECT))
    assert float(heat[10, 50] / heat[10, 10]) == pytest.approx(4, rel=1e-3)


def test_what_is_too_faint_to_see_is_no_region():
    assert (region_weight(right_half().clamp(min=2 / 255))[0, :, : CELLS // 2] == 0).all()


# Scale


@pytest.mark.parametrize("low, high", [(0.2, 0.4), (0.05, 0.1), (0.5, 1.0), (0.3, 0.3)])
def test_sizes_stay_within_half_a_step_of_the_range(low, high):
    kept = scale_values()[scale_weight((low, high)).flatten() > 0]
    half = 20 ** (0.5 / (SCALES - 1))
    assert len(kept) > 0
    assert float(kept.min()) * half >= low and float(kept.max()) / half <= high


# Occupied


def test_the_share_taken_is_what_counting_pixels_gives():
    mask = torch.zeros(COUNTED, COUNTED)
    mask[100:180, 60:200] = 1
    share = taken_share(mask, ASPECT)
    for scale, y, x in ((15, 60, 32), (8, 40, 20), (8, 44, 50), (3, 45, 30), (3, 20, 20), (0, 40, 40)):
        box = frame_of(position_in(Cell(scale, y, x)), ASPECT, Size(COUNTED, COUNTED))
        left, top = max(box.left, 60), max(box.top, 100)
        shared = max(0, min(box.right, 200) - left) * max(0, min(box.bottom, 180) - top)
        assert float(share[scale, y, x]) == pytest.approx(shared / min(box.area, 80 * 140), abs=1e-3)


def test_a_box_may_touch_what_is_taken_but_not_stand_in_it():
    weight, share = free_weight(right_half(), ASPECT), taken_share(right_half(), ASPECT)
    assert (weight[share >= TAKEN] == 0).all()
    assert (weight[share == 0] == 1).all()
    touching = (share > 0.01) & (share < TAKEN - 0.01)
    assert touching.any() and ((weight[touching] > 0) & (weight[touching] < 1)).all()


def test_a_large_box_must_not_hide_a_small_thing():
    small = torch.zeros(100, 100)
    small[60:70, 45:55] = 1
    assert float(free_weight(small, 1.0)[-2, 62, 32]) == 0


def test_a_stray_pixel_bars_nothing():
    speck = torch.zeros(1000, 1000)
    speck[700, 500] = 1
    assert float(free_weight(speck, 1.0).min()) > 0.9


def test_each_layer_is_a_thing_of_its_own():
    """Beside a large thing in the same mask a small one would be too little to count."""
    small, large = torch.zeros(64, 64), torch.zeros(64, 64)
    small[40:44, 10:14], large[:, 40:] = 1, 1
    over_small = (13, 60, 16)
    assert float(free_weight(torch.stack([small, large]), ASPECT)[over_small]) == 0
    assert float(free_weight(small + large, ASPECT)[over_small]) > 0


# Nothing left


@pytest.mark.parametrize(
    ("priors", "says"),
    [
        (Priors(region=torch.zeros(8, 8)), "because of region.*Paint a larger region"),
        (Priors(occupied=torch.ones(8, 8)), "because of occupied.*Free some"),
        (
            Priors(region=right_half(), occupied=right_half()),
            "because of region and occupied together. Paint a larger region.* Or: Free some",
        ),
        (
            Priors(region=right_half().flip(1).T, scale_range=(0.9, 1.0)),
            "because of scale range and region together. Allow smaller",
        ),
    ],
)
def test_it_says_what_left_nothing(priors, says):
    inside = UNIFORM.masked_fill(visible_share(torch.tensor([ASPECT]))[0] < 0.8, -torch.inf)
    with pytest.raises(NothingLeft, match=says):
        apply(inside, priors, ASPECT)


def test_a_scale_range_can_leave_nothing():
    small_only = UNIFORM.clone()
    small_only[4:] = -torch.inf
    with pytest.raises(NothingLeft, match="because of scale range. Allow smaller or larger sizes"):
        apply(small_only, Priors(scale_range=(0.5, 1.0)), ASPECT)


@pytest.mark.parametrize("scales", [(0.4, 0.2), (0.001, 0.01), (1.5, 2.0), (float("nan"), 0.5)])
def test_ranges_without_a_size_are_refused(scales):
    with pytest.raises(TroupeError, match="No size lies between"):
        Priors(scale_range=scales)


def test_a_broken_mask_is_named():
    with pytest.raises(TroupeError, match="not numbers: region"):
        apply(UNIFORM, Priors(region=torch.full((4, 4), torch.nan)), ASPECT)
