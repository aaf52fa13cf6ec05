"""Pipelines of diffusers as small as a stamp, with random weights and the host's own tokenizer."""

from __future__ import annotations

from pathlib import Path

import torch


def save_pipeline(kind: str, folder: Path, host: Path) -> Path:
    """`kind`: sd15, sdxl, flux, kontext, or "sd15 deep", which has as many levels as the real one."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = {"sd15": _sd15, "sd15 deep": _sd15_deep, "sdxl": _sdxl, "flux": _flux, "kontext": _kontext}
        made[kind](host).save_pretrained(folder)
    return folder


def save_control_net(folder: Path, pipeline: Path) -> Path:
    """For the sd15 pipeline; its last layers, which begin as zeros, have something to say."""
    import diffusers

    unet = diffusers.UNet2DConditionModel.from_pretrained(pipeline / "unet", local_files_only=True)
    chance = torch.Generator().manual_seed(1)
    net = diffusers.ControlNetModel.from_unet(unet)
    for block in (*net.controlnet_down_blocks, net.controlnet_mid_block, net.controlnet_cond_embedding.conv_out):
        block.weight.data.normal_(0, 0.3, generator=chance)
    net.save_pretrained(folder)
    return folder


def save_lora(file: Path, pipeline: Path, wider: int = 1) -> Path:
    """A LoRA of every query of the U-Net, in the names that diffusers writes; `wider` than 1, it does not fit."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    chance, weights = torch.Generator().manual_seed(2), {}
    with safe_open(pipeline / "unet" / "diffusion_pytorch_model.safetensors", "pt") as unet:
        for name in unet.keys():
            if name.endswith("to_q.weight"):
                out, into = unet.get_slice(name).get_shape()
                layer = f"unet.{name.removesuffix('.weight')}"
                weights[f"{layer}.lora_A.weight"] = torch.randn(2, into * wider, generator=chance)
                weights[f"{layer}.lora_B.weight"] = torch.randn(out * wider, 2, generator=chance)
    save_file(weights, file)
    return file


def _sd15(host: Path):
    import diffusers

    return diffusers.StableDiffusionPipeline(
        vae=_vae(), text_encoder=_clip(), tokenizer=_tokenizer(host), unet=_unet(32), scheduler=_ddim(),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def _sd15_deep(host: Path):
    import diffusers

    pipeline = _sd15(host)
    widths = {"block_out_channels": (32, 64, 96, 96)}
    pipeline.unet = diffusers.UNet2DConditionModel(sample_size=8, cross_attention_dim=32, **widths)
    pipeline.vae = diffusers.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=2,
        latent_channels=4, **widths,
    )  # fmt: skip
    return pipeline


def _sdxl(host: Path):
    import diffusers

    unet = _unet(
        64, addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=6 * 8 + 32
    )
    return diffusers.StableDiffusionXLPipeline(
        vae=_vae(), text_encoder=_clip(), text_encoder_2=_clip(projected=True), tokenizer=_tokenizer(host),
        tokenizer_2=_tokenizer(host), unet=unet, scheduler=_ddim(),
    )  # fmt: skip


def _flux(host: Path):
    import diffusers
    from transformers import T5Config, T5EncoderModel

    transformer = diffusers.FluxTransformer2DModel(
        patch_size=1, in_channels=4, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=[4, 4, 8],
    )  # fmt: skip
    vae = diffusers.AutoencoderKL(
        sample_size=32, in_channels=3, out_channels=3, block_out_channels=(4,), layers_per_block=1, latent_channels=1,
        norm_num_groups=1, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.0609, scaling_factor=1.5035,
    )  # fmt: skip
    t5 = T5EncoderModel(T5Config(vocab_size=49408, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4))
    return diffusers.FluxPipeline(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=_clip(), text_encoder_2=t5,
        tokenizer=_tokenizer(host), tokenizer_2=_tokenizer(host), transformer=transformer,
    )  # fmt: skip


def _kontext(host: Path):
    import diffusers

    return diffusers.FluxKontextPipeline(**_flux(host).components)


def _unet(context: int, **more):
    import diffusers

    return diffusers.UNet2DConditionModel(
        sample_size=16, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(32, 64),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=context, attention_head_dim=4, norm_num_groups=8, **more,
    )  # fmt: skip


def _vae():
    import diffusers

    return diffusers.AutoencoderKL(
        block_out_channels=(8, 8, 8, 8), down_block_types=("DownEncoderBlock2D",) * 4, norm_num_groups=4,
        up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=1, latent_channels=4, sample_size=64,
    )  # fmt: skip


def _ddim():
    import diffusers

    return diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False
    )


def _clip(projected: bool = False):
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        hidden_size=32, intermediate_size=37, num_attention_heads=4, num_hidden_layers=2, vocab_size=49408,
        projection_dim=32, bos_token_id=0, eos_token_id=2, pad_token_id=1,
    )  # fmt: skip
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config)


def _tokenizer(host: Path):
    from transformers import CLIPTokenizer

    # Without the length it fills a prompt up to 8192 words.
    return CLIPTokenizer.from_pretrained(host / "comfy" / "sd1_tokenizer", model_max_length=77)
