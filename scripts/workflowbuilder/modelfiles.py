"""Models of other people that workflows name, and where their makers or the host's own templates keep them."""

from __future__ import annotations

from .graph import ModelFile

HUB = "https://huggingface.co"
STABLE_DIFFUSION = ModelFile(
    "v1-5-pruned-emaonly-fp16.safetensors",
    f"{HUB}/Comfy-Org/stable-diffusion-v1-5-archive/resolve/main/v1-5-pruned-emaonly-fp16.safetensors",
    "checkpoints",
)
KONTEXT = ModelFile(
    "flux1-dev-kontext_fp8_scaled.safetensors",
    f"{HUB}/Comfy-Org/flux1-kontext-dev_ComfyUI/resolve/main/split_files/diffusion_models/"
    "flux1-dev-kontext_fp8_scaled.safetensors",
    "diffusion_models",
)
CLIP_L = ModelFile(
    "clip_l.safetensors",
    f"{HUB}/comfyanonymous/flux_text_encoders/resolve/main/clip_l.safetensors",
    "text_encoders",
)
T5 = ModelFile(
    "t5xxl_fp8_e4m3fn_scaled.safetensors",
    f"{HUB}/comfyanonymous/flux_text_encoders/resolve/main/t5xxl_fp8_e4m3fn_scaled.safetensors",
    "text_encoders",
)
QWEN3_VL = ModelFile(
    "qwen3vl_4b_fp8_scaled.safetensors",
    f"{HUB}/Comfy-Org/Qwen3-VL/resolve/main/text_encoders/qwen3vl_4b_fp8_scaled.safetensors",
    "text_encoders",
)
KONTEXT_VAE = ModelFile(
    "ae.safetensors",
    f"{HUB}/Comfy-Org/Lumina_Image_2.0_Repackaged/resolve/main/split_files/vae/ae.safetensors",
    "vae",
)
