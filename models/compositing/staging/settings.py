"""What a person can choose when a set is staged."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import TroupeError
from ..composing.settings import ComposeSettings
from ..placing.predict import PositionSettings
from ..placing.priors import Priors


@dataclass(frozen=True)
class StageSettings:
    """per_sample: backgrounds for each picture. seed: each pair's own seed comes from it and the two names.

    colour, shadow, edge, steps: see `ComposeSettings`. mode, temperature: see `PositionSettings`; "sample" puts a
    character in several places of one background, "best" always in the best one.
    smallest, largest: of the character, the longer of its shares of the picture's width and height.
    keep_originals: the staged pictures come after their originals; otherwise they take their place.
    least_confidence: what the model must at least think of a place, in [0, 1]. It says nothing against pictures in
    which the character is cut off, because the cut alone decides where they go.
    """

    per_sample: int = 1
    seed: int = 0
    colour: float = 1.0
    shadow: float = 1.0
    edge: float = 1.0
    steps: int = 1
    mode: str = "best"
    temperature: float = 1.0
    smallest: float = 0.25
    largest: float = 1.0
    keep_originals: bool = True
    least_confidence: float = 0.0

    def __post_init__(self) -> None:
        if self.per_sample < 1:
            raise TroupeError(
                "Nothing would be staged", item=f"per_sample = {self.per_sample}", remedy="Use 1 or more."
            )
        if not 0 <= self.least_confidence <= 1:
            raise TroupeError("A confidence is out of range", item=f"{self.least_confidence:g}", remedy="Use 0 to 1.")
        Priors(scale_range=self.sizes)  # these check what they are given
        self.composing(0)
        self.placing(0)

    @property
    def sizes(self) -> tuple[float, float]:
        return self.smallest, self.largest

    def composing(self, seed: int) -> ComposeSettings:
        return ComposeSettings(self.colour, self.shadow, self.edge, self.steps, seed)

    def placing(self, seed: int) -> PositionSettings:
        return PositionSettings(temperature=self.temperature, mode=self.mode, seed=seed)
