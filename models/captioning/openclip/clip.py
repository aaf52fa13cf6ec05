"""An open_clip model with all that is needed to ask it: tokenizer, mean and deviation of its pictures, prompts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from torch import nn

from ...errors import TroupeError
from ...geometry import Size
from ...picturefiles import file_digest
from ...weightsfile import read_header
from .building import built, with_weights
from .foreign import require_clip
from .preparing import Preprocess
from .prompts import Prompts, read_prompts, shipped_prompts
from .tokenizing import Tokenizer, tokenizer_of

Precision = Literal["fp32", "fp16", "bf16"]
DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
INSTALL = 'Run "pip install open_clip_torch" in ComfyUI\'s Python and start ComfyUI again.'


class Source(NamedTuple):
    """What a model is made from. `config`: open_clip's `model_cfg`. `folder`: where a tokenizer of its own lies.
    `prompts`: a file that replaces the shipped ones if it is there."""

    weights: Path
    config: Mapping[str, Any]
    preprocess: Preprocess
    name: str
    architecture: str
    prompts: Path
    folder: Path | None = None


@dataclass(frozen=True)
class Clip:
    """`digest` names weights, configuration and precision; neither `name` nor `architecture` changes an answer."""

    model: nn.Module
    tokenize: Tokenizer
    preprocess: Preprocess
    prompts: Prompts
    name: str
    architecture: str
    digest: str

    @property
    def side(self) -> Size:
        """Of the pictures that the image tower takes."""
        side = self.model.visual.image_size
        height, width = side if isinstance(side, tuple | list) else (side, side)
        return Size(width, height)

    @property
    def writes(self) -> bool:
        """Whether it is a CoCa model with CLIP's own tokenizer, which writes sentences."""
        return hasattr(self.model, "text_decoder") and hasattr(self.tokenize, "sot_token_id")

    @property
    def bias(self) -> float | None:
        """Of a model that was trained with a sigmoid for each pair (SigLIP); None for any other."""
        bias = getattr(self.model, "logit_bias", None)
        return None if bias is None else float(bias.detach())


def load(source: Source, precision: Precision = "fp32", allow_download: bool = False) -> Clip:
    """The model on the CPU, ready to infer. Raises `TroupeError` with the file at fault and what to do."""
    shapes = read_header(source.weights).shapes
    require_clip(shapes, source.weights.name)
    tokenize = tokenizer_of(source.config["text_cfg"], source.folder, source.name, allow_download)
    model = built(source.config, source.name, allow_download)
    model = with_weights(model, source.weights, source.architecture, shapes).to(DTYPES[precision])
    prompts = read_prompts(source.prompts) if source.prompts.is_file() else shipped_prompts()
    story = json.dumps([source.config, source.preprocess, precision], sort_keys=True)
    digest = hashlib.sha256(f"{file_digest(source.weights)} {story}".encode()).hexdigest()
    return Clip(model, tokenize, source.preprocess, prompts, source.name, source.architecture, digest)


def require_open_clip() -> None:
    """Raises `TroupeError` with the command where open_clip is not installed."""
    try:
        import open_clip  # noqa: F401
    except ImportError as error:
        raise TroupeError("This captioner needs the package open_clip_torch", remedy=INSTALL) from error
