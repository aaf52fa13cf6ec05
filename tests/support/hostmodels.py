"""Checkpoints with random weights that the host's own loaders accept, made on the spot; call after `inprocess.boot`.

Stable Diffusion 1.5 is known by its widths (320 channels, context 768), not by its depth: a U-Net of one level is one.
The text encoder has its full size; as overlapping views of one small buffer it takes no room on disk, which only the
.ckpt format can tell.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

UNET = {
    "image_size": 32, "in_channels": 4, "model_channels": 320, "num_res_blocks": [1], "channel_mult": [1],
    "transformer_depth": [1], "use_linear_in_transformer": False, "context_dim": 768, "num_heads": 8,
    "num_head_channels": -1, "use_spatial_transformer": True, "legacy": False, "adm_in_channels": None,
}  # fmt: skip
BUFFER = 4 << 20


def checkpoint(path: Path, host: Path, seed: int = 0) -> Path:
    """A whole Stable Diffusion 1.5 checkpoint (`.ckpt`, 65 MB) with a tiny VAE (TAESD)."""
    import comfy.ops
    import comfy.taesd.taesd
    from comfy.ldm.modules.diffusionmodules.openaimodel import UNetModel

    chance = torch.Generator().manual_seed(seed)
    unet = UNetModel(
        **UNET, out_channels=4, transformer_depth_output=[1, 1], transformer_depth_middle=1,
        use_temporal_resblock=False,
        use_temporal_attention=False, dtype=torch.float16, device="cpu", operations=comfy.ops.disable_weight_init,
    )  # fmt: skip
    vae = comfy.taesd.taesd.TAESD(latent_channels=4)
    weights = _prefixed("model.diffusion_model.", filled(unet, chance, 0.5))
    # Rectifiers halve what passes; the gain keeps the picture between black and white.
    weights |= _prefixed("first_stage_model.", filled(vae, chance, 1.1)) | _text_encoder(host, chance)
    weights["first_stage_model.vae_scale"], weights["first_stage_model.vae_shift"] = torch.ones(()), torch.zeros(())
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"state_dict": weights}, path)
    return path


def small_clip(seed: int = 3):
    """A CLIP of the host for Stable Diffusion 1.5 with one layer, made in memory: a text takes it a moment."""
    import comfy.sd
    import comfy.sd1_clip
    from comfy.supported_models_base import ClipTarget

    target = ClipTarget(comfy.sd1_clip.SD1Tokenizer, comfy.sd1_clip.SD1ClipModel)
    sizes = {"num_hidden_layers": 1, "intermediate_size": 64}
    clip = comfy.sd.CLIP(target, model_options={"clip_l_model_config": sizes})
    weights = filled(clip.cond_stage_model, torch.Generator().manual_seed(seed), 1.0)
    clip.cond_stage_model.load_state_dict(weights)
    return clip


def edit_parts(folder: Path, seed: int = 4):
    """(MODEL, VAE) of Flux's family, which takes reference latents; read by the host from files in `folder`."""
    import comfy.ops
    import comfy.sd
    import comfy.taesd.taesd
    import comfy.utils
    from comfy.ldm.flux.model import Flux
    from safetensors.torch import save_file

    chance = torch.Generator().manual_seed(seed)
    network = Flux(
        image_model="flux", in_channels=16, out_channels=16, vec_in_dim=768, context_in_dim=768, hidden_size=128,
        mlp_ratio=4.0, num_heads=1, depth=1, depth_single_blocks=1, axes_dim=[16, 56, 56], theta=10000, patch_size=2,
        qkv_bias=True, guidance_embed=True, txt_ids_dims=[], dtype=torch.float32, device="cpu",
        operations=comfy.ops.disable_weight_init,
    )  # fmt: skip
    weights = {n: torch.ones_like(w) if n.endswith("scale") else w for n, w in filled(network, chance, 1.0).items()}
    save_file(weights, folder / "tiny_flux.safetensors")
    vae = filled(comfy.taesd.taesd.TAESD(latent_channels=16), chance, 1.1)
    vae["vae_scale"], vae["vae_shift"] = torch.ones(()), torch.zeros(())
    save_file(vae, folder / "tiny_vae.safetensors")
    read = comfy.utils.load_torch_file(str(folder / "tiny_vae.safetensors"))
    return comfy.sd.load_diffusion_model(str(folder / "tiny_flux.safetensors")), comfy.sd.VAE(sd=read)


def control_net(path: Path, seed: int = 1) -> Path:
    """A ControlNet for it (`.safetensors`, 21 MB)."""
    import comfy.ops
    from comfy.cldm.cldm import ControlNet
    from safetensors.torch import save_file

    net = ControlNet(
        **UNET, hint_channels=3, transformer_depth_middle=-2, dtype=torch.float16, device="cpu",
        operations=comfy.ops.disable_weight_init,
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(_prefixed("control_model.", filled(net, torch.Generator().manual_seed(seed), 1.0)), path)
    return path


def lora(path: Path, rank: int = 2, seed: int = 2) -> Path:
    """A LoRA of one attention layer of its U-Net, in kohya's names."""
    from safetensors.torch import save_file

    chance = torch.Generator().manual_seed(seed)
    name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
    weights = {
        f"{name}.lora_down.weight": torch.randn(rank, 320, generator=chance),
        f"{name}.lora_up.weight": torch.randn(320, rank, generator=chance),
        f"{name}.alpha": torch.tensor(float(rank)),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, path)
    return path


def filled(network: torch.nn.Module, chance: torch.Generator, gain: float) -> dict[str, torch.Tensor]:
    """Random matrices that keep the variance at `gain` 1; norms are ones, biases zero."""
    state = {}
    for name, old in network.state_dict().items():
        new = torch.ones(old.shape) if name.endswith("weight") else torch.zeros(old.shape)
        if old.ndim > 1:
            new = torch.randn(old.shape, generator=chance) * gain / old[0].numel() ** 0.5
        state[name] = new.half() if old.is_floating_point() else old
    return state


def _text_encoder(host: Path, chance: torch.Generator) -> dict[str, torch.Tensor]:
    import comfy.clip_model
    import comfy.ops

    config = json.loads((host / "comfy" / "sd1_clip_config.json").read_text(encoding="utf-8"))
    with torch.device("meta"):
        model = comfy.clip_model.CLIPTextModel(config, torch.float16, "meta", comfy.ops.disable_weight_init)
    buffer = (torch.randn(BUFFER, generator=chance) * 0.02).half()
    state = {}
    for offset, (name, old) in enumerate(model.state_dict().items()):
        if name == "text_projection.weight":
            continue
        new = torch.ones(old.shape) if name.endswith("weight") else torch.zeros(old.shape)
        if not old.is_floating_point():
            new = torch.arange(old.shape[-1])[None]
        elif old.ndim > 1:  # the rows of the largest, the words, overlap by more than others
            new = buffer.as_strided(old.shape, (61 if len(old) > 10_000 else old.shape[1] + 1, 1), offset)
        state[name] = new if new.dtype == torch.int64 else new.half() if old.ndim <= 1 else new
    return _prefixed("cond_stage_model.transformer.", state)


def _prefixed(prefix: str, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {prefix + name: tensor for name, tensor in state.items()}
