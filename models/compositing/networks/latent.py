"""Given a noisy latent and what is seen, with the fused feature: the composite, by a warm-started U-Net (B2)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...errors import TroupeError
from ..config import ModelConfig
from ..field import log_ratio, to_field
from ..schedule import alphas_bar
from .composition import View
from .lora import RANK, LowRank, with_low_rank
from .noiselevels import their_timestep, velocity_told_by
from .vae import CHANNELS, STRIDE, Autoencoder
from .widened import GatedAttention, WidenedConv, with_gates

# Noisy latent, mask, background latent (so far as Stable Diffusion's inpainting), foreground latent, alpha.
INPUTS = CHANNELS + 1 + CHANNELS + CHANNELS + 1
# By what share of the view the mask is grown around the thing: half of the room that the window leaves.
GROWN = 1 / 8


class Base(NamedTuple):
    """What is taken from the user's checkpoint, and never written into ours.

    unet: diffusers' `UNet2DConditionModel` with 9 input channels (inpainting) or 4, which tells the noise.
    prompt: `(77, D)`, the empty prompt. digest: names the weights, whatever file they were in.
    """

    unet: nn.Module
    autoencoder: Autoencoder
    prompt: Tensor
    digest: str


class LatentNetwork(nn.Module):
    """The U-Net of `base`, widened to [latent | mask | background | foreground | alpha], with the fused feature
    behind gates and low-rank changes of its attention; predicts v of the composite's latent.

    Only what was added is trained. It starts as exactly the U-Net that it was. `dtype` is that of the frozen
    weights and of the work (bfloat16 halves the memory); what is trained stays in float32.
    """

    def __init__(
        self,
        config: ModelConfig,
        base: Base,
        rank: int = RANK,
        dtype: torch.dtype = torch.float32,
        checkpointing: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.side, self.digest, self.dtype = config.view_side // STRIDE, base.digest, dtype
        self.autoencoder = base.autoencoder
        unet = nn.Module.to(base.unet, dtype).requires_grad_(False)  # diffusers' own `to` warns of nothing
        unet.conv_in = WidenedConv(unet.conv_in, INPUTS - unet.conv_in.in_channels)
        self.unet = with_low_rank(with_gates(unet, len(base.prompt)), rank)
        if checkpointing:
            self.unet.enable_gradient_checkpointing()
        width = base.prompt.shape[1]
        # Normed, because the prompt's tokens come out of a norm too: keys and values expect such.
        self.project = nn.Sequential(nn.Linear(config.tokens, width), nn.LayerNorm(width))
        self.register_buffer("prompt", base.prompt.clone(), persistent=False)
        self.register_buffer("alphas_bar", alphas_bar(), persistent=False)
        self.register_buffer("their_timestep", their_timestep(alphas_bar()), persistent=False)
        self._seen: tuple[View, Tensor] | None = None
        self.begin(torch.Generator().manual_seed(seed))

    def begin(self, generator: torch.Generator) -> None:
        """Set what is trained to where it begins; only `generator` decides."""
        for module in self.unet.modules():
            if isinstance(module, LowRank):
                module.begin(generator)
            elif isinstance(module, GatedAttention):
                nn.init.zeros_(module.gate)
            elif isinstance(module, WidenedConv):
                nn.init.zeros_(module.new)
        linear, norm = self.project
        nn.init.kaiming_uniform_(linear.weight, a=math.sqrt(5), generator=generator)
        nn.init.zeros_(linear.bias)
        norm.reset_parameters()

    @property
    def template_shape(self) -> tuple[int, int, int]:
        """Of the noise template: channels and sides."""
        return CHANNELS, self.side, self.side

    def target(self, view: View, field: Tensor, composite: Tensor) -> Tensor:
        """What is noised and predicted: the latent of the composite `(B, 3, V, V)`."""
        return self.autoencoder.encode(composite)

    def field(self, x0: Tensor, view: View) -> Tensor:
        """The field `(B, 4, V, V)` of a denoised latent; its alpha correction is 0.

        Compared with the paste as the autoencoder shows it, so that the autoencoder's own errors cancel:
        the latent of the paste itself changes nothing.
        """
        pasted = self.autoencoder.decode(self.autoencoder.encode(view.paste()))
        ratio = log_ratio(self.autoencoder.decode(x0), pasted)
        return to_field(ratio, torch.zeros_like(ratio[:, :1]))

    def reduced(self, mask: Tensor) -> Tensor:
        """A `(B, 1, V, V)` mask at the template's sides."""
        return F.avg_pool2d(mask, STRIDE)

    def forward(self, template: Tensor, timestep: Tensor, view: View, fused: Tensor) -> Tensor:
        """`(B, 4, V / 8, V / 8)` noisy latent, `(B,)` timesteps, the view, `(B, N, D)` fused feature -> v alike."""
        template = template.float()
        noise = self.noise(template, self.their_timestep[timestep], view, fused)
        return velocity_told_by(noise, template, self.alphas_bar[timestep])

    def noise(self, template: Tensor, their_timestep: Tensor, view: View, fused: Tensor) -> Tensor:
        """What the U-Net itself says, at a timestep of its own schedule: the noise in `template`, float32."""
        prompt = self.prompt.expand(len(template), -1, -1)
        tokens = torch.cat([prompt, self.project(fused.float()).to(prompt.dtype)], 1).to(self.dtype)
        stacked = torch.cat([template, self.seen(view)], 1).to(self.dtype)
        return self.unet(stacked, their_timestep, tokens).sample.float()

    def seen(self, view: View) -> Tensor:
        """`(B, 10, V / 8, V / 8)`: mask, background latent, foreground latent, alpha. The place map is not used.

        The background is clean, so the U-Net sees all of it and not, as when it inpaints, a hole.
        The foreground lies on grey, which is what the autoencoder has in place of nothing.
        """
        if not self.training and self._seen is not None and _same(self._seen[0], view):
            return self._seen[1]  # The steps of one denoising look through one view.
        alpha = self.reduced(view.alpha)
        on_grey = view.foreground + (1 - view.alpha) * 0.5
        background, foreground = self.autoencoder.encode(torch.cat([view.background, on_grey])).chunk(2)
        seen = torch.cat([grown(alpha), background, foreground, alpha], 1)
        self._seen = None if self.training else (view, seen)
        return seen

    def trainable(self) -> Iterator[tuple[str, nn.Parameter]]:
        """By name: the new columns, the projection, the gates and the low-rank changes."""
        return ((name, p) for name, p in self.named_parameters() if p.requires_grad)

    def trained_state(self) -> dict[str, Tensor]:
        """What a checkpoint of ours holds, by name; the tensors are the network's own."""
        return dict(self.trainable())

    def expect_base(self, digest: str, item: str) -> None:
        """Raises `TroupeError` if `item` was trained on another checkpoint than this network's."""
        if digest != self.digest:
            raise TroupeError(
                "This compositing model continues another inpainting checkpoint than the one that was chosen",
                item=item,
                remedy=f"Choose the checkpoint it was trained on (fingerprint {digest[:12]}, not {self.digest[:12]}).",
            )


def grown(alpha: Tensor) -> Tensor:
    """`(B, 1, v, v)`, 1 where the picture may change: the thing, and the room for its shadow."""
    reach = max(1, round(GROWN * alpha.shape[-1]))
    return F.max_pool2d((alpha > 0).to(alpha.dtype), 2 * reach + 1, stride=1, padding=reach)


def _same(one: View, other: View) -> bool:
    """The place map is not asked for, because it is not looked at."""
    return all(a is b for a, b in zip(one[:3], other[:3], strict=True))
