"""A network that is too sure is taken at less than its word, one that is too shy at more."""

from __future__ import annotations

import pytest
import torch

from support.compositing import QUICK, STILL, Shelves
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training.batch import example, joined
from troupe.models.compositing.training.calibration import FACTORS, TRUSTS, calibrate, trust_colours
from troupe.models.compositing.training.chance import chance_for
from troupe.models.compositing.training.objective import position_loss
from troupe.models.compositing.training.train import train


def held_out(count=6, first=500):
    groups = Shelves(count, first)
    return [joined([example(groups[i], STILL, QUICK, chance_for(1, i)) for i in range(count)])]


def nll(model, batches):
    with torch.no_grad():
        return float(position_loss(model.eval().locate(batches[0].seen), batches[0])[1])


@pytest.fixture(scope="module")
def taught():
    model = fresh_model(STILL)
    train(model, Shelves(24), Shelves(6, 500), QUICK)
    return {name: value.clone() for name, value in model.state_dict().items()}


def model_of(state, heat=1.0):
    model = fresh_model(STILL)
    model.load_state_dict(state)
    with torch.no_grad():
        model.position.heat.weight.mul_(heat)
        model.position.heat.bias.mul_(heat)
    return model


def test_what_is_said_at_random_is_hardly_believed():
    model = fresh_model(STILL)
    torch.nn.init.normal_(model.position.heat.weight, std=5.0, generator=torch.Generator().manual_seed(0))
    before = nll(model, held_out())
    found = calibrate(model, held_out())
    assert found.heat == FACTORS[0] and found.nll < before
    assert nll(model, held_out()) == pytest.approx(found.nll, abs=1e-4)


def test_twice_as_sure_is_believed_half_as_much(taught):
    def believed(strength):
        return calibrate(model_of(taught, strength), held_out()).heat

    strength = next(2.0**n for n in range(20) if believed(2.0**n) < FACTORS[-1])
    once, twice = believed(strength), believed(2 * strength)
    assert FACTORS[0] < twice < once and twice == pytest.approx(once / 2, abs=0.1)


@pytest.mark.parametrize("strength", [-1.0, 0.5, 2.0, 4.0])
def test_colours_are_trusted_as_far_as_they_are_borne_out(strength):
    """A network that says the same change everywhere, and groups in which the true one is some share of it."""
    model = fresh_model(STILL)
    torch.nn.init.zeros_(model.composition.unet.conv_out.weight)
    torch.nn.init.constant_(model.composition.unet.conv_out.bias, -1.0)
    batches = [batch._replace(field=torch.full_like(batch.field, -strength)) for batch in held_out()]
    assert trust_colours(model, batches) == pytest.approx(min(max(strength, 0.0), TRUSTS[-1]), abs=1e-4)
    view = batches[0].view
    inside = view.alpha.expand(-1, 3, -1, -1) == 1
    said = model.field(torch.full_like(batches[0].field, -1.0), view)[:, :3]
    assert torch.allclose(said[inside], -model.colour_trust.expand(int(inside.sum())))
    assert (said[view.alpha.expand(-1, 3, -1, -1) == 0] == -1).all()


def test_what_is_known_without_looking_stays(taught):
    model = model_of(taught, 3.0)
    prior = model.position.prior().detach().clone()
    calibrate(model, held_out())
    assert torch.equal(model.position.prior(), prior)
