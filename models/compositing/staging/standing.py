"""Where a cut-out goes: where the model says, with cut sides at the frame's own edge, where a photograph cuts, too."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import TroupeError
from ..grid import CELLS, Frame
from ..model import CompositingModel
from ..placing.predict import Prediction, predict_positions
from ..placing.priors import Priors
from ..seeing import size_of
from .cutouts import CutOut
from .settings import StageSettings

# A bust smaller than this share of the frame looks like somebody peeping over its edge.
LEAST_PART = 0.3
# Cut sides lie this share of the box beyond the edge, so that no seam of a soft border can be seen.
BEYOND = 0.01


class Standing(NamedTuple):
    box: Frame
    prediction: Prediction


def stand(model: CompositingModel, background: Tensor, thing: CutOut, settings: StageSettings, seed: int) -> Standing:
    """Raises `TroupeError` with the reason where the cut-out cannot go anywhere in the `(H, W, 3)` background."""
    priors = _priors(background, thing, settings.sizes)
    prediction = predict_positions(model, background, thing.foreground, priors, settings.placing(seed))
    return Standing(_at_the_edges(prediction.candidates[0].box, thing.cut, background), prediction)


def _priors(background: Tensor, thing: CutOut, sizes: tuple[float, float]) -> Priors:
    if not thing.cut:
        return Priors(scale_range=sizes)
    frame, own = size_of(background), size_of(thing.foreground)
    across, upright = {"left", "right"} <= thing.cut, {"top", "bottom"} <= thing.cut
    if across and upright:
        raise TroupeError("its picture cuts it off on all sides, so nothing of a background would be seen")
    wide, tall = own.width / frame.width, own.height / frame.height
    if (across and tall > wide) or (upright and wide > tall):
        sides, other = ("left and right", "tall") if across else ("top and bottom", "wide")
        raise TroupeError(f"it is cut off at {sides} and too {other} for this background")
    region = None
    if "bottom" in thing.cut:
        region = torch.zeros(CELLS, CELLS)
        region[-1] = 1
    if across or upright:
        return Priors(region=region, scale_range=(1.0, 1.0))
    smallest, largest = sizes
    return Priors(region=region, scale_range=(min(max(smallest, LEAST_PART), largest), largest))


def _at_the_edges(box: Frame, cut: frozenset[str], background: Tensor) -> Frame:
    """The box moved so that its cut sides lie just beyond the frame's; it only grows where both sides are cut."""
    height, width = background.shape[:2]
    scale = 1.0
    if {"left", "right"} <= cut:
        scale = width / box.width / (1 - 2 * BEYOND)
    elif {"top", "bottom"} <= cut:
        scale = height / box.height / (1 - 2 * BEYOND)
    wide, tall = box.width * scale, box.height * scale
    left, bottom = (box.left + box.right - wide) / 2, box.bottom
    if "left" in cut:
        left = -BEYOND * wide
    elif "right" in cut:
        left = width - wide * (1 - BEYOND)
    if "bottom" in cut:
        bottom = height + BEYOND * tall
    elif "top" in cut:
        bottom = tall * (1 - BEYOND)
    return Frame(left, bottom - tall, left + wide, bottom)
