"""Given a background and a cut-out: where it goes, as boxes with probabilities, and whether that place is any good."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...errors import TroupeError
from ...geometry import Box
from ..grid import relative_aspect
from ..locating import located_in
from ..model import CompositingModel
from ..networks.position import Located
from ..seeing import size_of
from .confidence import NO_GOOD_PLACE, confidence, place_of
from .priors import ANYWHERE, Priors, apply
from .proposals import Candidate, candidates, sampled

MODES = ("best", "sample")


@dataclass(frozen=True)
class PositionSettings:
    """k: boxes wanted. temperature: above 1 dares more, below 1 less. mode: the best, or drawn with `seed`.

    nms: boxes that overlap by more than this count as one.
    """

    k: int = 1
    temperature: float = 1.0
    mode: str = "best"
    seed: int = 0
    nms: float = 0.5

    def __post_init__(self) -> None:
        for name, value, fits, rule in (
            ("k", self.k, self.k >= 1, "Ask for one box at least."),
            ("temperature", self.temperature, 0.01 <= self.temperature <= 100, "Choose from 0.01 to 100."),
            ("mode", self.mode, self.mode in MODES, f"Choose one of {', '.join(MODES)}."),
            ("nms", self.nms, 0.05 <= self.nms <= 0.95, "Choose from 0.05 to 0.95."),
        ):
            if not fits:
                raise TroupeError(f"{value} is no setting for {name}", remedy=rule)


BEST = PositionSettings()


@dataclass(frozen=True, eq=False)
class Prediction:
    """Where it goes. candidates: the best first, or as drawn. confidence: in [0, 1], of the first.

    log_prob: `(SCALES, CELLS, CELLS)`, after the person's wishes. located: what the network said, a batch of one;
    its fused feature goes on to the composition network.
    """

    candidates: tuple[Candidate, ...]
    confidence: float
    log_prob: Tensor
    located: Located

    @property
    def good(self) -> bool:
        return self.confidence >= NO_GOOD_PLACE

    @property
    def boxes(self) -> tuple[Box, ...]:
        """In whole pixels; they may leave the frame a little."""
        return tuple(candidate.box.rounded() for candidate in self.candidates)

    @property
    def words(self) -> str:
        """One line for the artist."""
        first = self.candidates[0]
        found = f"{'a good place' if self.good else 'no good place'} (confidence {self.confidence:.0%})"
        return f"{found}; the first of {len(self.candidates)} has probability {first.probability:.1%}"


def predict_positions(
    model: CompositingModel,
    background: Tensor,
    foreground: Tensor,
    priors: Priors = ANYWHERE,
    settings: PositionSettings = BEST,
) -> Prediction:
    """`(H, W, 3)` and `(h, w, 4)`, as `inputs.checked_background` and `checked_foreground` return them.

    The foreground's edges become the boxes' edges. Same inputs and settings, same answer.
    Raises `NothingLeft` where the priors leave no place.
    """
    size, thing = size_of(background), size_of(foreground)
    aspect = relative_aspect(thing.width, thing.height, size)
    located = located_in(model, background, foreground)
    seen = located.log_prob()[0].cpu()
    log_prob = apply(seen, priors, aspect)
    given = (log_prob, located.offsets[0], aspect, size, settings.k, settings.temperature)
    if settings.mode == "sample":
        generator = torch.Generator().manual_seed(settings.seed)
        found = sampled(*given, generator, settings.nms, priors.scale_range)
    else:
        found = candidates(*given, settings.nms, priors.scale_range)
    unseen = prior_log_prob(model, seen)
    return Prediction(found, confidence(seen, unseen, place_of(found[0].position, aspect)), log_prob, located)


def prior_log_prob(model: CompositingModel, log_prob: Tensor) -> Tensor:
    """What the network says without looking, over the cells that are possible in `log_prob`; same shape."""
    prior = model.position.prior().detach().to("cpu", torch.float32).masked_fill(~torch.isfinite(log_prob), -torch.inf)
    return prior.flatten().log_softmax(0).view_as(log_prob)
