"""What the stylizers that draw with the host have in common: its tensors, its chance, its text encoder, its parts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import comfy.model_management
import torch
from torch import Tensor

from ...models.errors import BadModel

REMEMBERED = 32  # prompts; one of a large text encoder has 8 MB


def on_host(pixels: Tensor) -> Tensor:
    """A picture or mask as the host's batch of one, where it keeps what is between two nodes."""
    return pixels.unsqueeze(0).to(comfy.model_management.intermediate_device())


@contextmanager
def chance_left_alone():
    """The host seeds the world before it draws noise; afterwards the world is as it was."""
    device = comfy.model_management.get_torch_device()
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        yield


def text_memory(clip: Any) -> Callable[[str], list]:
    """Texts as the host's conditioning, each distinct one encoded once."""

    def encoded(text: str) -> list:
        from nodes import CLIPTextEncode

        return CLIPTextEncode().encode(clip, text)[0]

    return lru_cache(maxsize=REMEMBERED)(encoded)


def require_parts(model: Any, clip: Any, vae: Any) -> None:
    """Raises `BadModel` for parts that are missing or do not belong together."""
    for part, name in ((model, "model"), (clip, "CLIP"), (vae, "VAE")):
        if part is None:
            raise BadModel(
                f"The checkpoint has no {name} in it",
                remedy=f"Load a {name} of its own and wire it, or choose another checkpoint.",
            )
    wanted, given = model.get_model_object("latent_format").latent_channels, vae.latent_channels
    if wanted != given:
        raise BadModel(
            f"This VAE makes latents of {given} channels and the model wants {wanted}",
            remedy="Wire the VAE that belongs to the model.",
        )
