"""Given a background and several cut-outs: a place for each, none of which takes another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from ...geometry import Size
from ...progress import Progress, silent
from ...samples.seeds import sample_seed
from ..grid import Frame
from ..model import CompositingModel
from ..seeing import size_of
from ..view import placed
from .predict import BEST, PositionSettings, Prediction, predict_positions
from .priors import ANYWHERE, COUNTED, NothingLeft, Priors


@dataclass(frozen=True, eq=False)
class Placed:
    """The foreground at `index` has its place: the first candidate of `prediction`."""

    index: int
    prediction: Prediction

    @property
    def box(self) -> Frame:
        return self.prediction.candidates[0].box


@dataclass(frozen=True)
class NoRoom:
    """The foreground at `index` found no place, and why, in words for the artist."""

    index: int
    reason: str


@dataclass(frozen=True, eq=False)
class Arrangement:
    """placed: the farthest first, so paste them in this order. left_over: what found no place."""

    placed: tuple[Placed, ...]
    left_over: tuple[NoRoom, ...] = ()


def place_several(
    model: CompositingModel,
    background: Tensor,
    foregrounds: Sequence[Tensor],
    priors: Priors = ANYWHERE,
    settings: PositionSettings = BEST,
    progress: Progress = silent,
) -> Arrangement:
    """One after another in the order given; each finds the silhouettes of those before it taken.

    `(H, W, 3)` and `(h, w, 4)` each, as for `predict_positions`. What touches the ground lower in the picture
    stands nearer. A foreground without a place is left over, and the rest goes on.
    """
    size, taken = size_of(background), _layers(priors.occupied)
    found: list[Placed] = []
    left_over: list[NoRoom] = []
    for index, foreground in enumerate(foregrounds):
        progress(index, len(foregrounds), f"foreground {index + 1}")
        own = replace(settings, seed=sample_seed(settings.seed, str(index)))
        wishes = replace(priors, occupied=torch.stack(taken) if taken else None)
        try:
            prediction = predict_positions(model, background, foreground, wishes, own)
        except NothingLeft as error:
            left_over.append(NoRoom(index, str(error)))
            continue
        found.append(Placed(index, prediction))
        taken.append(silhouette(foreground, found[-1].box, size))
    return Arrangement(tuple(sorted(found, key=lambda each: each.box.bottom)), tuple(left_over))


def silhouette(foreground: Tensor, box: Frame, size: Size) -> Tensor:
    """`(COUNTED, COUNTED)` in [0, 1]: the alpha of `(h, w, 4)` in its box, the frame stretched to a square."""
    frame = Frame(0, 0, *size)
    return placed(foreground.permute(2, 0, 1), box, frame, COUNTED)[3]  # HWC -> CHW


def _layers(occupied: Tensor | None) -> list[Tensor]:
    """One small mask a thing, so that many things on a large background need no memory."""
    if occupied is None:
        return []
    layers = occupied if occupied.ndim == 3 else occupied[None]
    return list(F.adaptive_avg_pool2d(layers.float(), COUNTED))
