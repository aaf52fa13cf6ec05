"""The position network: untrained it says the prior and no more, and a box that leaves the frame is never proposed."""

import pytest
import torch

from support.compositing import TOY, seen_by
from troupe.models.compositing.config import preset
from troupe.models.compositing.grid import CELLS, SCALES, visible_share
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.position import PositionInput


@pytest.fixture(scope="module")
def fresh():
    return fresh_model(TOY).position.eval()


@pytest.fixture(scope="module")
def trained():
    """As if it had learnt something."""
    network, chance = fresh_model(TOY).position.eval(), torch.Generator().manual_seed(1)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3, generator=chance)
    return network


def test_an_untrained_network_says_the_prior_whatever_it_sees():
    network, chance = fresh_model(TOY).position.eval(), torch.Generator().manual_seed(1)
    for axis in (network.prior_scale, network.prior_y, network.prior_x):
        torch.nn.init.normal_(axis, generator=chance)
    s, y, x = (p.detach() for p in (network.prior_scale, network.prior_y, network.prior_x))
    allowed = visible_share(torch.ones(1))[0] >= TOY.visible
    wanted = (s[:, None, None] + y[None, :, None] + x[None, None, :]).masked_fill(~allowed, -torch.inf)
    for seed in (0, 1):
        assert torch.equal(network(seen_by(TOY, 1, seed=seed)).logits[0], wanted)


def test_with_no_prior_every_place_in_the_frame_is_as_likely(fresh):
    log_p = fresh(seen_by(TOY, 1)).log_prob()[0]
    allowed = log_p.isfinite()
    assert torch.allclose(log_p[allowed].exp(), torch.tensor(1 / float(allowed.sum())))


@pytest.mark.parametrize("aspect", [0.1, 1.0, 4.0])
def test_exactly_those_boxes_are_ruled_out_of_which_too_much_would_leave_the_frame(trained, aspect):
    logits = trained(seen_by(TOY, 1, aspect)).logits[0]
    visible = visible_share(torch.tensor([aspect]))[0] >= TOY.visible
    assert torch.equal(logits.isneginf(), ~visible)
    assert logits[visible].isfinite().all() and 0 < visible.float().mean() < 1


@pytest.mark.parametrize("aspect", [1e-4, 1e4])
def test_even_for_the_thinnest_thing_there_is_a_place(fresh, aspect):
    assert fresh(seen_by(TOY, 1, aspect)).logits.isfinite().any()


def test_probabilities_sum_to_one_and_the_likeliest_place_is_one_in_the_map(trained):
    located = trained(seen_by(TOY, 3))
    assert torch.allclose(located.log_prob().exp().sum((1, 2, 3)), torch.ones(3), atol=1e-4)
    places = located.place_map()
    assert places.shape == (3, 1, CELLS, CELLS) and places.min() >= 0
    assert torch.allclose(places.amax((1, 2, 3)), torch.ones(3))


def test_each_of_a_batch_is_seen_for_itself(trained):
    seen = seen_by(TOY, 3)
    together = trained(seen)
    for i in range(3):
        alone = trained(PositionInput(*(part[i : i + 1] for part in seen)))
        for ours, theirs in zip(alone, together, strict=True):
            assert torch.allclose(ours[0], theirs[i], atol=1e-4)


def test_background_foreground_and_shapes_are_all_looked_at(trained):
    seen = seen_by(TOY, 1)
    before = trained(seen)
    for part in ("background", "foreground"):
        after = trained(seen._replace(**{part: getattr(seen, part).flip(-1)}))
        assert not torch.allclose(before.fused, after.fused, atol=1e-3), part
    taller = trained(seen._replace(shape=seen.shape + 0.5))  # of both, so that the relative aspect stays
    assert not torch.allclose(before.fused, taller.fused, atol=1e-3)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_what_comes_out_has_the_promised_shapes(name):
    config = preset(name)
    located = fresh_model(config).position.eval()(seen_by(config, 1))
    assert located.logits.shape == (1, SCALES, CELLS, CELLS)
    assert located.offsets.shape == (1, 3, CELLS, CELLS) and located.offsets.abs().max() <= 0.5
    assert located.fused.shape == (1, (config.background_side // 8) ** 2, config.tokens)
