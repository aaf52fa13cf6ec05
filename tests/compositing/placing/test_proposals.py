"""Peaks of a distribution come back as boxes that differ, with probabilities that can be compared."""

from itertools import combinations

import pytest
import torch

from troupe.models.compositing.grid import CELLS, SCALES, Position, cell_of, frame_of, smeared, visible_share
from troupe.models.compositing.measuring.placement import iou
from troupe.models.compositing.placing.proposals import candidates, sampled, tempered
from troupe.models.geometry import Size

SIZE, ASPECT = Size(640, 480), 0.6
STILL = torch.zeros(3, CELLS, CELLS)
NEAR, FAR = Position(0.3, 0.9, 0.5), Position(0.75, 0.6, 0.2)


def volume(*peaks):
    """Log-probabilities of (share, position) peaks, each as blurred as the network is trained to answer."""
    mass = sum(share * smeared(cell_of(position), 1.5, 0.7) for share, position in peaks)
    return (mass / mass.sum()).log()


def noisy(seed=0, strength=3.0):
    chance = torch.Generator().manual_seed(seed)
    scores = strength * torch.randn(SCALES, CELLS, CELLS, generator=chance)
    scores[visible_share(torch.tensor([ASPECT]))[0] < 0.8] = -torch.inf
    return scores.flatten().log_softmax(0).view_as(scores)


def found(log_prob, k=5, temperature=1.0, nms=0.5, offsets=STILL, **options):
    return candidates(log_prob, offsets, ASPECT, SIZE, k, temperature, nms, **options)


def drawn(log_prob, seed, k=5, temperature=1.0, nms=0.5):
    chance = torch.Generator().manual_seed(seed)
    return sampled(log_prob, STILL, ASPECT, SIZE, k, temperature, chance, nms)


# Laws


@pytest.mark.parametrize("scale", [0.06, 0.15, 0.4, 0.8])
def test_a_peak_comes_back_as_its_box(scale):
    truth = Position(0.5, 0.9, scale)
    first = found(volume((1, truth)), 1)[0]
    assert iou(first.box, frame_of(truth, ASPECT, SIZE)) > 0.6
    assert first.position.x == pytest.approx(0.5, abs=1.5 / CELLS)


def test_the_box_is_that_of_the_position():
    for each in found(noisy()):
        assert each.box == frame_of(each.position, ASPECT, SIZE)


def test_two_peaks_come_back_by_their_shares():
    first, second = found(volume((0.7, NEAR), (0.3, FAR)), 2)
    assert iou(first.box, frame_of(NEAR, ASPECT, SIZE)) > 0.6 and iou(second.box, frame_of(FAR, ASPECT, SIZE)) > 0.6
    assert 0.55 < first.probability <= 0.7 and 0.15 < second.probability <= 0.3


def test_many_cells_that_agree_beat_one_that_is_likelier():
    """The likeliest single cell is far away; but a large thing's probability lies on many cells."""
    lonely = torch.zeros(SCALES, CELLS, CELLS)
    lonely[cell_of(FAR)[:3]] = 1
    mass = 0.9 * volume((1, NEAR)).exp() + 0.1 * lonely
    assert mass.argmax() == lonely.argmax()
    assert iou(found(mass.log(), 1)[0].box, frame_of(NEAR, ASPECT, SIZE)) > 0.6


def test_it_never_stands_between_two_places():
    left, right = Position(0.25, 0.9, 0.4), Position(0.65, 0.9, 0.4)
    first = found(volume((0.5, left), (0.5, right)), 1)[0]
    assert min(abs(first.position.x - 0.25), abs(first.position.x - 0.65)) < 0.03


@pytest.mark.parametrize("nms", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("propose", [found, lambda log_prob, k, nms: drawn(log_prob, 3, k, nms=nms)])
def test_candidates_differ_and_their_probabilities_add_up(propose, nms):
    several = propose(noisy(), k=8, nms=nms)
    assert len(several) == 8
    assert max(iou(a.box, b.box) for a, b in combinations(several, 2)) <= nms + 1e-4
    assert all(each.probability > 0 for each in several)
    assert sum(each.probability for each in several) <= 1 + 1e-9


def test_every_cell_belongs_to_one_candidate():
    """Asked for more than there is, they share the whole probability."""
    several = found(volume((0.6, NEAR), (0.4, FAR)), 500)
    assert len(several) < 500
    assert sum(each.probability for each in several) == pytest.approx(1, abs=1e-5)


def test_asking_for_more_only_adds():
    assert found(noisy(), 6)[:2] == found(noisy(), 2)
    assert drawn(noisy(), 4, 6)[:2] == drawn(noisy(), 4, 2)


def test_the_impossible_is_never_proposed():
    log_prob = noisy(strength=0.0)
    for each in (*found(log_prob), *drawn(log_prob, 0)):
        assert torch.isfinite(log_prob[cell_of(each.position)[:3]])


# Settings


def test_a_looser_threshold_keeps_boxes_that_overlap_more():
    tight, loose = (found(noisy(strength=0.0), 2, nms=nms) for nms in (0.2, 0.8))
    assert iou(tight[0].box, tight[1].box) <= 0.2 < iou(loose[0].box, loose[1].box)


def test_a_higher_temperature_flattens():
    log_prob = noisy()
    entropies = [float(torch.special.entr(tempered(log_prob, t)).sum()) for t in (0.3, 1.0, 3.0)]
    assert entropies == sorted(entropies) and len(set(entropies)) == 3
    bold, sure = (found(volume((0.7, NEAR), (0.3, FAR)), 1, temperature=t)[0].probability for t in (3.0, 0.5))
    assert bold < 0.55 < sure


def test_temperature_is_a_power_of_the_probability():
    assert tempered(torch.tensor([0.8, 0.2]).log(), 0.5).tolist() == pytest.approx([0.64 / 0.68, 0.04 / 0.68])


def test_offsets_move_the_box_within_its_cell():
    moved = torch.tensor([0.5, -0.5, 0.5])[:, None, None].expand(3, CELLS, CELLS)
    plain, other = (found(volume((1, NEAR)), 1, offsets=o)[0].position for o in (STILL, moved))
    assert other.x - plain.x == pytest.approx(0.5 / CELLS)
    assert other.y - plain.y == pytest.approx(-0.5 / CELLS)
    assert other.scale / plain.scale == pytest.approx(20 ** (0.5 / (SCALES - 1)))


def test_a_range_of_scales_is_kept_exactly():
    assert {each.position.scale for each in found(noisy(), 3, scale_range=(0.33, 0.33))} == {0.33}


# Chance


def test_the_same_seed_draws_the_same():
    assert drawn(noisy(), 1) == drawn(noisy(), 1)
    assert drawn(noisy(), 1) != drawn(noisy(), 2)


def test_places_are_drawn_as_often_as_they_are_likely():
    log_prob = volume((0.7, NEAR), (0.3, FAR))
    firsts = [drawn(log_prob, seed, 1)[0] for seed in range(100)]
    assert 0.55 < sum(each.position.x < 0.5 for each in firsts) / 100 < 0.85


def test_cold_draws_keep_to_the_best():
    log_prob = volume((0.7, NEAR), (0.3, FAR))
    assert all(drawn(log_prob, seed, 1, temperature=0.05)[0].position.x < 0.5 for seed in range(20))
