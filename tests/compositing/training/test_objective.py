"""Both losses are what the formulas say, written out slowly; what does not count adds nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from support.compositing import QUICK, TOY, Shelves, a_view, seen_by
from troupe.models.compositing.grid import CELLS, SCALES, Cell, smeared
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.position import Located
from troupe.models.compositing.schedule import STEPS
from troupe.models.compositing.training.batch import Batch, example, joined
from troupe.models.compositing.training.chance import chance_for
from troupe.models.compositing.training.objective import Draw, Objective, drawn, position_loss

INSIDE = (Cell(9, 40, 20, (0.1, -0.2, 0.3)), Cell(3, 60, 31, (0.0, 0.5, -0.5)))
OUTSIDE = Cell(15, 2, 2)  # as large as the frame, its foot at the upper edge
SHAPE = (4, 16, 16)
EVENLY = replace(QUICK, pure_noise=0.0)


def batch_of(cells, colours=1.0, effect=0.0):
    count = len(cells)
    chance = torch.Generator().manual_seed(0)
    return Batch(
        seen=seen_by(TOY, count),
        target=torch.stack([smeared(cell, 1.5, 0.7) for cell in cells]),
        cell=torch.tensor([cell[:3] for cell in cells]),
        offset=torch.tensor([cell.offset for cell in cells]),
        view=a_view(TOY, count),
        field=torch.randn((count, *SHAPE), generator=chance),
        composite=torch.rand((count, 3, 16, 16), generator=chance),
        effect=torch.full((count, 1, 16, 16), effect),
        window=torch.tensor([[0.2, 0.2, 0.7, 0.7]]).expand(count, 4),
        colours=torch.full((count,), colours),
    )


def some_draw(count, settings=QUICK, seed=0):
    return drawn(count, SHAPE, settings, chance_for(seed, "test"))


@pytest.fixture(scope="module")
def model():
    """As if it had learnt something."""
    made, chance = fresh_model(TOY).eval(), torch.Generator().manual_seed(2)
    for layer in (made.position.heat, made.composition.unet.conv_out):
        torch.nn.init.normal_(layer.weight, std=0.5, generator=chance)
    return made


def measured(model, batch, draw, settings=QUICK):
    with torch.no_grad():
        return Objective(model, settings)(batch, draw)


# Position


def slowly(located, batch):
    """Cross-entropy plus offsets, and -log p of the true cell, cell by cell."""
    losses, nlls = [], []
    for i, (s, y, x) in enumerate(batch.cell.tolist()):
        logits = located.logits[i].double()
        allowed = [tuple(c) for c in logits.isfinite().nonzero().tolist()]
        whole = torch.logsumexp(logits[logits.isfinite()], 0)
        mass = sum(float(batch.target[i][c]) for c in allowed)
        entropy = -sum(float(batch.target[i][c]) / mass * float(logits[c] - whole) for c in allowed)
        offset = sum(abs(float(located.offsets[i, axis, y, x]) - float(batch.offset[i, axis])) for axis in range(3))
        losses.append(entropy + offset)
        nlls.append(float(whole - logits[s, y, x]))
    return sum(losses) / len(losses), sum(nlls) / len(nlls)


def test_the_position_loss_is_the_slow_sum():
    chance = torch.Generator().manual_seed(0)
    logits = torch.randn((2, SCALES, CELLS, CELLS), generator=chance)
    logits = logits.masked_fill(torch.rand(logits.shape, generator=chance) < 0.9, -torch.inf)
    for i, cell in enumerate(INSIDE):
        logits[i, cell.scale, cell.y, cell.x] = 1.0
    located = Located(logits, torch.rand((2, 3, CELLS, CELLS), generator=chance) - 0.5, torch.zeros(2, 1, 1))
    assert [float(v) for v in position_loss(located, batch_of(INSIDE))] == pytest.approx(
        slowly(located, batch_of(INSIDE)), rel=1e-4
    )


@torch.no_grad()
def test_truth_out_of_bounds_does_not_count(model):
    located = model.locate(seen_by(TOY, 2))
    first = Located(*(part[:1] for part in located))
    with_it = position_loss(located, batch_of((INSIDE[0], OUTSIDE)))
    without = position_loss(first, batch_of(INSIDE[:1]))
    assert [float(v) for v in with_it] == pytest.approx([float(v) for v in without], rel=1e-5)
    assert [float(v) for v in position_loss(first, batch_of((OUTSIDE,)))] == [0.0, 0.0]


def test_an_untrained_network_has_the_loss_of_not_knowing():
    with torch.no_grad():
        located = fresh_model(TOY).eval().locate(seen_by(TOY, 2))
    allowed = int(located.logits[0].isfinite().sum())
    assert float(position_loss(located, batch_of(INSIDE))[1]) == pytest.approx(math.log(allowed), rel=1e-4)


# Composition


def test_the_composition_loss_of_an_untrained_network_is_the_mean_square_of_v_by_its_weight():
    batch = batch_of(INSIDE)
    pure = Draw(torch.zeros(2, *SHAPE), torch.tensor([STEPS - 1] * 2), torch.ones(2), torch.ones(2))
    wanted = float(batch.field.pow(2).mean())  # v = -x0 there, and pure noise weighs one
    assert float(measured(fresh_model(TOY).eval(), batch, pure).composition) == pytest.approx(wanted, rel=1e-5)


def test_the_effect_region_weighs_more():
    """Where nothing is asked of the rest, all of the error lies in the region."""
    batch, model = batch_of(INSIDE), fresh_model(TOY).eval()
    region = torch.zeros(2, 1, 16, 16)
    region[..., :4] = 1
    batch = batch._replace(field=batch.field * region, effect=region)
    pure = Draw(torch.zeros(2, *SHAPE), torch.tensor([STEPS - 1] * 2), torch.ones(2), torch.ones(2))
    inside = float(batch.field[..., :4].pow(2).mean())
    for weight in (1.0, 6.0):
        wanted = inside * weight * 4 / (weight * 4 + 12)
        found = measured(model, batch, pure, replace(QUICK, effect_weight=weight)).composition
        assert float(found) == pytest.approx(wanted, rel=1e-4)


def test_groups_whose_colours_are_not_to_be_learnt_from_add_nothing(model):
    both, draw = batch_of(INSIDE), some_draw(2)
    half = both._replace(colours=torch.tensor([1.0, 0.0]))
    spoilt = half._replace(field=torch.cat([half.field[:1], half.field[1:] + 100]))
    assert float(measured(model, half, draw).composition) == float(measured(model, spoilt, draw).composition) > 0
    assert float(measured(model, batch_of(INSIDE, colours=0.0), draw).composition) == 0.0


@pytest.mark.parametrize("flag", ["keep_fused", "keep_place"])
def test_what_is_withheld_is_not_heard(model, flag):
    batch, draw = batch_of(INSIDE), some_draw(2, replace(QUICK, drop_fused=0, drop_place=0))
    told = measured(model, batch, draw).composition
    withheld = measured(model, batch, draw._replace(**{flag: torch.zeros(2)})).composition
    assert float(told) != pytest.approx(float(withheld), rel=1e-5)


def test_while_the_position_is_learnt_alone_nothing_is_composed(model):
    losses = Objective(model, QUICK)(batch_of(INSIDE), some_draw(2), compose=False)
    assert float(losses.composition.detach()) == 0.0 and float(losses.position.detach()) > 0


def test_the_gradient_of_the_composition_loss_reaches_both_encoders(model):
    model.zero_grad()
    Objective(model, QUICK)(
        batch_of(INSIDE), some_draw(2, replace(QUICK, drop_fused=0, drop_place=0))
    ).composition.backward()
    for part in (model.position.background[0].first, model.position.foreground[0].first, model.position.heat):
        assert part.weight.grad.abs().max() > 0
    model.zero_grad()


# The draw


@pytest.mark.parametrize("count", [1, 3, 8, 16])
def test_timesteps_are_spread_evenly_over_a_batch(count):
    for seed in range(5):
        timesteps = some_draw(count, EVENLY, seed).timestep
        parts = sorted((timesteps * count // STEPS).tolist())
        assert all(abs(part - i) <= 1 for i, part in enumerate(parts)), timesteps
        assert timesteps.min() >= 0 and timesteps.max() < STEPS


def test_every_timestep_is_drawn_at_times():
    seen = torch.cat([some_draw(8, EVENLY, seed).timestep for seed in range(400)])
    assert seen.float().mean() == pytest.approx(STEPS / 2, rel=0.02)
    assert int(seen.min()) < 10 and int(seen.max()) > STEPS - 10


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_share_is_pure_noise_and_the_rest_is_spread_evenly(share):
    timesteps = some_draw(1000, replace(QUICK, pure_noise=share)).timestep
    rest = timesteps[timesteps < STEPS - 1]
    assert len(rest) == pytest.approx(1000 * (1 - share), abs=2)
    assert not len(rest) or float(rest.float().mean()) == pytest.approx(STEPS / 2, rel=0.01)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_share_of_the_auxiliary_information_is_withheld(share):
    draw = some_draw(4000, replace(QUICK, drop_fused=share, drop_place=1 - share))
    assert float(1 - draw.keep_fused.mean()) == pytest.approx(share, abs=0.03)
    assert float(draw.keep_place.mean()) == pytest.approx(share, abs=0.03)


def test_the_shares_of_all_processes_are_the_draw():
    draw = some_draw(7)
    shares = [draw.share(rank, 3) for rank in range(3)]
    for whole, *parts in zip(draw, *shares, strict=True):
        assert all(torch.equal(part, whole[rank::3]) for rank, part in enumerate(parts))
    assert draw.share(0, 1).timestep.tolist() == draw.timestep.tolist()


def test_groups_as_they_are_trained_on_have_finite_losses(model):
    batch = joined([example(Shelves(4)[i], TOY, QUICK, chance_for(0, i)) for i in range(4)])
    assert all(math.isfinite(float(v)) for v in measured(model, batch, some_draw(4)))
