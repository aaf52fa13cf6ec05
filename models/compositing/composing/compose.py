"""From a background, a cut-out and its box to the composite; one, many, the best of several, one before another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import TroupeError
from ...progress import Progress, silent
from ..grid import Frame
from ..model import CompositingModel
from ..networks.composition import View
from ..networks.position import Located, PositionInput
from ..seeing import position_input, size_of
from .carry import carry
from .plausibility import plausibilities, rank
from .predict import Placing, Predicted, predict_fields
from .settings import ComposeSettings
from .warp import covered


class Composed(NamedTuple):
    """image, mask, effect: see `Carried`. box: where the thing stands. plausibility: in nats, higher is better,
    comparable among the candidates for one background and cut-out."""

    image: Tensor
    mask: Tensor
    box: Frame
    effect: Tensor
    plausibility: float


class Thing(NamedTuple):
    """A cut-out `(h, w, 4)` and the box that it goes into."""

    foreground: Tensor
    box: Frame


def compose(
    model: CompositingModel,
    background: Tensor,
    foreground: Tensor,
    box: Frame,
    located: Located,
    settings: ComposeSettings,
    progress: Progress = silent,
) -> Composed:
    """The cut-out `(h, w, 4)` in its box on the background `(H, W, 3)`; `located` is a batch of one."""
    return next(compose_many(model, [Placing(background, foreground, box, located)], settings, progress))


def compose_many(
    model: CompositingModel, placings: Sequence[Placing], settings: ComposeSettings, progress: Progress = silent
) -> Iterator[Composed]:
    """Composites in the order of `placings`, whose sizes may differ. The networks run at once, before the first; each
    picture is made when it is asked for. Raises `TroupeError` for a cut-out in which nothing can be seen, or a box that
    misses its background."""
    predicted, plausible = _judged(model, placings, settings, progress)
    return _carried(placings, predicted, plausible, settings, range(len(placings)))


def compose_candidates(
    model: CompositingModel,
    background: Tensor,
    foreground: Tensor,
    boxes: Sequence[Frame],
    located: Located,
    settings: ComposeSettings,
    progress: Progress = silent,
) -> Iterator[Composed]:
    """One cut-out in each of `boxes`, the most plausible composite first; each is made when it is asked for."""
    placings = [Placing(background, foreground, box, located) for box in boxes]
    predicted, plausible = _judged(model, placings, settings, progress)
    return _carried(placings, predicted, plausible, settings, rank(plausible))


def compose_in_turn(
    model: CompositingModel,
    background: Tensor,
    things: Sequence[Thing],
    settings: ComposeSettings,
    progress: Progress = silent,
) -> list[Composed]:
    """Several things in one picture, the farther first, so that each sees, shades and hides those behind it.

    In the order of `things`. All images are the finished picture; a mask is the part of the thing that can be seen;
    the effect is the thing's own.
    """
    done: dict[int, Composed] = {}
    picture = background
    for turn, n in enumerate(far_to_near(things)):
        progress(turn, len(things), "composing")
        thing = things[n]
        located = located_in(model, picture, thing.foreground)
        new = compose(model, picture, thing.foreground, thing.box, located, settings)
        done = {i: old._replace(mask=old.mask * (1 - new.mask)) for i, old in done.items()} | {n: new}
        picture = new.image
    return [done[n]._replace(image=picture) for n in range(len(things))]


def far_to_near(things: Sequence[Thing]) -> list[int]:
    """Indices by the lower edge: on one ground, what stands lower in the picture stands nearer."""
    return sorted(range(len(things)), key=lambda n: things[n].box.bottom)


@torch.no_grad()
def located_in(model: CompositingModel, background: Tensor, foreground: Tensor) -> Located:
    """What the position network says of a cut-out in a background, on the model's device."""
    device = next(model.parameters()).device
    seen = position_input(background, foreground, model.config)
    return model.locate(PositionInput(*(part.to(device) for part in seen)))


def _judged(
    model: CompositingModel, placings: Sequence[Placing], settings: ComposeSettings, progress: Progress
) -> tuple[list[Predicted], list[float]]:
    for placing in placings:
        covered(placing.box, size_of(placing.background))
        if not bool((placing.foreground[..., 3] > 0).any()):
            raise TroupeError("Nothing of the foreground can be seen", remedy="Its mask is empty: 1 marks the thing.")
    predicted = predict_fields(model, placings, settings, progress)
    return predicted, plausibilities(model, placings, predicted)


def _carried(
    placings: Sequence[Placing],
    predicted: Sequence[Predicted],
    plausible: Sequence[float],
    settings: ComposeSettings,
    order: Sequence[int],
) -> Iterator[Composed]:
    for n in order:
        (background, foreground, box, _), seen = placings[n], predicted[n]
        view = View(*(part.float().cpu() for part in seen.view))
        made = carry(background, foreground, box, seen.field, seen.window, settings.strength, view)
        yield Composed(made.image, made.mask, box, made.effect, plausible[n])
