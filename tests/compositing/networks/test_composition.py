"""The composition network: template, view and fused feature to v; untrained it changes nothing."""

import pytest
import torch

from support.compositing import TOY, a_view
from troupe.models.compositing.config import preset
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.composition import View


@pytest.fixture(scope="module")
def awake():
    """An untrained network with something to say."""
    network = fresh_model(TOY).composition.eval()
    torch.nn.init.normal_(network.unet.conv_out.weight, generator=torch.Generator().manual_seed(0))
    return network


def asked(network, template=0.0, timestep=500, fused=0.0, view=None):
    with torch.no_grad():
        return network(
            torch.full((1, 4, 16, 16), template),
            torch.tensor([timestep]),
            view or a_view(TOY, 1),
            torch.full((1, 16, 16), fused),
        )


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_untrained_it_predicts_that_nothing_changes(name):
    config, chance = preset(name), torch.Generator().manual_seed(0)
    network = fresh_model(config).composition.eval()
    template = torch.randn((1, *network.template_shape), generator=chance)
    fused = torch.randn((1, (config.background_side // 8) ** 2, config.tokens), generator=chance)
    with torch.no_grad():
        v = network(template, torch.tensor([999]), a_view(config, 1), fused)
    assert v.shape == (1, 4, config.view_side, config.view_side)
    assert not v.any()


@pytest.mark.parametrize("change", [{"template": 0.5}, {"timestep": 20}, {"fused": 1.0}], ids=str)
def test_it_hears_everything_that_it_is_told(awake, change):
    assert not torch.allclose(asked(awake), asked(awake, **change), atol=1e-4)


@pytest.mark.parametrize("part", View._fields)
def test_it_looks_at_every_part_of_the_view(awake, part):
    view = a_view(TOY, 1)
    changed = view._replace(**{part: 1 - getattr(view, part)})
    assert not torch.allclose(asked(awake), asked(awake, view=changed), atol=1e-4)


def test_the_paste_of_a_view_is_the_foreground_over_the_background():
    background, alpha = torch.full((1, 3, 2, 2), 0.5), torch.tensor([[0.0, 1.0], [0.5, 0.25]]).view(1, 1, 2, 2)
    view = View(background, torch.full((1, 3, 2, 2), 1.0) * alpha, alpha, alpha)
    assert torch.allclose(view.paste()[0, 0], torch.tensor([[0.5, 1.0], [0.75, 0.625]]))


def test_what_it_predicts_is_the_field_itself(awake):
    field, view = torch.rand(1, 4, 16, 16), a_view(TOY, 1)
    assert torch.equal(awake.target(view, field, torch.rand(1, 3, 16, 16)), field)
    assert torch.equal(awake.field(field, view), field)
