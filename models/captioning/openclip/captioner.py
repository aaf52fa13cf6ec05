"""The captioner on any model of open_clip: CLIP, SigLIP or CoCa."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from ...pixels import Picture
from ...samples.sample import Sample
from ...samples.store import Store
from ..protocol import Observation
from .answers import answers
from .clip import Clip
from .preparing import prepared
from .textmatrix import kept_text_matrix, text_matrix
from .writing import as_sentence, write_sentences

# Raise it when the same model sees other things in the same picture.
VERSION = 1


@dataclass(frozen=True)
class OpenCLIPCaptioner:
    """Satisfies `protocol.Captioner`. `strictness`: 0 as calibrated, above it says less and is surer.

    `at_hand()` gives the model on the device where it computes; without it the model stays where it is. `store` keeps
    the prompts' vectors from one run to the next.
    """

    clip: Clip
    batch: int = 16
    strictness: float = 0.0
    store: Store | None = None
    at_hand: Callable[[], nn.Module] | None = None

    @property
    def identity(self) -> str:
        settings = {"weights": self.clip.digest, "prompts": self.clip.prompts.digest, "strictness": self.strictness}
        return f"open_clip {VERSION} {json.dumps(settings)}"

    def observe(self, pictures: Sequence[Picture], samples: Sequence[Sample]) -> Sequence[Observation]:
        return [seen for part in self._parts(pictures) for seen in self._observed(part)]

    def embed(self, pictures: Sequence[Picture]) -> Tensor:
        """`(n, d)` float32 unit vectors: two pictures of like things have a like direction."""
        with torch.inference_mode():
            seen = [self._seen(self._model(), part)[0] for part in self._parts(pictures)]
        return torch.cat(seen) if seen else torch.empty(0, 0)

    def _observed(self, pictures: Sequence[Picture]) -> list[Observation]:
        with torch.inference_mode():
            model = self._model()
            vectors, written = self._seen(model, pictures)
            logits = model.logit_scale.exp().float().cpu() * vectors @ self._text.T
            found = answers(logits, self.clip.prompts, self.strictness, self.clip.bias)
        return [Observation(features, sentence) for features, sentence in zip(found, written, strict=True)]

    def _seen(self, model: nn.Module, pictures: Sequence[Picture]) -> tuple[Tensor, list[str]]:
        """Unit vectors `(B, d)`, and a sentence for each picture: "" from a model that writes none."""
        batch = prepared(pictures, self.clip.side, self.clip.preprocess, next(model.parameters()))
        if not self.clip.writes:
            return model.encode_image(batch, normalize=True).float().cpu(), [""] * len(pictures)
        seen = model(batch)
        return seen["image_features"].float().cpu(), self._written(model, seen["image_features"], seen["image_embs"])

    def _written(self, model: nn.Module, latent: Tensor, tokens: Tensor) -> list[str]:
        tokenizer = self.clip.tokenize
        marks = tokenizer.sot_token_id, tokenizer.eot_token_id
        rows = write_sentences(model, latent, tokens, marks).cpu()
        return [as_sentence(row, marks, tokenizer.decode) for row in rows]

    def _model(self) -> nn.Module:
        return self.at_hand() if self.at_hand else self.clip.model

    def _parts(self, pictures: Sequence[Picture]) -> list[Sequence[Picture]]:
        return [pictures[i : i + self.batch] for i in range(0, len(pictures), self.batch)]

    @cached_property
    def _text(self) -> Tensor:
        def make() -> Tensor:
            return text_matrix(self.clip.prompts, self._model(), self.clip.tokenize)

        return kept_text_matrix(self.store, (self.clip.digest, self.clip.prompts.digest), make)
