"""A picture whose style is to be taken over: the host's style models turn it into words for the model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...models.errors import TroupeError
from ...models.samples.store import store_key
from .fingerprint import fingerprint


@dataclass(frozen=True)
class Reference:
    """`style_model`: a STYLE_MODEL (Flux Redux, a style adapter). `seen`: a CLIP_VISION_OUTPUT of the picture.
    `strength`: as on the host's Apply Style Model."""

    style_model: Any
    seen: Any
    strength: float = 1.0

    @cached_property
    def identity(self) -> str:
        return store_key(self.strength, fingerprint(self.style_model, self.seen))

    def applied(self, conditioning: list) -> list:
        from nodes import StyleModelApply

        apply = StyleModelApply().apply_stylemodel
        return apply(conditioning, self.style_model, self.seen, self.strength, "multiply")[0]


def reference_of(style_model: Any, seen: Any, strength: float) -> Reference | None:
    """None without both; raises `TroupeError` for one alone, which would do nothing."""
    if style_model is None and seen is None:
        return None
    if style_model is None or seen is None:
        there, missing = ("CLIP vision output", "style model") if style_model is None else ("style model", "picture")
        raise TroupeError(
            f"A {there} is wired and no {missing}",
            remedy="Wire style_model (Load Style Model) and clip_vision_output (CLIP Vision Encode) together.",
        )
    return Reference(style_model, seen, strength)
