"""The image-composition model: one position prediction network, one composition network, one fused feature (B2)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from .config import ModelConfig
from .networks.composition import CompositionNetwork, View
from .networks.position import Located, PositionInput, PositionNetwork


class CompositingModel(nn.Module):
    """Both networks. The fused feature of the first conditions the second."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.position = PositionNetwork(config)
        self.composition = CompositionNetwork(config)

    def locate(self, seen: PositionInput) -> Located:
        return self.position(seen)

    def predict(self, template: Tensor, timestep: Tensor, view: View, fused: Tensor) -> Tensor:
        return self.composition(template, timestep, view, fused)

    def trainable(self) -> Iterator[tuple[str, nn.Parameter]]:
        """What training changes, by name."""
        return self.named_parameters()

    def trained_state(self) -> dict[str, Tensor]:
        """What a checkpoint holds, by name. The tensors are the model's own."""
        return self.state_dict()


def fresh_model(config: ModelConfig, seed: int = 0) -> CompositingModel:
    """A model with random weights that depend on `seed` alone."""
    model = CompositingModel(config)
    generator = torch.Generator().manual_seed(seed)
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear) and not name.endswith("position.heat"):
            nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5), generator=generator)  # torch's own default
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for places in (model.position.background_place, model.position.foreground_place):
        nn.init.normal_(places, std=0.02, generator=generator)
    nn.init.zeros_(model.composition.unet.conv_out.weight)
    return model
