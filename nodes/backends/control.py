"""What keeps a drawn picture in its lines: a ControlNet that looks at the source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torch import Tensor

from ...models.restyling.controlling import AS_IT_IS, EDGES, HIGH, LOW
from ...models.samples.store import store_key
from .fingerprint import fingerprint


@dataclass(frozen=True)
class Control:
    """`net`: a CONTROL_NET. `strength`, `start`, `end`: as on the host's Apply ControlNet; `low`, `high`: as on its
    Canny. `looks_at`: EDGES or AS_IT_IS."""

    net: Any
    strength: float = 1.0
    start: float = 0.0
    end: float = 1.0
    looks_at: str = EDGES
    low: float = LOW
    high: float = HIGH

    @cached_property
    def identity(self) -> str:
        edges = (self.low, self.high) if self.looks_at == EDGES else ()
        return store_key(self.strength, self.start, self.end, self.looks_at, edges, fingerprint(self.net))

    def applied(self, positive: list, negative: list, canvas: Tensor, vae: Any) -> tuple[list, list]:
        """Both conditionings with the net on them. `canvas`: `(1, H, W, 3)`."""
        from nodes import ControlNetApplyAdvanced

        apply = ControlNetApplyAdvanced().apply_controlnet
        return apply(positive, negative, self.net, self._hint(canvas), self.strength, self.start, self.end, vae=vae)

    def _hint(self, canvas: Tensor) -> Tensor:
        if self.looks_at == AS_IT_IS:
            return canvas
        from comfy_extras.nodes_canny import Canny

        return Canny.execute(canvas, self.low, self.high).args[0]
