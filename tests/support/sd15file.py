"""Weights of diffusers under the names that CompVis gave them in a Stable Diffusion 1.5 checkpoint of one file."""

from __future__ import annotations

import re

import torch

LAYERS = 2  # of every level

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
OUTSIDE = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}


def as_single_file(unet: dict, vae: dict, text: dict) -> dict[str, torch.Tensor]:
    """By the names that CompVis gave."""
    tensors = {f"model.diffusion_model.{original_unet_name(name)}": t for name, t in unet.items()}
    for name, tensor in vae.items():
        name = original_vae_name(name)
        if ".attn_1." in name and tensor.ndim == 2:
            tensor = tensor[:, :, None, None]  # there a 1 x 1 convolution
        tensors[f"first_stage_model.{name}"] = tensor
    tensors |= {f"cond_stage_model.transformer.{name}": t for name, t in text.items()}
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


def original_unet_name(name: str) -> str:
    stem, _, kind = name.rpartition(".")
    if stem in OUTSIDE:
        return f"{OUTSIDE[stem]}.{kind}"
    side, level, part, index, rest = re.match(
        r"(down|mid|up)_block(?:s\.(\d+))?\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)", name
    ).groups()
    level, index = int(level or 0), int(index)
    if part == "resnets":
        first, _, kind = rest.rpartition(".")
        rest = f"{RESNET[first]}.{kind}"
    if side == "mid":
        return f"middle_block.{2 * index if part == 'resnets' else 1}.{rest}"
    if part == "downsamplers":
        return f"input_blocks.{(level + 1) * (LAYERS + 1)}.0.op.{kind}"
    slot = 0 if part == "resnets" else 1
    if side == "down":
        return f"input_blocks.{1 + level * (LAYERS + 1) + index}.{slot}.{rest}"
    if part == "upsamplers":  # after the attention, which the first level on the way up has not
        return f"output_blocks.{level * (LAYERS + 1) + LAYERS}.{1 if level == 0 else 2}.conv.{kind}"
    return f"output_blocks.{level * (LAYERS + 1) + index}.{slot}.{rest}"


def original_vae_name(name: str) -> str:
    name = re.sub(r"down_blocks\.(\d)\.(resnets|downsamplers\.0)", _level(lambda i: i, "downsample"), name)
    name = re.sub(r"up_blocks\.(\d)\.(resnets|upsamplers\.0)", _level(lambda i: 3 - i, "upsample"), name)
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
    for ours, original in {
        "mid_block.attentions.0": "mid.attn_1",
        "group_norm": "norm",
        "to_q": "q",
        "to_k": "k",
        "to_v": "v",
        "to_out.0": "proj_out",
        "conv_norm_out": "norm_out",
        "conv_shortcut": "nin_shortcut",
    }.items():
        name = name.replace(ours, original)
    return name


def _level(turned, sampler):
    way = sampler.removesuffix("sample")
    return lambda m: f"{way}.{turned(int(m[1]))}.{'block' if m[2] == 'resnets' else sampler}"
