"""The same question each time: held-out groups with fixed noise at fixed timesteps, so that only the weights vary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from ...progress import Progress, silent
from .batch import example, joined
from .chance import chance_for
from .convergence import Heldout
from .objective import drawn
from .run import precision
from .settings import Augment, TrainSettings

if TYPE_CHECKING:
    from ..model import CompositingModel
    from .run import Run
    from .source import Source

# Held-out groups are seen as they are, but for the colours: a cut-out never comes in the scene's own light.
AS_THEY_ARE = Augment(flip=0, crop=0, tone=0, soften=0, edge=0, room=(2.0, 2.0))
# Groups looked at in one evaluation; more tell little and take long. All of them stay in memory.
MOST, MOST_BYTES = 256, 1 << 30
# Planes of an example that are as large as its view, in float32.
PLANES = 16


class Bank:
    """Held-out batches, made once. `measure` compares like with like.

    tint: how far the cut-outs' colours are changed; see `Augment`.
    """

    def __init__(
        self,
        heldout: Source,
        model: CompositingModel,
        settings: TrainSettings,
        progress: Progress = silent,
        tint: float = AS_THEY_ARE.tint,
    ) -> None:
        plain = replace(settings, augment=replace(AS_THEY_ARE, tint=tint), drop_fused=0.0, drop_place=0.0)
        most = min(MOST, MOST_BYTES // (PLANES * model.config.view_side**2 * 4))
        step = max(1, -(-len(heldout) // most))
        examples = []
        for i in range(0, len(heldout), step):
            progress(i, len(heldout), "looking at the groups that are held out")
            examples.append(example(heldout[i], model.config, plain, chance_for(0, "heldout", i), heldout.colours(i)))
        self.batches = [joined(examples[i : i + settings.batch]) for i in range(0, len(examples), settings.batch)]
        self.draws = [
            drawn(len(batch.cell), model.composition.template_shape, plain, chance_for(0, "noise", i))
            for i, batch in enumerate(self.batches)
        ]

    @torch.no_grad()
    def measure(self, run: Run, beat: Callable[[], None] = lambda: None) -> Heldout:
        """Means over all held-out groups, of the weights that the model has now. `beat` is called before each batch."""
        device, model = run.engine.device, run.objective.eval()
        sums, counts = torch.zeros(3), torch.zeros(3)
        for batch, draw in zip(self.batches, self.draws, strict=True):
            beat()
            with precision(run.settings, device):
                losses = model(batch.to(device), draw.to(device))
            counted = torch.tensor([len(batch.cell), len(batch.cell), float(batch.colours.sum())])
            sums += torch.stack([v.detach().float().cpu() for v in losses]) * counted
            counts += counted
        model.train()
        position, nll, composition = (sums / counts.clamp(min=1)).tolist()
        return run.totalled(Heldout(run.progressed.step, 0.0, position, nll, composition))
