"""From background, foreground and a noise template to the composite, no position given (B5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import TroupeError
from ..geometry import Box
from ..pixels import resized
from ..progress import Progress, silent
from .boxlists import boxes_in, drawn
from .composing.compose import Composed, Thing, compose_candidates, compose_in_turn
from .composing.settings import ComposeSettings
from .grid import Frame
from .locating import located_in
from .model import CompositingModel
from .pairing import Pair
from .placing.predict import PositionSettings, predict_positions
from .placing.priors import Priors
from .placing.several import place_several
from .seeing import size_of


@dataclass(frozen=True)
class Wanted:
    """priors: for each pair. box: a person's, as nodes hand boxes around; None or an empty list leaves it to the model.
    candidates: composites for each pair, the most plausible first. together: all foregrounds into the one background,
    each once, in the place that the first pair's priors leave."""

    settings: ComposeSettings
    priors: Sequence[Priors]
    box: object | None = None
    candidates: int = 1
    together: bool = False


@dataclass(frozen=True, eq=False)
class Made:
    """One entry a composite. images: `(B, H, W, 3)`; masks, effects: `(B, H, W)`, as large as the first image."""

    images: Tensor
    masks: Tensor
    effects: Tensor
    boxes: list[list[Box]]
    plausibilities: list[float]
    left_over: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        lost = f", {len(self.left_over)} found no place" if self.left_over else ""
        return f"{len(self.plausibilities)} placed{lost}"

    @property
    def report(self) -> str:
        """A line for each thing."""
        flat = [box for boxes in self.boxes for box in boxes]
        lines = [
            f"{n}. {box.size.width} x {box.size.height} at {box.left}, {box.top}; plausibility {plausible:.2f}"
            for n, (box, plausible) in enumerate(zip(flat, self.plausibilities, strict=True), 1)
        ]
        return "\n".join([*lines, *self.left_over])


def composited(model: CompositingModel, pairs: Sequence[Pair], wanted: Wanted, progress: Progress = silent) -> Made:
    """Raises `TroupeError` for boxes that do not fit, and where nothing found a place."""
    return (_together if wanted.together else _each)(model, pairs, wanted, progress)


def _each(model: CompositingModel, pairs: Sequence[Pair], wanted: Wanted, progress: Progress) -> Made:
    given = boxes_in(wanted.box, len(pairs)) if drawn(wanted.box) else [None] * len(pairs)
    made: list[Composed] = []
    for i, (pair, box) in enumerate(zip(pairs, given, strict=True)):
        beat = _within(progress, i, len(pairs), wanted.settings.steps)
        beat(0, 1, "placing")
        if box is None:
            settings = PositionSettings(k=wanted.candidates)
            found = predict_positions(model, pair.background, pair.foreground, wanted.priors[i], settings)
            boxes, located = [c.box for c in found.candidates], found.located
        else:
            boxes, located = [box], located_in(model, pair.background, pair.foreground)
        things = (pair.background, pair.foreground, boxes, located)
        made.extend(compose_candidates(model, *things, wanted.settings, beat))
    return _stacked(made, [[each.box.rounded()] for each in made])


def _together(model: CompositingModel, pairs: Sequence[Pair], wanted: Wanted, progress: Progress) -> Made:
    background, foregrounds = pairs[0].background, [pair.foreground for pair in pairs]
    if any(pair.background is not background for pair in pairs):
        raise TroupeError(
            "Several things go together into one background",
            item=f"{len(pairs)} backgrounds",
            remedy="Wire one background, or turn off together.",
        )
    left_over: tuple[str, ...] = ()
    if drawn(wanted.box):
        things = [Thing(pair.foreground, box) for pair, box in zip(pairs, _own_boxes(wanted, len(pairs)), strict=True)]
    else:
        settings = PositionSettings(seed=wanted.settings.seed)
        found = place_several(model, background, foregrounds, wanted.priors[0], settings, progress)
        placed = sorted(found.placed, key=lambda each: each.index)
        things = [Thing(foregrounds[each.index], each.box) for each in placed]
        left_over = tuple(f"Foreground {each.index + 1}: {each.reason}" for each in found.left_over)
    if not things:
        raise TroupeError("No foreground found a place", remedy=" ".join(left_over))
    made = compose_in_turn(model, background, things, wanted.settings, progress)
    whole = made[-1]._replace(
        mask=torch.stack([each.mask for each in made]).amax(0),
        effect=torch.stack([each.effect for each in made]).amax(0),
    )
    boxes, plausible = [[each.box.rounded() for each in made]], [each.plausibility for each in made]
    stacked = _stacked([whole], boxes)
    return Made(stacked.images, stacked.masks, stacked.effects, boxes, plausible, left_over)


def _own_boxes(wanted: Wanted, count: int) -> list[Frame]:
    """A person's boxes for several things in one picture: a flat list, or the one picture's list."""
    given = wanted.box
    if isinstance(given, list | tuple) and len(given) == 1 and isinstance(given[0], list | tuple):
        given = given[0]
    return boxes_in(list(given) if isinstance(given, list | tuple) else given, count)


def _stacked(made: Sequence[Composed], boxes: list[list[Box]]) -> Made:
    """The host's batches have one size: all are brought to the first one's."""
    size = size_of(made[0].image)
    fitted = [
        torch.stack([resized(getattr(each, part), *size) for each in made]) for part in ("image", "mask", "effect")
    ]
    return Made(*fitted, boxes, [each.plausibility for each in made])


def _within(progress: Progress, index: int, count: int, steps: int) -> Progress:
    """The progress of one of `count` pairs as part of the whole."""

    def told(done: int, total: int, name: str) -> None:
        share = min(steps, round(steps * done / max(total, 1)))
        progress(index * steps + share, count * steps, f"picture {index + 1}: {name}")

    return told
