"""From a background, a cut-out and its box to the composite; one, many, the best of several, one before another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from torch import Tensor

from ...errors import TroupeError
from ...progress import Progress, silent
from ..grid import Frame
from ..locating import located_in
from ..model import CompositingModel
from ..networks.composition import View
from ..networks.position import Located
from ..seeing import size_of
from .carry import carry
from .plausibility import plausibilities, rank
from .predict import Placing, Predicted, predict_fields
from .settings import ComposeSettings
from .warp import covered


class Composed(NamedTuple):
    """image, mask, effect: see `Carried`. box: where the thing stands. plausibility: in nats, higher is better,
    comparable among the candidates for one background and cut-out; nan where nobody asked for it."""

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
    judge: bool = True,
) -> Composed:
    """The cut-out `(h, w, 4)` in its box on the background `(H, W, 3)`; `located` is a batch of one. judge: whether its
    plausibility is wanted, which takes longer than the composite."""
    return next(compose_many(model, [Placing(background, foreground, box, located)], settings, progress, judge))


def compose_many(
    model: CompositingModel,
    placings: Sequence[Placing],
    settings: ComposeSettings,
    progress: Progress = silent,
    judge: bool = True,
) -> Iterator[Composed]:
    """Composites in the order of `placings`, whose sizes may differ. The networks run at once, before the first; each
    picture is made when it is asked for. Raises `TroupeError` for a cut-out in which nothing can be seen, or a box that
    misses its background."""
    predicted = _predicted(model, placings, settings, progress)
    later = _later(progress)
    plausible = plausibilities(model, placings, predicted, later) if judge else [math.nan] * len(placings)
    return _carried(placings, predicted, plausible, settings, range(len(placings)), later)


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
    predicted = _predicted(model, placings, settings, progress)
    later = _later(progress)
    plausible = plausibilities(model, placings, predicted, later)
    return _carried(placings, predicted, plausible, settings, rank(plausible), later)


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
        picture = new.image  # one for all, so that no earlier one takes memory
        done = {i: old._replace(image=picture, mask=old.mask * (1 - new.mask)) for i, old in done.items()} | {n: new}
    return [done[n] for n in range(len(things))]


def far_to_near(things: Sequence[Thing]) -> list[int]:
    """Indices by the lower edge: on one ground, what stands lower in the picture stands nearer."""
    return sorted(range(len(things)), key=lambda n: things[n].box.bottom)


def _predicted(
    model: CompositingModel, placings: Sequence[Placing], settings: ComposeSettings, progress: Progress
) -> list[Predicted]:
    for placing in placings:
        covered(placing.box, size_of(placing.background))
        if not bool((placing.foreground[..., 3] > 0).any()):
            raise TroupeError("Nothing of the foreground can be seen", remedy="Its mask is empty: 1 marks the thing.")
    return predict_fields(model, placings, settings, progress)


def _later(progress: Progress) -> Progress:
    """For what is left to do when the networks have spoken: the bar stays where it is."""
    return lambda done, total, name: progress(1, 1, name)


def _carried(
    placings: Sequence[Placing],
    predicted: Sequence[Predicted],
    plausible: Sequence[float],
    settings: ComposeSettings,
    order: Sequence[int],
    progress: Progress,
) -> Iterator[Composed]:
    for done, n in enumerate(order):
        progress(done, len(order), "composing")
        (background, foreground, box, _), seen = placings[n], predicted[n]
        view = View(*(part.float().cpu() for part in seen.view))
        made = carry(background, foreground, box, seen.field, seen.window, settings.strength, view)
        yield Composed(made.image, made.mask, box, made.effect, plausible[n])
