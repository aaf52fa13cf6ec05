"""The image-composition model: one position prediction network, one composition network, one fused feature (B2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from ..errors import TroupeError
from .config import ModelConfig
from .networks.composition import CompositionNetwork, View
from .networks.layers import randomise
from .networks.position import Located, PositionInput, PositionNetwork


class CompositingModel(nn.Module):
    """Both networks. The fused feature of the first conditions the second.

    colour_trust: the share of the predicted colour change that held-out groups bear out; see `training/calibration.py`.
    """

    def __init__(self, config: ModelConfig, base: Path | None = None) -> None:
        super().__init__()
        self.config = config
        with torch.random.fork_rng(devices=[]):  # torch's layers fill themselves from the world's generator
            self.position = PositionNetwork(config)
            self.composition = composition_network(config, base)
        self.register_buffer("colour_trust", torch.ones(()))

    def locate(self, seen: PositionInput) -> Located:
        return self.position(seen)

    def predict(self, template: Tensor, timestep: Tensor, view: View, fused: Tensor) -> Tensor:
        return self.composition(template, timestep, view, fused)

    def field(self, x0: Tensor, view: View) -> Tensor:
        """The field `(B, 4, V, V)` that a denoised template means, with colours inside the thing as far as trusted."""
        field = self.composition.field(x0, view)
        share = 1 + view.alpha * (self.colour_trust.to(field) - 1)
        return torch.cat([field[:, :3] * share, field[:, 3:]], 1)

    def trainable(self) -> Iterator[tuple[str, nn.Parameter]]:
        """What training changes, by name."""
        yield from self.position.named_parameters("position")
        for name, parameter in self.composition.trainable():
            yield f"composition.{name}", parameter

    def trained_state(self) -> dict[str, Tensor]:
        """What a checkpoint holds, by name. The tensors are the model's own."""
        parts = {"position": self.position.state_dict(), "composition": self.composition.trained_state()}
        networks = {f"{part}.{name}": tensor for part, state in parts.items() for name, tensor in state.items()}
        return {**networks, "colour_trust": self.colour_trust}


def composition_network(config: ModelConfig, base: Path | None) -> nn.Module:
    """The network that the configuration asks for; `base`: the checkpoint that a latent one continues."""
    if config.composition == "field":
        return CompositionNetwork(config)
    if base is None:
        raise TroupeError(
            "This preset continues an inpainting checkpoint, and none was chosen",
            item=config.preset,
            remedy="Choose a Stable Diffusion 1.5 inpainting checkpoint (.safetensors).",
        )
    from .networks.warmstart import warm_start

    # Where nothing is learnt this costs nothing; where it is, a batch of 512 px fits into 24 GB only so.
    return warm_start(base, config, checkpointing=True)


def fresh_model(config: ModelConfig, seed: int = 0, base: Path | None = None) -> CompositingModel:
    """A model whose untrained weights depend on `seed` alone."""
    model = CompositingModel(config, base)
    generator = torch.Generator().manual_seed(seed)
    randomise(model.position, generator)
    nn.init.zeros_(model.position.heat.weight)
    model.composition.begin(generator)
    return model
