"""An open_clip model from its configuration and a file of weights."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ...errors import TroupeError
from ...weightsfile import Shapes
from .architecture import fitting_architectures
from .hub import hub_folder


def built(config: Mapping[str, Any], name: str, allow_download: bool) -> nn.Module:
    """The model in float32 on the CPU, its weights still drawn at random, from a generator of its own.

    open_clip's `create_model` does the same from names alone, and fetches what a tower of transformers lacks.
    """
    import open_clip

    config = deepcopy(dict(config))
    vision, text = config["vision_cfg"], config["text_cfg"]
    if "timm_model_name" in vision:
        vision["timm_model_pretrained"] = False
    if "hf_model_name" in text:
        text["hf_model_pretrained"] = False
        size = "a few kilobytes: only its configuration is read"
        text["hf_model_name"] = str(hub_folder(text["hf_model_name"], ("config.json",), allow_download, size))
    custom = config.pop("custom_text", False) or "hf_model_name" in text
    kind = open_clip.CLIP if not custom else open_clip.CoCa if "multimodal_cfg" in config else open_clip.CustomTextCLIP
    try:
        with torch.random.fork_rng(devices=[]):
            return kind(**config)
    except (TypeError, ValueError, KeyError, RuntimeError, AssertionError) as error:
        remedy = f"Install the open_clip_torch that it was made for ({error})."
        raise TroupeError("This configuration gives no model", item=name, remedy=remedy) from error


def size_in_words(config: Mapping[str, Any]) -> str:
    """Of the weights in float32, counted without making them."""
    if "hf_model_name" in config["text_cfg"]:
        return "its page tells the size"
    with torch.device("meta"):
        parts = built(config, "", allow_download=False).parameters()
    return f"about {4 * sum(p.numel() for p in parts) / 1e9:.1f} GB"


def with_weights(model: nn.Module, weights: Path, architecture: str, shapes: Shapes) -> nn.Module:
    """The same model with the weights of the file; raises `TroupeError` where they do not fit it."""
    import open_clip

    try:
        open_clip.load_checkpoint(model, str(weights), strict=True)
    except (RuntimeError, KeyError, ValueError, IndexError, AttributeError, AssertionError) as error:
        fitting = fitting_architectures(shapes)
        better = f"They fit {', '.join(fitting[:3])}." if fitting else "Choose the architecture they were made for."
        first = next((line.strip() for line in str(error).splitlines()[1:] if line.strip()), str(error))
        raise TroupeError(
            f"These weights do not fit the architecture {architecture}",
            item=weights.name,
            remedy=f"{better} (First difference: {first[:200]})",
        ) from error
    if bad := next((name for name, value in model.state_dict().items() if not torch.isfinite(value).all()), ""):
        remedy = "Download the file again."
        raise TroupeError(f"The weights hold values that are not numbers ({bad})", item=weights.name, remedy=remedy)
    return model.eval()
