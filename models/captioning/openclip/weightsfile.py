"""A file of weights looked at before it is loaded: whether it is whole, and whether it is a CLIP model at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from ...errors import TroupeError

Shapes = Mapping[str, tuple[int, ...]]

CHOOSE = "Choose a CLIP, SigLIP or CoCa model of open_clip"
# What people put into the wrong folder, told by the names of the tensors; the first that fits is named.
FOREIGN: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("a LoRA", lambda name: ".lora_" in name or "lora_up" in name or "lora_down" in name),
    ("a Stable Diffusion checkpoint", lambda name: name.startswith("model.diffusion_model.")),
    ("a diffusion model", lambda name: name.startswith(("double_blocks.", "input_blocks.", "transformer_blocks."))),
    ("a VAE", lambda name: name.startswith(("first_stage_model.", "decoder.up", "decoder.mid"))),
    ("a CLIP model in the layout of transformers", lambda name: name.startswith(("text_model.", "vision_model."))),
)
PAGE = (b"<!doctype", b"<html", b"<?xml")
POINTER = b"version https://git-lfs"


def weight_shapes(path: Path) -> Shapes:
    """Names and shapes of the tensors, from the file's header. Raises `TroupeError` where there are none."""
    from safetensors import SafetensorError, safe_open

    if path.suffix != ".safetensors":
        remedy = "Other formats can run code when opened; look for the same model as .safetensors."
        raise TroupeError("Only .safetensors files are loaded", item=path.name, remedy=remedy)
    _refuse_text(path)
    try:
        with safe_open(path, "pt") as file:
            return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
    except (SafetensorError, OSError, ValueError) as error:
        raise TroupeError(
            "This model file is damaged or cut off", item=path.name, remedy=f"Download it again ({error})."
        ) from error


def require_clip(names: Collection[str], item: str) -> None:
    """Raises `TroupeError` that says what the file is instead."""
    if "logit_scale" in names and any(name.startswith(("visual.", "image_encoder.")) for name in names):
        return
    for what, fits in FOREIGN:
        if any(map(fits, names)):
            raise TroupeError(f"This is {what}, not a captioner's model", item=item, remedy=f"{CHOOSE}.")
    remedy = f"{CHOOSE}; it has a tensor logit_scale, this file begins with {next(iter(sorted(names)), 'none')}."
    raise TroupeError("This is not a model of open_clip", item=item, remedy=remedy)


def _refuse_text(path: Path) -> None:
    """A download page or a pointer of Git LFS, saved under the name of the model."""
    try:
        with open(path, "rb") as file:
            start = file.read(256).lstrip().lower()
    except OSError as error:
        remedy = f"{error.strerror or error}."
        raise TroupeError("This model file cannot be read", item=path.name, remedy=remedy) from error
    if start.startswith((*PAGE, POINTER)):
        what = "a Git LFS pointer" if start.startswith(POINTER) else "a web page"
        remedy = "Use the site's own download button, or its command line tool, and check the size of the file."
        raise TroupeError(f"This is {what}, saved under the name of a model", item=path.name, remedy=remedy)
