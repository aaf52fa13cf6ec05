"""A Stable Diffusion 1.5 inpainting checkpoint as large as a stamp: every name of the real one, random weights."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from safetensors.torch import load_file, save_file

LAYERS = 2
CONTEXT = 64

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


class Miniature(NamedTuple):
    """One model in both layouts, and its U-Net as diffusers loads it."""

    folder: Path
    file: Path
    unet: torch.nn.Module


@pytest.fixture(scope="session")
def miniature(tmp_path_factory) -> Miniature:
    return make_miniature(tmp_path_factory.mktemp("sd15"), inputs=9)


@pytest.fixture(scope="session")
def miniature_without_inpainting(tmp_path_factory) -> Miniature:
    return make_miniature(tmp_path_factory.mktemp("sd15-plain"), inputs=4)


def make_miniature(root: Path, inputs: int) -> Miniature:
    diffusers = pytest.importorskip("diffusers")
    with torch.random.fork_rng():
        torch.manual_seed(inputs)
        unet = diffusers.UNet2DConditionModel(
            in_channels=inputs, block_out_channels=(32, 64, 96, 96), cross_attention_dim=CONTEXT, sample_size=8
        )
        vae = diffusers.AutoencoderKL(
            block_out_channels=(32, 64, 96, 96),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            layers_per_block=LAYERS,
            latent_channels=4,
        )
        text = text_weights()
    folder, file = root / "tiny-inpainting", root / "tiny-inpainting.safetensors"
    unet.save_pretrained(folder / "unet")
    vae.save_pretrained(folder / "vae")
    (folder / "text_encoder").mkdir()
    save_file(text, folder / "text_encoder" / "model.safetensors")
    save_file(as_single_file(unet.state_dict(), vae.state_dict(), text), file)
    return Miniature(folder, file, unet.eval())


def text_weights(words: int = 40, layers: int = 2) -> dict[str, torch.Tensor]:
    """CLIP's text encoder by the names of Stable Diffusion's checkpoints."""
    shapes = {
        "embeddings.token_embedding.weight": (words, CONTEXT),
        "embeddings.position_embedding.weight": (77, CONTEXT),
    }
    blocks = [(f"encoder.layers.{i}.", True) for i in range(layers)] + [("", False)]
    for of, whole in blocks:
        for norm in ("layer_norm1", "layer_norm2") if whole else ("final_layer_norm",):
            shapes |= {f"{of}{norm}.weight": (CONTEXT,), f"{of}{norm}.bias": (CONTEXT,)}
        for part in ("q", "k", "v", "out") if whole else ():
            shapes |= {
                f"{of}self_attn.{part}_proj.weight": (CONTEXT,) * 2,
                f"{of}self_attn.{part}_proj.bias": (CONTEXT,),
            }
        for part, size in (("fc1", (2 * CONTEXT, CONTEXT)), ("fc2", (CONTEXT, 2 * CONTEXT))) if whole else ():
            shapes |= {f"{of}mlp.{part}.weight": size, f"{of}mlp.{part}.bias": size[:1]}
    return {f"text_model.{name}": torch.randn(shape) * 0.3 for name, shape in shapes.items()}


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


@pytest.fixture
def altered(tmp_path):
    """`altered(file, change)`: a copy of a single file whose tensors `change` altered, or returned anew."""

    def copy(file: Path, change) -> Path:
        tensors = load_file(file)
        tensors = change(tensors) or tensors
        save_file({name: t.contiguous() for name, t in tensors.items()}, tmp_path / "altered.safetensors")
        return tmp_path / "altered.safetensors"

    return copy
