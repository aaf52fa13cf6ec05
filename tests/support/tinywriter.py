"""The host's own Qwen3-VL in 1/500 of its size, with random weights, as a file that Load CLIP reads.

with pytest.MonkeyPatch.context() as patch:
    tinywriter.shrink(patch)            # while it is loaded too: the file does not tell sizes
    tinywriter.save(path)
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import torch

KIND = "qwen3vl_8b"  # what the host takes every Qwen3-VL for that is not 2560 wide
TEXT = {
    "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 1,
    "num_key_value_heads": 1, "lm_head": False,
}  # fmt: skip
SIGHT = {"hidden_size": 32, "intermediate_size": 32, "depth": 1, "deepstack_visual_indexes": [0]}


def shrink(patch) -> None:
    """`patch`: a MonkeyPatch; after it the host builds the small one."""
    from comfy.text_encoders import llama, qwen3vl

    patch.setitem(qwen3vl.QWEN3VL_CONFIGS, KIND, partial(llama.Qwen3VL_8BConfig, **TEXT))
    patch.setitem(qwen3vl.QWEN3VL_VISION, KIND, SIGHT)
    patch.setitem(qwen3vl.QWEN3VL_VISION_COMMON, "num_heads", 2)


def save(path: Path, seed: int = 0) -> Path:
    import comfy.sd
    from comfy.text_encoders import qwen3vl
    from safetensors.torch import save_file

    class Target:
        params: dict = {}
        clip = qwen3vl.te(model_type=KIND)
        tokenizer = qwen3vl.tokenizer(model_type=KIND)

    encoder = comfy.sd.CLIP(Target).cond_stage_model
    chance = torch.Generator().manual_seed(seed)
    weights = {}
    for name, value in encoder.state_dict().items():
        name = name.removeprefix(f"{KIND}.transformer.")
        name = f"model.{name}" if name.startswith("visual.") else name.replace("model.", "model.language_model.", 1)
        weights[name] = torch.randn(value.shape, generator=chance) * 0.1
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, path)
    return path
