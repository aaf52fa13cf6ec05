"""What a person can choose about a composite: how strong each change is, and how it is denoised."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import TroupeError
from .effect import Strength

# Twice the predicted change is a caricature already.
MOST = 2.0
# More steps than this change nothing that can be seen; the schedule has 1000.
MOST_STEPS = 100


@dataclass(frozen=True)
class ComposeSettings:
    """colour: of the change inside the foreground, 0 to 2, 1 = as predicted. shadow: of shadow and light outside.
    edge: of the correction of the alpha's border. All 0 is the plain paste. steps: of denoising. seed: of the noise.
    """

    colour: float = 1.0
    shadow: float = 1.0
    edge: float = 1.0
    steps: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for name in Strength._fields:
            value = getattr(self, name)
            if not (math.isfinite(value) and 0 <= value <= MOST):
                raise TroupeError("A strength is out of range", item=f"{name} = {value}", remedy=f"Use 0 to {MOST:g}.")
        if not 1 <= self.steps <= MOST_STEPS:
            remedy = f"Use 1 to {MOST_STEPS}."
            raise TroupeError("The number of denoising steps is out of range", item=str(self.steps), remedy=remedy)

    @property
    def strength(self) -> Strength:
        return Strength(self.colour, self.shadow, self.edge)
