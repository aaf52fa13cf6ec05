"""The kinds of base model that a LoRA is trained for: the size, the captions and the steps that suit them."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import TroupeError
from .captions import PLAIN_LIMIT


class Family(NamedTuple):
    """`tokens`: of a caption, beyond which it is cut. `step_range`: what is usual, of which `steps` is where to begin;
    `source`: who says so."""

    name: str
    resolution: int
    tokens: int
    steps: int
    step_range: tuple[int, int]
    source: str


# "A good starting point is around 10 epochs or around 2000 steps": the Colab trainers of hollowstrawberry. They want
# pictures x repeats between 200 and 400 (SD 1.5), about 100 (SDXL): ten epochs of that, at batch 2 and batch 1, are the
# ends of the range. Flux: ai-toolkit's example job (train_lora_flux_24gb.yaml): 2000, "500 - 4000 is a good range"; its
# T5 reads 512 tokens.
FAMILIES = (
    Family("SD 1.5", 512, PLAIN_LIMIT, 2000, (1000, 4000), "hollowstrawberry's trainer"),
    Family("SDXL", 1024, PLAIN_LIMIT, 2000, (1000, 4000), "hollowstrawberry's trainer"),
    Family("Flux and other flow models", 1024, 512, 2000, (500, 4000), "ai-toolkit's example"),
)


def find_family(name: str) -> Family:
    for family in FAMILIES:
        if family.name == name:
            return family
    choices = ", ".join(f.name for f in FAMILIES)
    raise TroupeError("Unknown family of models", item=repr(name), remedy=f"Choose one of: {choices}.")
