"""A Stable Diffusion 1.5 checkpoint as a diffusers folder: unet/, vae/ and text_encoder/, each with its config."""

from __future__ import annotations

import json
from pathlib import Path

from ...errors import TroupeError
from .sd15layout import (
    WORDS,
    Parts,
    UNetSizes,
    not_ours,
    refuse_other_unet,
    refuse_other_vae,
    tells_velocity,
)


def read_folder(folder: Path) -> Parts:
    """Raises `TroupeError` for another layout, and what safetensors and torch raise for a file that is damaged."""
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from safetensors.torch import load_file

    scheduler = folder / "scheduler" / "scheduler_config.json"
    if scheduler.is_file() and _read(scheduler).get("prediction_type", "epsilon") != "epsilon":
        raise tells_velocity(folder.name)
    unet, vae = _config(folder, "unet"), _config(folder, "vae")
    text = load_file(_weights(folder, "text_encoder", "model"))
    text = {name.removeprefix("text_model."): tensor for name, tensor in text.items()}
    refuse_other_unet(_sizes(unet), text[WORDS].shape[1] if WORDS in text else None, folder.name)
    refuse_other_vae(vae.get("latent_channels", 0), len(vae.get("block_out_channels", ())), folder.name)
    return Parts(_network(UNet2DConditionModel, folder, "unet"), _network(AutoencoderKL, folder, "vae"), text)


def _network(network: type, folder: Path, part: str):
    file = _weights(folder, part, "diffusion_pytorch_model")
    variant = "fp16" if ".fp16." in file.name else None
    return network.from_pretrained(
        folder / part, local_files_only=True, use_safetensors=True, variant=variant, low_cpu_mem_usage=False
    ).float()


def _config(folder: Path, part: str) -> dict:
    path = folder / part / "config.json"
    if not path.is_file():
        raise not_ours(folder.name, f"the folder has no {part}/config.json")
    return _read(path)


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _weights(folder: Path, part: str, stem: str) -> Path:
    for name in (f"{stem}.safetensors", f"{stem}.fp16.safetensors"):
        if (folder / part / name).is_file():
            return folder / part / name
    raise TroupeError(
        "Only .safetensors files are loaded, and a part of this checkpoint has none",
        item=f"{folder.name}/{part}",
        remedy=f"Put {stem}.safetensors there.",
    )


def _sizes(config: dict) -> UNetSizes:
    context = config.get("cross_attention_dim")
    return UNetSizes(
        config.get("in_channels", 0),
        config.get("out_channels", 0),
        tuple(config.get("block_out_channels", ())),
        tuple("CrossAttn" in kind for kind in config.get("down_block_types", ())),
        config.get("layers_per_block", 2),
        context if isinstance(context, int) else 0,
        not config.get("addition_embed_type") and not config.get("use_linear_projection"),
    )
