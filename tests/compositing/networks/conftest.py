"""A Stable Diffusion 1.5 inpainting checkpoint as large as a stamp: every name of the real one, random weights."""

from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from safetensors.torch import load_file, save_file

from support.sd15file import LAYERS, as_single_file

CONTEXT = 64


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


@pytest.fixture
def altered(tmp_path):
    """`altered(file, change)`: a copy of a single file whose tensors `change` altered, or returned anew."""

    def copy(file: Path, change) -> Path:
        tensors = load_file(file)
        tensors = change(tensors) or tensors
        save_file({name: t.contiguous() for name, t in tensors.items()}, tmp_path / "altered.safetensors")
        return tmp_path / "altered.safetensors"

    return copy
