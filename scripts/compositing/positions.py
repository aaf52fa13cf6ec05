"""How well a model says where things stand, beside what can be known without looking at the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ...models.compositing.grid import (
    CELLS,
    SCALES,
    Cell,
    Frame,
    Position,
    cell_of,
    frame_of,
    position_of,
    relative_aspect,
    visible_share,
)
from ...models.compositing.measuring import floors
from ...models.compositing.measuring.likelihood import nll, rank_percentile, uniform_nll
from ...models.compositing.measuring.placement import (
    BEST_OF,
    best_iou,
    centre_distance,
    coverage,
    is_hit,
    is_same_scale,
)
from ...models.compositing.measuring.prior import Marginals
from ...models.compositing.measuring.table import OURS
from ...models.compositing.placing.predict import PositionSettings, Prediction
from ...models.compositing.placing.proposals import candidates, sampled
from ...models.geometry import Size
from .cases import Case
from .figures import Figure, Measure

UNIFORM, PRIOR, CENTRE, DRAWN = "uniform", "prior", "centre", "drawn"
SETTINGS = PositionSettings(k=BEST_OF)
SEED = 0
SEEDS = 5  # of the prior's draws, which are averaged
SAMPLES = 10  # boxes that try to cover all places of a scene
# Of the scales of positive placements in OPA (Liu et al. 2021), for a folder in which nothing else is known.
USUAL_SCALE = 0.37

NLL = Measure("position -log p, boxes inside the frame", "nats", "lower")
NLL_ALL = Measure("position -log p, all cells", "nats", "lower")
GAIN = Measure("position -log p below the prior's", "nats", "higher")
RANK = Measure("rank of the true cell", "share", "higher")
IOU = Measure("IoU, best of 1", "", "higher")
IOU_K = Measure(f"IoU, best of {BEST_OF}", "", "higher")
DISTANCE = Measure("distance of the centres", "diagonals", "lower")
SCALE = Measure("scale > 0.8", "share", "higher")
HIT = Measure("hits any place of its scene", "share", "higher")
COVERAGE = Measure(f"places of its scene found by {SAMPLES}", "share", "higher")
MEASURES = (NLL, NLL_ALL, GAIN, RANK, IOU, IOU_K, DISTANCE, SCALE, HIT, COVERAGE)


class Seen(NamedTuple):
    """What is kept of a case when its pixels are gone, with what the model said of it."""

    id: str
    scene: str
    category: str
    camera: bool
    box: Frame
    size: Size
    aspect: float
    position: Position
    cell: Cell
    nll: float
    uniform: float
    rank: float
    boxes: tuple[Frame, ...]
    samples: tuple[Frame, ...]


def seen(case: Case, prediction: Prediction) -> Seen:
    """`prediction`: with `SETTINGS`, for the case's background and foreground."""
    height, width = case.pixels.background.shape[:2]
    size, (tall, wide) = Size(width, height), case.pixels.foreground.shape[:2]
    aspect, position = relative_aspect(wide, tall, size), position_of(case.pixels.box, size)
    cell, log_prob = cell_of(position), prediction.log_prob
    generator = torch.Generator().manual_seed(SEED)
    drawn = sampled(log_prob, prediction.located.offsets[0], aspect, size, SAMPLES, 1.0, generator)
    said = (nll(log_prob, cell), uniform_nll(log_prob), rank_percentile(log_prob, cell))
    boxes = tuple(candidate.box for candidate in prediction.candidates)
    whose = (case.id, case.scene, case.category, case.camera, Frame(*map(float, case.pixels.box)))
    return Seen(*whose, size, aspect, position, cell, *said, boxes, tuple(c.box for c in drawn))


def position_figures(
    one: Seen, everyone: Sequence[Seen], known: Sequence[Position] | None, visible: float
) -> Iterator[Figure]:
    """`everyone`: all cases, whose other scenes the floors learn from where nothing is `known` from elsewhere.

    visible: the share of a box that the model wants inside the frame; the prior is given that rule, too.
    """
    known = list(dict.fromkeys(elsewhere(one, everyone) if known is None else known))
    prior = Marginals.fit(known)
    allowed = visible_share(torch.tensor([one.aspect]))[0] >= visible
    inside, anywhere = prior.log_prob(allowed), prior.log_prob()
    yield from _likelihoods(one, inside, anywhere)
    truths = truths_of(one, everyone)
    yield from _boxes(OURS, one, one.boxes, one.samples, truths)
    scale = floors.median_scale(known) if known else USUAL_SCALE
    centre = [frame_of(floors.image_centre(scale, one.aspect), one.aspect, one.size)]
    yield from _boxes(CENTRE, one, centre, centre, truths)
    yield from _boxes(PRIOR, one, *_picked(one, inside), truths)
    for seed in range(SEEDS):
        generator = torch.Generator().manual_seed(seed)
        drawn = [frame_of(p, one.aspect, one.size) for p in prior.draw(generator, SAMPLES, allowed)]
        yield from _boxes(DRAWN, one, drawn, drawn, truths)


def elsewhere(one: Seen, everyone: Iterable[Seen]) -> list[Position]:
    """Where things stand in the other scenes; of one scene alone, where the other things stand in it."""
    others = [other.position for other in everyone if other.scene != one.scene]
    return others or [other.position for other in everyone if other.id != one.id]


def truths_of(one: Seen, everyone: Iterable[Seen]) -> list[Frame]:
    """Every box in which the camera saw a thing of this kind; none where no camera stood still."""
    if not one.camera:
        return []
    mine = (one.scene, one.category, one.size)
    return [other.box for other in everyone if (other.scene, other.category, other.size) == mine]


def _likelihoods(one: Seen, inside: Tensor, anywhere: Tensor) -> Iterator[Figure]:
    known = nll(inside, one.cell)
    yield Figure(NLL, OURS, one.nll)
    yield Figure(NLL, UNIFORM, one.uniform)
    yield Figure(NLL, PRIOR, known)
    yield Figure(NLL_ALL, OURS, one.nll)
    yield Figure(NLL_ALL, UNIFORM, math.log(SCALES * CELLS * CELLS))
    yield Figure(NLL_ALL, PRIOR, nll(anywhere, one.cell))
    yield Figure(GAIN, OURS, known - one.nll)
    yield Figure(RANK, OURS, one.rank)
    yield Figure(RANK, PRIOR, rank_percentile(inside, one.cell))
    yield Figure(RANK, UNIFORM, 0.5)


def _picked(one: Seen, log_prob: Tensor) -> tuple[list[Frame], list[Frame]]:
    """The prior's boxes, chosen and drawn as the model's are: what is left of a difference is the picture's."""
    middle = torch.zeros(3, CELLS, CELLS)
    best = candidates(log_prob, middle, one.aspect, one.size, BEST_OF, nms_iou=SETTINGS.nms)
    drawn = sampled(log_prob, middle, one.aspect, one.size, SAMPLES, 1.0, torch.Generator().manual_seed(SEED))
    return [c.box for c in best], [c.box for c in drawn]


def _boxes(
    who: str, one: Seen, boxes: Sequence[Frame], samples: Sequence[Frame], truths: Sequence[Frame]
) -> Iterator[Figure]:
    yield Figure(IOU, who, best_iou(boxes, one.box, 1))
    yield Figure(IOU_K, who, best_iou(boxes, one.box))
    yield Figure(DISTANCE, who, centre_distance(boxes[0], one.box, one.size))
    yield Figure(SCALE, who, float(is_same_scale(boxes[0], one.box)))
    if truths:
        yield Figure(HIT, who, float(is_hit(boxes[0], truths)))
        yield Figure(COVERAGE, who, coverage(samples, truths))
