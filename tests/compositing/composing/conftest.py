"""Small scenes, cut-outs and fields made by hand."""

from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from troupe.models.compositing.config import preset
from troupe.models.compositing.field import to_field
from troupe.models.compositing.grid import Frame
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.seeing import size_of
from troupe.models.compositing.view import window_around


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


class Scene(NamedTuple):
    background: Tensor
    foreground: Tensor
    box: Frame
    window: Frame


class Fields:
    """`(4, V, V)` fields: the same everywhere, or a dark spot."""

    @staticmethod
    def even(ratio=(0.0, 0.0, 0.0), alpha_change=0.0, side=64):
        colours = torch.tensor(ratio).view(1, 3, 1, 1).expand(1, 3, side, side)
        return to_field(colours, torch.full((1, 1, side, side), alpha_change))[0]

    @staticmethod
    def spot(depth=-0.6, at=(0.8, 0.5), radius=0.08, side=64):
        """`at`: shares of the view, x before y."""
        steps = (torch.arange(side) + 0.5) / side
        away = ((steps[None, :] - at[0]) ** 2 + (steps[:, None] - at[1]) ** 2) / radius**2
        return to_field((depth * torch.exp(-away)).expand(1, 3, side, side), torch.zeros(1, 1, side, side))[0]


@pytest.fixture
def fields():
    return Fields


@pytest.fixture
def scene():
    """A photograph's noise, a disc of other noise with a soft edge in a box between the pixels."""
    background, foreground = noise(150, 200, 3) * 0.8 + 0.1, noise(60, 40, 4, seed=1) * 0.8 + 0.1
    y, x = torch.meshgrid(torch.linspace(-1, 1, 60), torch.linspace(-1, 1, 40), indexing="ij")
    foreground[..., 3] = ((0.9 - torch.hypot(x, y)) * 8).clamp(0, 1)
    box = Frame(80.3, 40.6, 120.3, 100.6)
    return Scene(background, foreground, box, window_around(box, size_of(background)))


@pytest.fixture(scope="session")
def model():
    """Without training: all places alike, no change anywhere."""
    return fresh_model(preset("tiny")).eval()


@pytest.fixture(scope="session")
def telling_model():
    """Without training, but with a last layer that says something, however senseless."""
    model = fresh_model(preset("tiny")).eval()
    weight = model.composition.unet.conv_out.weight
    with torch.no_grad():
        weight.copy_(0.05 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(3)))
    return model
