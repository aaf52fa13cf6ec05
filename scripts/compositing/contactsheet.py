"""Some cases on one page: where the model sees a place, what it makes there, and what paste and reality look like."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image
from torch import Tensor

from ...models.compositing.composing.compose import compose
from ...models.compositing.composing.settings import ComposeSettings
from ...models.compositing.grid import Frame
from ...models.compositing.locating import located_in
from ...models.compositing.measuring.floors import plain_paste
from ...models.compositing.model import CompositingModel
from ...models.compositing.placing.heatmap import heatmap_picture
from ...models.compositing.placing.predict import PositionSettings, predict_positions
from ...models.errors import TroupeError
from ...models.pixels import to_pillow
from ...models.progress import Progress, silent
from ...models.samples.drawing import SOFT, Sheet
from .cases import Case, Cases
from .composites import recoloured

ROWS = 12
SIDE, GAP, HEAD, FOOT = 300, 12, 40, 22
TITLES = ("where it could stand", "ours, at its own place", "ours, at the true place", "plain paste", "real")


def contact_sheet(model: CompositingModel, cases: Cases, rows: int = ROWS, progress: Progress = silent) -> Image.Image:
    """At most `rows` cases, evenly picked. The cut-outs come in another light, as those of a person do."""
    step = max(1, -(-len(cases) // rows))
    lines = []
    for number in range(0, len(cases), step):
        progress(number, len(cases), f"sheet, case {number + 1}")
        try:
            case = cases[number]
        except TroupeError:  # the table says which and why
            continue
        lines.append((case.id, [_small(picture) for picture in panels(model, case)]))
    return _page(lines)


def panels(model: CompositingModel, case: Case) -> list[Tensor]:
    """One picture for each of `TITLES`, all as large as the background."""
    _, background, real, box = case.pixels
    foreground = recoloured(case, 0)
    found = predict_positions(model, background, foreground, settings=PositionSettings(k=3))
    heat = heatmap_picture(background, found.log_prob, found.candidates)
    located, settings = located_in(model, background, foreground), ComposeSettings()
    places = (found.candidates[0].box, Frame(*map(float, box)))
    ours = [compose(model, background, foreground, place, located, settings).image for place in places]
    return [heat, *ours, plain_paste(foreground, background, box), real]


def _small(picture: Tensor) -> Image.Image:
    image = to_pillow(picture)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return image


def _page(lines: Sequence[tuple[str, list[Image.Image]]]) -> Image.Image:
    heights = [max(image.height for image in images) + FOOT for _, images in lines]
    sheet = Sheet(GAP + len(TITLES) * (SIDE + GAP), HEAD + sum(heights) + GAP)
    for column, title in enumerate(TITLES):
        sheet.text(GAP + column * (SIDE + GAP), 12, title, 15, width=SIDE)
    top = HEAD
    for (name, images), height in zip(lines, heights, strict=True):
        for column, image in enumerate(images):
            sheet.picture(image, GAP + column * (SIDE + GAP), top)
        sheet.text(GAP, top + height - FOOT + 3, name, 11, SOFT)
        top += height
    return sheet.image
