"""Positions for a batch of backgrounds and cut-outs, and what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ...errors import TroupeError
from ...progress import Progress, silent
from ..model import CompositingModel
from ..pairing import Pair
from .heatmap import heatmap_picture
from .predict import PositionSettings, Prediction, predict_positions
from .priors import Priors


def wishes(
    count: int, region: Tensor | None, occupied: Tensor | None, scale_range: tuple[float, float]
) -> list[Priors]:
    """What a person says about the place, for each of `count` pairs; masks `(B, H, W)` or `(H, W)`, one or `count`.

    Raises `TroupeError` for another number of masks.
    """

    def each(masks: Tensor | None, name: str) -> list[Tensor | None]:
        if masks is None or masks.ndim == 2:
            return [masks] * count
        if len(masks) not in (1, count):
            raise TroupeError(
                "The masks do not fit the pictures",
                item=f"{name}: {len(masks)} masks, and {count} pictures",
                remedy="Hand over one mask, or one for each picture.",
            )
        return list(masks.expand(count, -1, -1))

    pairs = zip(each(region, "region"), each(occupied, "occupied"), strict=True)
    return [Priors(*masks, scale_range) for masks in pairs]


def positions(
    model: CompositingModel,
    pairs: Sequence[Pair],
    priors: Sequence[Priors],
    settings: PositionSettings,
    progress: Progress = silent,
) -> list[Prediction]:
    """One prediction for each pair."""
    found = []
    for i, (pair, prior) in enumerate(zip(pairs, priors, strict=True)):
        progress(i, len(pairs), f"picture {i + 1}")
        found.append(predict_positions(model, pair.background, pair.foreground, prior, settings))
    return found


def heatmaps(pairs: Sequence[Pair], found: Sequence[Prediction]) -> Tensor:
    """`(B, H, W, 3)`: each background with its heat and boxes, all as large as the first."""
    from ...pixels import resized

    pictures = [
        heatmap_picture(pair.background, each.log_prob, each.candidates)
        for pair, each in zip(pairs, found, strict=True)
    ]
    height, width = pictures[0].shape[:2]
    return torch.stack([resized(picture, width, height) for picture in pictures])


def positions_report(found: Sequence[Prediction]) -> str:
    """A line for each picture and one for each of its boxes."""
    lines = []
    for number, prediction in enumerate(found, 1):
        lines.append(f"Picture {number}: {prediction.words}.")
        for rank, (candidate, box) in enumerate(zip(prediction.candidates, prediction.boxes, strict=True), 1):
            size = f"{box.size.width} x {box.size.height} at {box.left}, {box.top}"
            lines.append(f"  {rank}. {size}, probability {candidate.probability:.1%}")
    return "\n".join(lines)
