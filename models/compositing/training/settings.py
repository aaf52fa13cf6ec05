"""How a compositing model is trained."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Literal

from ...errors import TroupeError


@dataclass(frozen=True)
class Augment:
    """What happens to a group each time it is seen. Shares in [0, 1]; 0 turns a thing off.

    flip: share of mirrored groups. crop: share that is cropped around the object, to at least `least_crop`
    of each side. tint: strength of the change of the foreground's colours alone, which the composition
    network learns to undo. tone: strength of the change of all pictures together. soften: share of
    foregrounds that lose resolution. edge: share of foregrounds whose alpha is spoilt at the edge.
    room: least and most room around the box in the view. erase: share of backgrounds that the position network sees
    with patches blotted out, so that it cannot know a picture again by one spot of it (random erasing, Zhong et al.
    2020).
    """

    flip: float = 0.5
    crop: float = 0.5
    least_crop: float = 0.7
    tint: float = 1.0
    tone: float = 0.5
    soften: float = 0.5
    edge: float = 0.3
    room: tuple[float, float] = (1.6, 2.6)
    erase: float = 0.0


PLAIN = Augment(flip=0, crop=0, tint=0, tone=0, soften=0, edge=0, room=(2.0, 2.0))


@dataclass(frozen=True)
class TrainSettings:
    """`steps` is the limit; convergence may stop earlier, looked for every `evaluate_every` steps.

    position_first: share of the steps in which only the position is learnt. position_weight,
    composition_weight: of the two normalised losses in the total. effect_weight: how much heavier the
    effect region weighs than the rest of the view. pure_noise: share of examples at the last timestep, where
    inference begins and, in one step, ends. drop_fused, drop_place: share of examples whose
    auxiliary information is withheld. sigma, sigma_scale: smear of the position target in cells and scale
    steps. precision: of the forward pass. schedule: of the learning rate after its warm-up.
    """

    steps: int = 2000
    batch: int = 8
    rate: float = 4e-4
    decay: float = 0.05
    warmup: int = 50
    schedule: Literal["constant", "cosine"] = "constant"
    seed: int = 0
    evaluate_every: int = 100
    holdout: float = 0.2
    position_first: float = 0.1
    position_weight: float = 1.0
    composition_weight: float = 1.0
    effect_weight: float = 6.0
    pure_noise: float = 0.25
    drop_fused: float = 0.1
    drop_place: float = 0.1
    sigma: float = 1.5
    sigma_scale: float = 0.7
    ema: float = 0.998
    tolerance: float = 0.005
    patience: int = 3
    precision: Literal["float32", "bfloat16"] = "float32"
    augment: Augment = Augment()

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "evaluate_every", "patience"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("rate", "effect_weight", "sigma", "sigma_scale"):
            _require(0 < getattr(self, name) < math.inf, name, getattr(self, name), "above 0")
        for name in ("decay", "warmup", "position_weight", "composition_weight", "tolerance"):
            _require(0 <= getattr(self, name) < math.inf, name, getattr(self, name), "0 or more")
        for name in ("holdout", "position_first", "pure_noise", "drop_fused", "drop_place", "ema"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "0 to 1")

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def _require(holds: bool, name: str, value: float, limits: str) -> None:
    if not holds:
        raise TroupeError("A training setting is out of range", item=f"{name} = {value}", remedy=f"Use {limits}.")
