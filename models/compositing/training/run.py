"""One training under way: the model with everything that has to be kept for going on later."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import TroupeError
from ...halving import is_out_of_memory
from ...parallel import attended
from ..model import CompositingModel
from .average import Average
from .batch import Batch
from .chance import chance_for, dropout_from
from .convergence import Heldout, verdict
from .engine import Engine
from .objective import Losses, Objective, drawn
from .settings import TrainSettings
from .state import Progressed, StepLosses, load_state, optimiser_tensors, restore_optimiser, save_state

# Steps whose mean makes a loss count as 1.
UNIT_STEPS = 50
# Longer gradients are shortened (Pascanu et al. 2013).
LONGEST_GRADIENT = 1.0


class Files(NamedTuple):
    """Where an unfinished training is kept, and a text that says which training it is."""

    state: Path
    fits: str


class Run:
    """Model, optimiser, averaged and best weights, and the losses so far."""

    def __init__(self, model: CompositingModel, settings: TrainSettings, engine: Engine) -> None:
        self.model, self.settings, self.engine = model.to(engine.device).train(), settings, engine
        self.named = dict(model.trainable())
        self.average, self.best = Average(self.named, settings.ema), {}
        self.progressed = Progressed()
        self.optimiser = torch.optim.AdamW(
            self.named.values(), lr=settings.rate, weight_decay=settings.decay, betas=(0.9, 0.99)
        )
        self.objective, self.stepper = engine.prepared(Objective(model, settings).to(engine.device), self.optimiser)

    def composes(self, step: int) -> bool:
        """The position is learnt alone at first: early noise of the composition would drown it."""
        return step >= self.settings.position_first * self.settings.steps

    def step(self, batch: Batch, beat: Callable[[], None] = lambda: None) -> None:
        """Noise, predict, loss, step. `beat` is called all the while, and what it raises leaves everything as it was
        before the step."""
        learn = partial(self._learn, batch)
        try:
            row = attended(learn, beat) if self.engine.world == 1 else learn()
        except Exception as error:
            if is_out_of_memory(error):
                raise _too_large(self.settings) from error
            raise
        torch.nn.utils.clip_grad_norm_(list(self.named.values()), LONGEST_GRADIENT)
        for group in self.stepper.param_groups:
            group["lr"] = rate_at(row.step, self.settings)
        self.stepper.step()
        self.progressed.losses.append(row)
        self.progressed.units = self.progressed.units or self._settled()
        self.progressed.step += 1
        self.average.update(self.named, self.progressed.step)

    def _learn(self, batch: Batch) -> StepLosses:
        """The gradients of a batch; nothing else changes."""
        step, settings, engine = self.progressed.step, self.settings, self.engine
        chance = chance_for(settings.seed, "step", step, 0)
        # Drawn for all processes, each of which takes its share: two learn what one would.
        draw = drawn(settings.batch, self.model.composition.template_shape, settings, chance)
        draw = draw.share(engine.rank, engine.world).to(engine.device)
        with dropout_from(chance, engine.device, engine.rank), precision(settings, engine.device):
            losses = self.objective(batch.to(engine.device), draw, self.composes(step))
        total, row = self._counted(losses)
        self.stepper.zero_grad(set_to_none=True)
        self.engine.backward(total)
        return row

    def _counted(self, losses: Losses) -> tuple[Tensor, StepLosses]:
        """The normalised total, and a row of the history with it and both parts."""
        row = StepLosses(self.progressed.step, 0.0, *map(self._mean, (losses.position, losses.composition)))
        position, composition = self.progressed.units or units_of([*self.progressed.losses, row])
        total = self.settings.position_weight * losses.position / position
        if self.composes(row.step):
            total = total + self.settings.composition_weight * losses.composition / composition
        row = row._replace(total=self._mean(total))
        if not math.isfinite(row.total):
            raise TroupeError(
                "The training has come apart: a loss is no longer a number",
                item=f"step {row.step}",
                remedy="Lower the learning rate. What was saved before is kept.",
            )
        return total, row

    def _settled(self) -> tuple[float, float] | tuple[()]:
        """What the losses are divided by from now on; nothing until there are enough of both."""
        rows = self.progressed.losses
        return units_of(rows) if sum(row.composition > 0 for row in rows) >= UNIT_STEPS else ()

    def _mean(self, value: Tensor) -> float:
        return float(self.engine.mean(value.detach()))

    def due(self) -> bool:
        """Whether what is held out is to be looked at now: it may be still, where somebody cancelled the look."""
        step, settings = self.progressed.step, self.settings
        looked = self.progressed.heldout[-1].step if self.progressed.heldout else 0
        return step != looked and (step % settings.evaluate_every == 0 or step == settings.steps)

    def keep_if_best(self, measured: Heldout) -> None:
        """To be called while the averaged weights are in place. Before both are learnt nothing is best: the total
        is in other units."""
        progressed = self.progressed
        kept = [h.step for h in progressed.heldout if h.total == progressed.best]
        progressed.heldout = [self.totalled(h) for h in (*progressed.heldout, measured)]
        progressed.best = min((h.total for h in progressed.heldout if h.step in kept), default=math.inf)
        measured = progressed.heldout[-1]
        if self._counts(measured.step) and measured.total < progressed.best:
            progressed.best = measured.total
            self.best = {name: tensor.detach().clone() for name, tensor in self.named.items()}

    def _counts(self, step: int) -> bool:
        """Whether both are learnt, or the position is all that ever will be, or this is the end."""
        return self.composes(step - 1) or self.settings.position_first >= 1 or step == self.settings.steps

    def totalled(self, measured: Heldout) -> Heldout:
        """With its total in the units of now: until they have settled, totals of different steps do not compare."""
        position, composition = self.progressed.units or units_of(self.progressed.losses)
        total = self.settings.position_weight * measured.position / position
        total += self.settings.composition_weight * measured.composition / composition
        return measured._replace(total=total)

    def converged(self) -> bool:
        """Whether total and both parts are flat, counted from where both are learnt."""
        joint = tuple(h for h in self.progressed.heldout if self._counts(h.step))
        return verdict(joint, self.settings.tolerance, self.settings.patience).converged

    def put_best(self) -> None:
        """Let the model have the best averaged weights."""
        with torch.no_grad():
            for name, tensor in self.named.items():
                tensor.copy_((self.best or self.average.weights)[name])

    def save(self, files: Files, finished: bool = False) -> None:
        parts = {"weights": self.named, "average": self.average.weights, "best": self.best}
        parts["optimiser"] = optimiser_tensors(self.optimiser, list(self.named))
        tensors = {f"{part}/{name}": tensor for part, held in parts.items() for name, tensor in held.items()}
        save_state(files.state, tensors, self.progressed, files.fits, finished)

    def restore(self, files: Files) -> None:
        tensors, self.progressed = load_state(files.state, files.fits)
        parts: dict[str, dict[str, Tensor]] = {"weights": {}, "average": {}, "best": {}, "optimiser": {}}
        for name, tensor in tensors.items():
            part, _, rest = name.partition("/")
            # Adam keeps its step counts where they are given, and moves its moments itself.
            parts[part][rest] = tensor if part == "optimiser" else tensor.to(self.engine.device)
        with torch.no_grad():
            for name, tensor in self.named.items():
                tensor.copy_(parts["weights"][name])
        self.average.weights, self.best = parts["average"], parts["best"]
        restore_optimiser(self.optimiser, list(self.named), parts["optimiser"])


def _too_large(settings: TrainSettings) -> TroupeError:
    """Half a batch would be another training, so nobody halves it unasked."""
    return TroupeError(
        "A step of the training does not fit into the memory",
        item=f"{settings.batch} groups at once",
        remedy="Close what else uses the memory and run again: it goes on from here. Or begin anew under another "
        "name, with half the batch size or a smaller preset.",
    )


def units_of(losses: list[StepLosses]) -> tuple[float, float]:
    """What each loss is divided by, so that both begin at 1: the mean of its first values."""

    def unit(values: list[float]) -> float:
        first = values[:UNIT_STEPS]
        return max(sum(first) / len(first), 1e-8) if first else 1.0

    composing = next((i for i, row in enumerate(losses) if row.composition > 0), len(losses))
    return (
        unit([row.position for row in losses[:UNIT_STEPS]]),
        unit([row.composition for row in losses[composing : composing + UNIT_STEPS]]),
    )


def rate_at(step: int, settings: TrainSettings) -> float:
    """The learning rate: a linear warm-up, then constant or half a cosine down to nothing."""
    rate = settings.rate * min(1.0, (step + 1) / max(settings.warmup, 1))
    if settings.schedule == "cosine":
        rate *= 0.5 * (1 + math.cos(math.pi * step / settings.steps))
    return rate


def precision(settings: TrainSettings, device: torch.device) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=settings.precision == "bfloat16")
