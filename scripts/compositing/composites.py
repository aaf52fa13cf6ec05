"""How well a model fits a thing into its true place, beside a plain paste and the real picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ...models.compositing.composing.compose import Composed, compose_many
from ...models.compositing.composing.predict import Placing
from ...models.compositing.composing.settings import ComposeSettings
from ...models.compositing.grid import Frame
from ...models.compositing.locating import located_in
from ...models.compositing.measuring.background import effect_region, fidelity
from ...models.compositing.measuring.colour import colour_error, seen_error
from ...models.compositing.measuring.distance import covered
from ...models.compositing.measuring.estimate import Estimate
from ...models.compositing.measuring.floors import laid_out, plain_paste
from ...models.compositing.measuring.identity import identity
from ...models.compositing.measuring.realness import told_apart
from ...models.compositing.measuring.ring import ring_error
from ...models.compositing.measuring.seam import seam
from ...models.compositing.measuring.table import OURS, Row
from ...models.compositing.measuring.traces import traces
from ...models.compositing.model import CompositingModel
from ...models.compositing.seeing import size_of
from ...models.compositing.training.augment import disguised
from ...models.compositing.training.settings import Augment
from ...models.samples.seeds import sample_seed
from .cases import Case
from .figures import Figure, Measure

PASTE, REAL = "paste", "real"
# The light and the camera of another place: exposure, white balance, contrast, saturation.
OTHER_LIGHT = Augment(tint=1.0, soften=0.0)
SEED = 0
CHANGES = 3  # of each cut-out's colours

RING = Measure("ring error", "of 255", "lower")
COLOUR = Measure("foreground colour error, cut-out as it is", "of 255", "lower")
COLOUR_OTHER = Measure("foreground colour error, cut-out recoloured", "of 255", "lower")
SEEN_OTHER = Measure("the same as the eye sees it", "deltaE OK", "lower")
CHANGED = Measure("background: largest change outside the effect", "of 255", "lower")
EQUAL = Measure("background: pixels left bit-equal", "share", "higher")
LUMINANCE = Measure("identity: luminance", "correlation", "higher")
GRADIENT = Measure("identity: gradients", "correlation", "higher")
DETAIL = Measure("identity: detail kept", "ratio", "higher")
SEAM = Measure("seam", "ratio", "lower")
MEASURES = (
    RING, COLOUR, COLOUR_OTHER, SEEN_OTHER, CHANGED, EQUAL, LUMINANCE, GRADIENT, DETAIL, SEAM
)  # fmt: skip
TOLD = Measure("told from real pictures, cut-out as it is", "share", "lower")
TOLD_OTHER = Measure("told from real pictures, cut-out recoloured", "share", "lower")


class Traces(NamedTuple):
    """What gives the pictures of a case away, `(24,)` each; the others of the cut-out as it is, then recoloured."""

    scene: str
    real: np.ndarray
    ours: tuple[np.ndarray, np.ndarray]
    paste: tuple[np.ndarray, np.ndarray]


class Tried(NamedTuple):
    """A case composed: the cut-outs, the first as it is, and what the model and a paste made of each."""

    foregrounds: tuple[Tensor, ...]
    ours: tuple[Composed, ...]
    pasted: tuple[Tensor, ...]


def recoloured(case: Case, number: int) -> Tensor:
    """The case's cut-out in another light, `(h, w, 4)`; the same for the same `number`."""
    chance = torch.Generator().manual_seed(sample_seed(SEED, case.id, number))
    return disguised(case.pixels.foreground, OTHER_LIGHT, chance)


def tried(model: CompositingModel, case: Case, settings: ComposeSettings) -> Tried:
    """At the true box; of a case whose colours cannot be measured, only the cut-out as it is."""
    foreground, background, _, box = case.pixels
    changes = range(CHANGES if case.colours else 0)
    foregrounds = (foreground, *(recoloured(case, n) for n in changes))
    place = Frame(*map(float, box))
    placings = [Placing(background, one, place, located_in(model, background, one)) for one in foregrounds]
    ours = tuple(compose_many(model, placings, settings, judge=False))
    return Tried(foregrounds, ours, tuple(plain_paste(one, background, box) for one in foregrounds))


def composite_figures(case: Case, made: Tried) -> Iterator[Figure]:
    """Colours, ring and seam only where the case's colours can be measured, the ring only where a camera saw it."""
    foreground, background, real, box = case.pixels
    _, mask = laid_out(foreground, background, box)
    ours, pasted = made.ours[0].image, made.pasted[0]
    kept = fidelity(ours, background, effect_region(box, size_of(background), made.ours[0].effect))
    yield Figure(CHANGED, OURS, kept.largest)
    yield Figure(EQUAL, OURS, kept.equal)
    same = identity(ours, pasted, mask)
    yield from (Figure(m, OURS, v) for m, v in zip((LUMINANCE, GRADIENT, DETAIL), same, strict=True))
    if not case.colours:
        return
    ignored = covered(case.others, size_of(background))
    for who, picture in ((OURS, ours), (PASTE, pasted)):
        if case.camera:
            yield Figure(RING, who, ring_error(picture, real, mask, ignored))
        yield Figure(COLOUR, who, colour_error(picture, real, mask))
        yield Figure(SEAM, who, seam(picture, mask))
    yield Figure(SEAM, REAL, seam(real, mask))
    for one, floor in zip(made.ours[1:], made.pasted[1:], strict=True):
        for who, picture in ((OURS, one.image), (PASTE, floor)):
            yield Figure(COLOUR_OTHER, who, colour_error(picture, real, mask))
            yield Figure(SEEN_OTHER, who, seen_error(picture, real, mask))


def traces_of(case: Case, made: Tried) -> Traces | None:
    """None where the colours, real or not, cannot be measured."""
    if not case.colours:
        return None
    foreground, background, real, box = case.pixels
    _, mask = laid_out(foreground, background, box)

    def pair(pictures: Sequence[Tensor]) -> tuple[np.ndarray, np.ndarray]:
        first, second = (traces(picture, mask).numpy() for picture in pictures[:2])
        return first, second

    ours = pair([one.image for one in made.ours])
    return Traces(case.scene, traces(real, mask).numpy(), ours, pair(made.pasted))


def told_rows(found: Sequence[Traces]) -> list[Row]:
    """How well a classifier tells the composites from the real pictures; 0.5 = not at all."""
    return [_told(measure, found, which) for which, measure in enumerate((TOLD, TOLD_OTHER))]


def _told(measure: Measure, found: Sequence[Traces], which: int) -> Row:
    names = [one.scene for one in found]
    # Of one scene alone, a picture and its real twin are held out together: both have the same background.
    scenes = (names, names) if len(set(names)) > 1 else None

    def against(others: Sequence[tuple[np.ndarray, np.ndarray]]) -> Estimate:
        if not found:
            return Estimate(float("nan"), float("nan"), 0, 0)
        real, other = np.stack([one.real for one in found]), np.stack([pair[which] for pair in others])
        told = told_apart(real, other, scenes)
        return Estimate(told.accuracy, told.standard_error, told.n, len(set(names)))

    others = {PASTE: against([one.paste for one in found])}
    return Row(measure.name, against([one.ours for one in found]), others, measure.unit, measure.better)
