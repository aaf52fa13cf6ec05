"""Pictures as the latents of a checkpoint's own autoencoder, and back."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CHANNELS = 4
# Pixels a latent, along each side.
STRIDE = 8


class Autoencoder(nn.Module):
    """diffusers' `AutoencoderKL`, frozen and in float32, where a shadow is not lost to rounding.

    Latents `(B, 4, V / 8, V / 8)` of about unit variance; pictures `(B, 3, V, V)`, float in [0, 1], RGB.
    """

    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.vae = vae.float().eval().requires_grad_(False)
        self.unit = float(vae.config.scaling_factor)

    @torch.no_grad()
    def encode(self, pictures: Tensor) -> Tensor:
        """The likeliest latents: chance would make two encodings of one picture differ."""
        with _exact(pictures):
            return self.vae.encode(pictures.float() * 2 - 1).latent_dist.mode() * self.unit

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        with _exact(latents):
            return (self.vae.decode(latents.float() / self.unit).sample / 2 + 0.5).clamp(0, 1)


def _exact(like: Tensor) -> torch.autocast:
    """In float32 even within a training that works in bfloat16."""
    return torch.autocast(like.device.type, enabled=False)
