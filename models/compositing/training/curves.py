"""Loss curves as a picture: both parts and the total, on the batches and on held-out groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from ...geometry import Box
from ...samples.drawing import CARD, LINE, SOFT, Sheet
from .state import Progressed

WIDTH, PANEL, MARGIN, HEAD = 752, 196, 62, 72
TITLE, TEXT, SMALL = 22, 16, 15  # on a node, some 350 pixels wide, letters are half as large
# Points that are drawn of a curve; more than one a pixel cannot be seen.
POINTS = 400
BATCHES, HELD_OUT = "#7f9fc4", "#c2571a"


class Curve(NamedTuple):
    """Values over steps, in one colour."""

    steps: Sequence[float]
    values: Sequence[float]
    colour: str
    strength: int


def curves_picture(progressed: Progressed, prior_nll: float | None = None) -> Image.Image:
    """Three panels: total, position, composition. Blue: batches, smoothed. Brown: held out."""
    rows, held = progressed.losses, progressed.heldout
    sheet = Sheet(WIDTH, HEAD + 3 * PANEL + 12)
    sheet.text(20, 12, f"Losses over {progressed.step} steps", TITLE)
    for left, name, colour, drawn in ((20, "batches", BATCHES, rows), (100, "held-out groups", HELD_OUT, held)):
        if drawn:
            sheet.text(left, 44, name, TEXT, colour)
    panels = (
        ("total (both begin at 1)", "total"),
        ("position (cross-entropy)", "position"),
        ("composition (error of v)", "composition"),
    )
    for i, (title, name) in enumerate(panels):
        batches = [(r.step + 1, getattr(r, name)) for r in rows if getattr(r, name) or name != "composition"]
        kept = [(h.step, getattr(h, name)) for h in held]
        curves = [Curve(*_thinned(batches), BATCHES, 3), Curve(*_columns(kept), HELD_OUT, 4)]
        note = f"best -log p {min(h.nll for h in held):.2f}, prior {prior_nll:.2f}" if (
            name == "position" and prior_nll is not None and held) else ""  # fmt: skip
        _panel(sheet, HEAD + i * PANEL, title, note, curves, max(progressed.step, 1))
    return sheet.image


def loss_map(progressed: Progressed) -> dict[str, list[float]]:
    """The host's LOSS_MAP: `loss` is the total of every step."""
    return {
        "loss": [r.total for r in progressed.losses],
        "position": [r.position for r in progressed.losses],
        "composition": [r.composition for r in progressed.losses],
    }


def _panel(sheet: Sheet, top: int, title: str, note: str, curves: list[Curve], last: int) -> None:
    box = Box(MARGIN, top + 28, WIDTH - 16, top + PANEL - 20)
    sheet.text(20, top + 4, title, TEXT)
    sheet.text(WIDTH - 16, top + 5, note, SMALL, SOFT, anchor="ra")
    sheet.panel(box, 4, CARD, LINE)
    values = [v for curve in curves for v in curve.values]
    if not values:
        return
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    for share in (0.0, 0.5, 1.0):
        y = box.bottom - 8 - share * (box.size.height - 16)
        sheet.rule(box.left, box.right, round(y))
        sheet.text(box.left - 6, y, f"{low + share * spread:.3g}", SMALL, SOFT, anchor="rm")
    for curve in curves:
        points = [
            (box.left + s / last * box.size.width, box.bottom - 8 - (v - low) / spread * (box.size.height - 16))
            for s, v in zip(curve.steps, curve.values, strict=True)
        ]
        if len(points) > 1:
            sheet.pen.line(points, fill=curve.colour, width=curve.strength, joint="curve")
        elif points:
            x, y = points[0]
            sheet.pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=curve.colour)
    sheet.text(box.right, box.bottom + 2, f"step {last}", SMALL, SOFT, anchor="ra")


def _thinned(points: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Means of equal runs, at most `POINTS` of them."""
    run = max(1, -(-len(points) // POINTS))
    parts = [points[i : i + run] for i in range(0, len(points), run)]
    return _columns([tuple(sum(c) / len(part) for c in zip(*part, strict=True)) for part in parts])


def _columns(points) -> tuple[list[float], list[float]]:
    return [p[0] for p in points], [p[1] for p in points]
