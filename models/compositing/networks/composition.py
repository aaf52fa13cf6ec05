"""Given a noisy template and what is seen, with the fused feature as auxiliary information: the change (B2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ...errors import TroupeError
from ..config import ModelConfig
from ..schedule import alphas_bar
from .layers import randomise

TEMPLATE = 4
SEEN = 3 + 3 + 1 + 1


class View(NamedTuple):
    """What lies around the position, `(B, C, V, V)`, in [0, 1].

    background (3); foreground (3), colours times alpha, warped to its box; alpha (1);
    place (1), the position network's heatmap.
    """

    background: Tensor
    foreground: Tensor
    alpha: Tensor
    place: Tensor

    def paste(self) -> Tensor:
        """The foreground laid over the background: `(B, 3, V, V)`."""
        return self.foreground + (1 - self.alpha) * self.background

    def stacked(self) -> Tensor:
        """`(B, 8, V, V)` in [-1, 1]."""
        return torch.cat(self, 1) * 2 - 1


class CompositionNetwork(nn.Module):
    """A U-Net (diffusers) over [template | background | foreground | alpha | place] with the fused feature
    through cross-attention; predicts the field, told as v (Salimans & Ho 2022)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.side = config.view_side
        self.register_buffer("alphas_bar", alphas_bar(), persistent=False)
        down, up = zip(*(_LEVELS[attends] for attends in config.attention), strict=True)
        self.unet = _unet_class()(
            sample_size=config.view_side,
            in_channels=TEMPLATE + SEEN,
            out_channels=TEMPLATE,
            layers_per_block=1,
            block_out_channels=config.channels,
            down_block_types=down,
            up_block_types=tuple(reversed(up)),
            cross_attention_dim=config.tokens,
            attention_head_dim=8,
            norm_num_groups=8,
        )

    @property
    def template_shape(self) -> tuple[int, int, int]:
        """Of the noise template: channels and sides."""
        return TEMPLATE, self.side, self.side

    def target(self, view: View, field: Tensor, composite: Tensor) -> Tensor:
        """What is noised and predicted: the field."""
        return field

    def field(self, x0: Tensor, view: View) -> Tensor:
        """The field `(B, 4, V, V)` of a denoised template."""
        return x0

    def reduced(self, mask: Tensor) -> Tensor:
        """A `(B, 1, V, V)` mask at the template's sides."""
        return mask

    # Nothing of somebody else's is needed beside these weights.
    digest = ""

    def begin(self, generator: torch.Generator) -> None:
        """Untrained weights; at first nothing changes."""
        randomise(self, generator)
        nn.init.zeros_(self.unet.conv_out.weight)

    def trainable(self) -> Iterator[tuple[str, nn.Parameter]]:
        return self.named_parameters()

    def trained_state(self) -> dict[str, Tensor]:
        return self.state_dict()

    def forward(self, template: Tensor, timestep: Tensor, view: View, fused: Tensor) -> Tensor:
        """`(B, 4, V, V)` noisy field, `(B,)` timesteps, the view, `(B, N, D)` fused feature -> `(B, 4, V, V)` v.

        The U-Net says the field itself (x0) and `v = (sqrt(a) x - x0) / sqrt(1 - a)` follows: what a small network
        gets wrong is then a wrong change, which is smooth, and never noise that it failed to take away.
        """
        x0 = self.unet(torch.cat([template, view.stacked()], 1), timestep, fused).sample.float()
        a = self.alphas_bar[timestep].view(-1, 1, 1, 1)
        return (a.sqrt() * template - x0) / (1 - a).sqrt()


_LEVELS = {False: ("DownBlock2D", "UpBlock2D"), True: ("CrossAttnDownBlock2D", "CrossAttnUpBlock2D")}


def _unet_class():
    try:
        from diffusers import UNet2DConditionModel
    except ImportError as error:
        raise TroupeError(
            "The composition network needs the package diffusers",
            remedy="Install it into ComfyUI's Python: python -m pip install diffusers, then start ComfyUI again.",
        ) from error
    return UNet2DConditionModel
