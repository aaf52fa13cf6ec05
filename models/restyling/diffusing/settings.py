"""What a Diffusers Stylizer is told: which files, and how to draw with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ...errors import TroupeError
from ..controlling import EDGES
from ..region import WHOLE
from .schedulers import OWN


class Lora(NamedTuple):
    file: Path
    weight: float


@dataclass(frozen=True)
class Files:
    """`model`: a pipeline's folder, or a .safetensors file; for a file, `config` is a folder of the same kind of
    pipeline, of which only the small files are read. `control_net`: a folder, or None."""

    model: Path
    config: Path | None = None
    control_net: Path | None = None
    loras: tuple[Lora, ...] = ()

    @property
    def all(self) -> list[Path]:
        return [p for p in (self.model, self.config, self.control_net, *(lora.file for lora in self.loras)) if p]


@dataclass(frozen=True)
class DrawingSettings:
    """`strength` in [0, 1] is scaled by the styles' own. `scheduler`: a name in SCHEDULERS. `region`: `../region.py`.
    `control_sees`: see `../controlling.py`. `precision`: float32, float16 or bfloat16."""

    steps: int = 30
    guidance: float = 7.0
    strength: float = 0.6
    scheduler: str = OWN
    region: str = WHOLE
    positive: str = ""
    negative: str = ""
    control_scale: float = 0.8
    control_sees: str = EDGES
    precision: str = "float32"
    vae_tiling: bool = False


def read_loras(text: str) -> tuple[tuple[str, float], ...]:
    """Lines `name.safetensors = 0.8`; without a number the weight is 1. Raises `TroupeError` for any other line."""
    loras = []
    for number, line in enumerate(text.splitlines(), 1):
        name, sign, weight = line.rpartition("=") if "=" in line else (line, "", "1")
        if not line.strip():
            continue
        try:
            loras.append((name.strip(), float(weight)))
        except ValueError:
            name = ""
        if not name.strip():
            raise TroupeError(
                f"Line {number} of the LoRAs cannot be read",
                item=line.strip(),
                remedy="Write it as: name.safetensors = 0.8",
            )
    return tuple(loras)
