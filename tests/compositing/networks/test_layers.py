"""Layer classes are exchanged under a network, and it says what it said before."""

import pytest
import torch
from torch import nn

from support.compositing import TOY, a_view, seen_by
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.networks.layers import Layers, as_image, as_tokens, randomise, with_layers


class Counted:
    """Layers that count their calls and leave the work to torch's."""

    calls: dict[str, int] = {}


def _counting(name):
    class Layer(getattr(nn, name)):
        def forward(self, *inputs):
            Counted.calls[name] = Counted.calls.get(name, 0) + 1
            return super().forward(*inputs)

    return Layer


for _name in Layers.__annotations__:
    setattr(Counted, _name, _counting(_name))


def said(model):
    """What both networks say to one question."""
    with torch.no_grad():
        located = model.locate(seen_by(TOY, 2))
        v = model.predict(torch.zeros(2, 4, 16, 16), torch.tensor([1, 999]), a_view(TOY, 2), located.fused)
    return torch.cat([located.logits.clamp(min=-1e9).flatten(), located.offsets.flatten(), v.flatten()])


@pytest.fixture
def model():
    made, chance = fresh_model(TOY).eval(), torch.Generator().manual_seed(0)
    for layer in (made.position.heat, made.composition.unet.conv_out):
        nn.init.normal_(layer.weight, generator=chance)
    return made


def test_exchanged_layers_do_all_the_work_and_say_the_same(model):
    before, names = said(model), [name for name, _ in model.named_parameters()]
    assert with_layers(model, Counted) is model
    Counted.calls.clear()
    assert torch.equal(said(model), before)
    assert set(Counted.calls) == {"Conv2d", "Linear", "GroupNorm", "LayerNorm"}
    assert not [m for m in model.modules() if type(m) in (nn.Conv2d, nn.Linear, nn.GroupNorm, nn.LayerNorm)]
    assert [name for name, _ in model.named_parameters()] == names


def test_the_hosts_layers_say_the_same(model, host_inprocess):
    import comfy.ops

    before = said(model)
    with_layers(model, comfy.ops.manual_cast)
    assert type(model.position.heat) is comfy.ops.manual_cast.Conv2d
    assert torch.allclose(said(model), before, atol=1e-5)


def test_tokens_and_image_are_one_another():
    image = torch.rand(2, 5, 4, 4)
    assert torch.equal(as_image(as_tokens(image), 4), image)
    assert torch.equal(as_tokens(image)[0, 6], image[0, :, 1, 2])


def test_weights_from_one_generator_are_one_network():
    networks = [nn.Sequential(nn.Conv2d(3, 4, 3), nn.Linear(4, 5, bias=False), nn.GroupNorm(2, 4)) for _ in range(2)]
    for network in networks:
        randomise(network, torch.Generator().manual_seed(7))
    for ours, theirs in zip(*(network.parameters() for network in networks), strict=True):
        assert torch.equal(ours, theirs)
    bound = 1 / (3 * 9) ** 0.5  # torch's own: uniform within one over the root of the inputs
    weight = networks[0][0].weight
    assert weight.abs().max() <= bound and weight.abs().max() > 0.9 * bound
