"""A text model of the host that looks at pictures, asked as the host's own Generate Text asks it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from ...models.errors import TroupeError

SUITABLE = "Load a vision-language model with Load CLIP, e.g. Qwen3-VL, Qwen2.5-VL or Gemma."
# Values of a tensor that its digest is made of: enough to tell two trainings apart, without reading gigabytes.
PROBED = 16


@dataclass(frozen=True)
class HostedWriter:
    """Satisfies `models.captioning.visionlanguage.captioner.Model`. `temperature`: of the answers after the first."""

    clip: Any
    max_length: int = 256
    temperature: float = 0.7

    hears_cancel = True  # the host's bar asks at every word

    @cached_property
    def identity(self) -> str:
        settings = json.dumps([self.max_length, self.temperature])
        return hashlib.sha256(f"{_weights_digest(self.clip)} {settings}".encode()).hexdigest()

    def answer(self, question: str, pixels: torch.Tensor, seed: int | None) -> str:
        tokens = self.clip.tokenize(
            question, image=pixels[None], skip_template=False, min_length=1, thinking=False, video=None, audio=None
        )
        _require_sight(tokens)
        written = self.clip.generate(
            tokens,
            do_sample=seed is not None,
            max_length=self.max_length,
            temperature=self.temperature,
            top_k=64,
            top_p=0.95,
            min_p=0.05,
            repetition_penalty=1.05,
            presence_penalty=0.0,
            seed=seed,
        )
        return self.clip.decode(written)


def require_writer(clip: Any) -> None:
    """Raises `TroupeError` for a text encoder that cannot write: most of those that pictures are made with."""
    inner = clip.cond_stage_model
    encoder = getattr(inner, getattr(inner, "clip", ""), inner)
    if not hasattr(getattr(encoder, "transformer", encoder), "generate"):
        named = ", ".join((type(inner).__name__, *_files_of(clip)))
        raise TroupeError("This CLIP cannot write text", item=named, remedy=SUITABLE)


def _files_of(clip: Any) -> tuple[str, ...]:
    """The names of the files that the host read it from, as far as it remembers them."""
    _, arguments = getattr(getattr(clip, "patcher", None), "cached_patcher_init", None) or (None, ())
    paths = arguments[0] if arguments and isinstance(arguments[0], list) else ()
    return tuple(os.path.basename(str(path)) for path in paths)


def _require_sight(tokens: dict) -> None:
    """A model that looks has the picture among its tokens; any other would describe what it never saw."""
    if not any(isinstance(token[0], dict) for rows in tokens.values() for row in rows for token in row):
        raise TroupeError("This text model does not look at pictures", remedy=SUITABLE)


def _weights_digest(clip: Any) -> str:
    digest = hashlib.sha256()
    for name, value in sorted(clip.cond_stage_model.named_parameters()):
        digest.update(f"{name} {tuple(value.shape)} {value.dtype}".encode())
        try:
            flat = value.detach().reshape(-1)
            probe = flat[:: max(1, len(flat) // PROBED)][:PROBED].to("cpu", torch.float32)
        except (RuntimeError, NotImplementedError, TypeError):  # a packed kind of number; its neighbours are not
            continue
        digest.update(probe.numpy().tobytes())
    if clip.patcher.patches:  # a LoRA on it, which the host names anew whenever it is put on
        digest.update(str(clip.patcher.patches_uuid).encode())
    return digest.hexdigest()
