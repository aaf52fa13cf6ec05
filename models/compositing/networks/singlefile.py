"""A Stable Diffusion 1.5 checkpoint in one .safetensors file, as CompVis laid it out."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from .sd15layout import (
    TEXT,
    WORDS,
    Parts,
    Shapes,
    refuse_other_unet,
    refuse_other_vae,
    tells_velocity,
    unet_sizes,
    vae_arguments,
)


def read_file(path: Path) -> Parts:
    """Raises `TroupeError` for another layout, and what safetensors and torch raise for a file that is damaged."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint
    from safetensors.torch import load_file

    unet, vae = _arguments(_shapes(path), path.name)
    weights = load_file(path)
    text = {name.removeprefix(TEXT): tensor for name, tensor in weights.items() if name.startswith(TEXT)}
    return Parts(
        _filled(UNet2DConditionModel, unet, convert_ldm_unet_checkpoint(weights, unet)),
        _filled(AutoencoderKL, vae, convert_ldm_vae_checkpoint(weights, vae)),
        {name.removeprefix("text_model."): tensor for name, tensor in text.items()},
    )


def _arguments(shapes: Shapes, item: str) -> tuple[dict, dict]:
    """Of the U-Net and of the autoencoder. Raises `TroupeError` for another layout."""
    if "v_pred" in shapes:  # an empty tensor with which such models are marked
        raise tells_velocity(item)
    sizes = unet_sizes(shapes, item)
    words = shapes.get(f"{TEXT}text_model.{WORDS}") or shapes.get(f"{TEXT}{WORDS}")
    refuse_other_unet(sizes, words[1] if words else None, item)
    vae = vae_arguments(shapes, item)
    refuse_other_vae(vae["latent_channels"], len(vae["block_out_channels"]), item)
    return sizes.as_arguments(), vae


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """From the header alone: what is wrong is said before gigabytes are read."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}


def _filled(network: type[nn.Module], arguments: dict, weights: dict[str, Tensor]) -> nn.Module:
    """Made without memory or chance of its own; every weight comes from `weights`."""
    with torch.device("meta"):
        made = network(**arguments)
    made.load_state_dict(weights, strict=True, assign=True)
    return made.float()
