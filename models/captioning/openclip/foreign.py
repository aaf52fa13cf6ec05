"""Whether weights are those of a CLIP model, and what they are instead."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ...errors import TroupeError
from ...weightsfile import is_lora

CHOOSE = "Choose a CLIP, SigLIP or CoCa model of open_clip"
# What people put into the wrong folder, told by the names of the tensors; the first that fits is named.
FOREIGN: tuple[tuple[str, Callable[[Collection[str]], bool]], ...] = (
    ("a LoRA", is_lora),
    ("a Stable Diffusion checkpoint", lambda names: _begins(names, "model.diffusion_model.")),
    ("a diffusion model", lambda names: _begins(names, "double_blocks.", "input_blocks.", "transformer_blocks.")),
    ("a VAE", lambda names: _begins(names, "first_stage_model.", "decoder.up", "decoder.mid")),
    ("a CLIP model in the layout of transformers", lambda names: _begins(names, "text_model.", "vision_model.")),
)


def require_clip(names: Collection[str], item: str) -> None:
    """Raises `TroupeError` that says what the file is instead."""
    if "logit_scale" in names and any(name.startswith(("visual.", "image_encoder.")) for name in names):
        return
    for what, fits in FOREIGN:
        if fits(names):
            raise TroupeError(f"This is {what}, not a captioner's model", item=item, remedy=f"{CHOOSE}.")
    remedy = f"{CHOOSE}; it has a tensor logit_scale, this file begins with {next(iter(sorted(names)), 'none')}."
    raise TroupeError("This is not a model of open_clip", item=item, remedy=remedy)


def _begins(names: Collection[str], *beginnings: str) -> bool:
    return any(name.startswith(beginnings) for name in names)
