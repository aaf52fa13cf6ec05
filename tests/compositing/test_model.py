"""A fresh model depends on its seed alone, and knows nothing: every place is as likely, and nothing changes."""

import pytest
import torch

from support.compositing import TOY, a_view, seen_by, weights
from troupe.models.compositing.config import preset
from troupe.models.compositing.model import fresh_model
from troupe.models.errors import TroupeError


def test_a_seed_is_a_model():
    assert torch.equal(weights(fresh_model(TOY, 1)), weights(fresh_model(TOY, 1)))
    assert not torch.equal(weights(fresh_model(TOY, 1)), weights(fresh_model(TOY, 2)))


def test_the_worlds_generator_neither_matters_nor_moves():
    before = torch.random.get_rng_state()
    first = weights(fresh_model(TOY))
    assert torch.equal(torch.random.get_rng_state(), before)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(12345)
        assert torch.equal(weights(fresh_model(TOY)), first)


def test_the_fused_feature_goes_from_the_one_network_to_the_other():
    model = fresh_model(TOY).eval()
    torch.nn.init.normal_(model.composition.unet.conv_out.weight, generator=torch.Generator().manual_seed(0))
    located = model.locate(seen_by(TOY, 2))
    template, timestep = torch.zeros(2, 4, 16, 16), torch.tensor([999, 10])
    with torch.no_grad():
        v = model.predict(template, timestep, a_view(TOY, 2), located.fused)
        without = model.predict(template, timestep, a_view(TOY, 2), torch.zeros_like(located.fused))
    assert v.shape == template.shape
    assert not torch.allclose(v, without, atol=1e-4)


def test_everything_that_is_trained_is_kept():
    model = fresh_model(TOY)
    names = {name for name, _ in model.trainable()}
    assert names == set(dict(model.named_parameters()))
    assert set(model.trained_state()) == {*names, "colour_trust"}  # which is measured at the end, not trained
    assert {name.partition(".")[0] for name in names} == {"position", "composition"}


def test_the_tiny_position_network_has_about_two_and_a_half_million_parameters():
    count = sum(p.numel() for p in fresh_model(preset("tiny")).position.parameters())
    assert 2.4e6 < count < 2.9e6


def test_a_preset_that_continues_a_checkpoint_asks_for_it():
    with pytest.raises(TroupeError, match="continues an inpainting checkpoint, and none was chosen: sd15-inpaint"):
        fresh_model(preset("sd15-inpaint"))
