"""A model that looks at pictures, of the open_clip family: real layers, and random weights that a seed decides."""

from __future__ import annotations

from ...models.captioning.openclip.captioner import OpenCLIPCaptioner
from ...models.captioning.openclip.clip import Clip
from ...models.captioning.openclip.preparing import Preprocess
from ...models.captioning.openclip.prompts import shipped_prompts

# As large as ViT-B/32 in nothing but its pictures: a batch of 16 takes a CPU some seconds with 12 layers.
SIDE = 224


def captioner(layers: int, batch: int) -> OpenCLIPCaptioner:
    """`layers`: of the image tower."""
    import open_clip
    import torch
    from open_clip.model import CLIP

    vision = {"image_size": SIDE, "layers": layers, "width": 384, "patch_size": 32, "head_width": 64}
    text = {"context_length": 24, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1}
    with torch.random.fork_rng():
        torch.random.default_generator.manual_seed(1)
        model = CLIP(64, vision, text).eval()
    tokens = open_clip.SimpleTokenizer(context_length=24)
    preprocess = Preprocess((0.5,) * 3, (0.5,) * 3)
    return OpenCLIPCaptioner(Clip(model, tokens, preprocess, shipped_prompts(), "toy", "toy", f"toy {layers}"), batch)
