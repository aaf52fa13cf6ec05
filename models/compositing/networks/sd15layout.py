"""The layout of Stable Diffusion 1: told from a checkpoint's names and shapes alone, and every other layout refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor, nn

from ...errors import TroupeError
from .vae import CHANNELS, STRIDE

# Where the parts lie in a single file as CompVis wrote it.
UNET, VAE, TEXT = "model.diffusion_model.", "first_stage_model.", "cond_stage_model.transformer."
# The text encoder's words, whose width is the prompt's.
WORDS = "embeddings.token_embedding.weight"
# What the files do not tell, and what no model of this layout has changed.
HEADS, GROUPS = 8, 32
# By how wide a prompt their cross-attention reads.
OTHERS = {1024: "Stable Diffusion 2", 1280: "the SDXL refiner", 2048: "SDXL"}

Shapes = Mapping[str, tuple[int, ...]]


class Parts(NamedTuple):
    """Of a checkpoint: diffusers' networks, and the text encoder's weights by CLIP's names without `text_model.`."""

    unet: nn.Module
    vae: nn.Module
    text: dict[str, Tensor]


class UNetSizes(NamedTuple):
    """`channels` and `attends` for each level, `layers` within one; `context`: the prompt's width.

    plain: none of what newer layouts added to the U-Net.
    """

    inputs: int
    outputs: int
    channels: tuple[int, ...]
    attends: tuple[bool, ...]
    layers: int
    context: int
    plain: bool

    def as_arguments(self) -> dict:
        """For diffusers' `UNet2DConditionModel`."""
        kinds = {True: "CrossAttn{}Block2D", False: "{}Block2D"}
        return {
            "in_channels": self.inputs,
            "out_channels": self.outputs,
            "block_out_channels": self.channels,
            "layers_per_block": self.layers,
            "cross_attention_dim": self.context,
            "down_block_types": tuple(kinds[a].format("Down") for a in self.attends),
            "up_block_types": tuple(kinds[a].format("Up") for a in reversed(self.attends)),
            "attention_head_dim": HEADS,
            "norm_num_groups": GROUPS,
        }


def unet_sizes(shapes: Shapes, item: str) -> UNetSizes:
    """Of a single file."""
    first = shapes.get(f"{UNET}input_blocks.0.0.weight")
    if first is None:
        raise not_ours(item, "it holds no U-Net of Stable Diffusion")
    # The levels end with a convolution that halves the sides, but for the last.
    ends = [i for i in range(64) if f"{UNET}input_blocks.{i}.0.op.weight" in shapes]
    layers = ends[0] - 1 if ends else 2
    starts = [1] + [i + 1 for i in ends]
    reads = [name for name in shapes if name.startswith(UNET) and name.endswith(".attn2.to_k.weight")]
    inward = [name for name in shapes if name.startswith(UNET) and name.endswith(".1.proj_in.weight")]
    return UNetSizes(
        first[1],
        shapes.get(f"{UNET}out.2.weight", (0,))[0],
        tuple(shapes.get(f"{UNET}input_blocks.{i}.0.out_layers.3.weight", (0,))[0] for i in starts),
        tuple(any(name.startswith(f"{UNET}input_blocks.{i}.1.") for name in reads) for i in starts),
        layers,
        shapes[reads[0]][1] if reads else 0,
        not any(name.startswith(f"{UNET}label_emb.") for name in shapes) and all(len(shapes[n]) == 4 for n in inward),
    )


def vae_arguments(shapes: Shapes, item: str) -> dict:
    """For diffusers' `AutoencoderKL`, of a single file."""
    levels = sum(f"{VAE}encoder.down.{i}.block.0.conv1.weight" in shapes for i in range(16))
    if not levels or f"{VAE}quant_conv.weight" not in shapes:
        raise not_ours(item, "it holds no autoencoder (VAE)")
    return {
        "block_out_channels": tuple(shapes[f"{VAE}encoder.down.{i}.block.0.conv1.weight"][0] for i in range(levels)),
        "layers_per_block": sum(f"{VAE}encoder.down.0.block.{i}.conv1.weight" in shapes for i in range(16)),
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "latent_channels": shapes[f"{VAE}quant_conv.weight"][0] // 2,
        "norm_num_groups": GROUPS,
    }


def refuse_other_unet(sizes: UNetSizes, prompt_width: int | None, item: str) -> None:
    """Raises `TroupeError` that names what was found. `prompt_width`: the text encoder's, None where there is none."""
    if sizes.context in OTHERS or not sizes.plain:
        raise not_ours(item, f"it is a model of {OTHERS.get(sizes.context, 'another generation')}")
    if sizes.inputs not in (CHANNELS, 2 * CHANNELS + 1) or sizes.outputs != CHANNELS:
        found = f"its U-Net has {sizes.inputs} input and {sizes.outputs} output channels"
        raise not_ours(item, f"{found} where 9 and 4 (inpainting) or 4 and 4 belong")
    if prompt_width is None:
        raise not_ours(item, "it holds no text encoder (CLIP)")
    if sizes.context != prompt_width:
        raise not_ours(
            item, f"its U-Net reads prompts {sizes.context} wide and its text encoder writes them {prompt_width} wide"
        )


def refuse_other_vae(latents: int, levels: int, item: str) -> None:
    stride = 2 ** (levels - 1)
    if latents != CHANNELS or stride != STRIDE:
        raise not_ours(
            item, f"its autoencoder has {latents} channels a latent, {stride} pixels wide, where 4 and 8 belong"
        )


def not_ours(item: str, found: str) -> TroupeError:
    return TroupeError(
        "This is not a checkpoint in the layout of Stable Diffusion 1.5",
        item=item,
        remedy=f"Choose a Stable Diffusion 1.5 inpainting checkpoint; {found}.",
    )


def tells_velocity(item: str) -> TroupeError:
    return TroupeError(
        "This checkpoint predicts velocity, and the compositing model continues one that predicts noise",
        item=item,
        remedy="Choose the usual Stable Diffusion 1.5 inpainting checkpoint.",
    )
