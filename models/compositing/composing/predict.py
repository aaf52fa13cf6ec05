"""What the composition network says of a cut-out in its box: the change, in a small view around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ...halving import InParts
from ...progress import Progress, silent
from ..config import ModelConfig
from ..grid import Frame
from ..model import CompositingModel
from ..networks.composition import View
from ..networks.position import Located
from ..schedule import denoised
from ..seeing import size_of, view_of
from ..view import map_through, noise_template, share_of, window_around
from .settings import ComposeSettings

# Pixels of views that go through the network together; more is no faster on a CPU and takes memory.
TOGETHER = 16 * 64**2
SMALLER = "Choose a smaller model, or close what else uses the memory."


class Placing(NamedTuple):
    """A cut-out and where it goes. background: `(H, W, 3)`. foreground: `(h, w, 4)`, straight alpha, both in [0, 1].

    box: in the background's pixels. located: what the position network said of the two, a batch of one.
    """

    background: Tensor
    foreground: Tensor
    box: Frame
    located: Located


class Predicted(NamedTuple):
    """field: `(4, V, V)` on the CPU. window: whole pixels of the background. view: a batch of one, where the fused
    feature is. x0: the denoised template, `(1, C, v, v)`, which is the field itself or a latent of the composite."""

    field: Tensor
    window: Frame
    view: View
    x0: Tensor


def predict_field(
    model: CompositingModel,
    background: Tensor,
    foreground: Tensor,
    box: Frame,
    located: Located,
    settings: ComposeSettings,
    progress: Progress = silent,
) -> Predicted:
    """Of one cut-out; see `Placing`."""
    return predict_fields(model, [Placing(background, foreground, box, located)], settings, progress)[0]


def predict_fields(
    model: CompositingModel, placings: Sequence[Placing], settings: ComposeSettings, progress: Progress = silent
) -> list[Predicted]:
    """Of many, whatever their sizes, some at a time. Each begins with the noise it would begin with alone."""
    some = max(1, TOGETHER // model.config.view_side**2)
    groups = [placings[i : i + some] for i in range(0, len(placings), some)]
    total = settings.steps * len(groups)

    predicted: list[Predicted] = []

    def told(done: int, _: int, name: str) -> None:
        progress(len(predicted) // some * settings.steps + done, total, name)

    predict = InParts(lambda part: _predict(model, part, settings, told), SMALLER)
    for group in groups:
        predicted += predict(group)
    return predicted


@torch.no_grad()
def _predict(
    model: CompositingModel, placings: Sequence[Placing], settings: ComposeSettings, progress: Progress
) -> list[Predicted]:
    windows = [window_around(p.box, size_of(p.background)) for p in placings]
    views = [seen(model.config, p, w) for p, w in zip(placings, windows, strict=True)]
    noise = [template(model, p, w, settings.seed) for p, w in zip(placings, windows, strict=True)]
    view, fused = View(*map(torch.cat, zip(*views, strict=True))), torch.cat([p.located.fused for p in placings])
    x0 = denoised(
        torch.stack(noise).to(fused.device), lambda x, t: model.predict(x, t, view, fused), settings.steps, progress
    )
    fields = model.field(x0, view).float().cpu()
    return [Predicted(*each) for each in zip(fields, windows, views, x0.split(1), strict=True)]


def seen(config: ModelConfig, placing: Placing, window: Frame) -> View:
    """The view through `window`, with the place map in it, where the fused feature is."""
    maps, size = placing.located.place_map(), size_of(placing.background)
    shares = torch.tensor([share_of(window, size)], device=maps.device)
    place = map_through(maps, shares, config.view_side)[0]
    view = view_of(placing.background, placing.foreground, placing.box, window, place.cpu(), config.view_side)
    return View(*(part.to(maps.device) for part in view))


def template(model: CompositingModel, placing: Placing, window: Frame, seed: int) -> Tensor:
    """The noise to begin with: as large as the background, seen through `window`."""
    channels, side, _ = model.composition.template_shape
    generator = torch.Generator().manual_seed(seed)
    return noise_template(size_of(placing.background), window, channels, side, generator)
