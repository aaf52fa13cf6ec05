"""What the model does on held-out groups, as a picture: its heatmap, its composite, and the real one."""

from __future__ import annotations

from PIL import Image

from ...pixels import shrunk, to_pillow
from ...samples.drawing import SOFT, Sheet
from ..composing.compose import compose
from ..composing.settings import ComposeSettings
from ..model import CompositingModel
from ..placing.heatmap import heatmap_picture
from ..placing.predict import PositionSettings, predict_positions
from .source import Source

CELL, GAP, HEAD = 240, 8, 36
TITLES = ("where it could stand", "composed there", "the real picture")


def preview_sheet(model: CompositingModel, heldout: Source, count: int = 3) -> Image.Image:
    """The first `count` groups, a row each. The model is put into evaluation mode and back."""
    training = model.training
    model.eval()
    rows = [_row(model, heldout[i]) for i in range(min(count, len(heldout)))]
    model.train(training)
    height = HEAD + sum(max(p.height for p in row) + GAP for row in rows)
    sheet = Sheet(3 * CELL + 4 * GAP, height)
    for column, title in enumerate(TITLES):
        sheet.text(GAP + column * (CELL + GAP), 8, title, 17, SOFT)
    top = HEAD
    for row in rows:
        for column, picture in enumerate(row):
            sheet.picture(picture, GAP + column * (CELL + GAP), top)
        top += max(p.height for p in row) + GAP
    return sheet.image


def _row(model: CompositingModel, group) -> list[Image.Image]:
    found = predict_positions(model, group.background, group.foreground, settings=PositionSettings(k=3))
    heat = heatmap_picture(group.background, found.log_prob, found.candidates)
    box = found.candidates[0].box
    made = compose(model, group.background, group.foreground, box, found.located, ComposeSettings(), judge=False)
    return [to_pillow(shrunk(picture, CELL)) for picture in (heat, made.image, group.composite)]
