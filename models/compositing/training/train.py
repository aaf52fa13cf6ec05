"""Train both networks jointly until the held-out losses are flat (B3, B4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch

from ...errors import TroupeError
from ...parallel import ordered_map
from ...progress import Progress, silent
from ..measuring.prior import Marginals
from ..model import CompositingModel
from .batch import Batch, example, joined
from .calibration import Calibration, calibrate
from .chance import chance_for
from .engine import Alone, Engine
from .heldout import Bank
from .prior import begin_with, positions_in, prior_nll
from .run import Files, Run
from .settings import TrainSettings
from .source import Source
from .state import Progressed, left_over


@dataclass(frozen=True)
class Trained:
    """Why it stopped, and what was measured. prior_nll: what the marginals of the training groups alone reach
    on the held-out ones, in nats."""

    stopped: Literal["converged", "step limit"]
    progressed: Progressed
    prior_nll: float
    calibration: Calibration

    @property
    def nll(self) -> float:
        """Mean held-out -log p of the true cells, in nats, of the model that came out."""
        return self.calibration.nll

    @property
    def position_learned(self) -> bool:
        """Whether the position network beats what is known without looking at the pictures."""
        return self.nll < self.prior_nll


def train(
    model: CompositingModel,
    source: Source,
    heldout: Source,
    settings: TrainSettings,
    files: Files | None = None,
    engine: Engine | None = None,
    progress: Progress = silent,
    watch: Callable[[Progressed], None] = lambda progressed: None,
    looking: Progress = silent,
) -> Trained:
    """Train in place; the model ends with the best averaged weights, calibrated. Goes on where `files` left off.

    `progress` is called before every step, and again while that lasts; what it raises passes through after the state
    was saved. `looking` is called for every group that is looked at beforehand, and for what is held out.
    `watch` sees the losses after every evaluation, while the model has the averaged weights.
    """
    engine = engine or Alone()
    if settings.batch % engine.world:
        raise TroupeError(
            "The batch cannot be shared out",
            item=f"{settings.batch} groups, {engine.world} processes",
            remedy="Take a batch size that the number of processes divides.",
        )
    prior = Marginals.fit(positions_in(source, progress=looking))
    begin_with(model, prior)
    run = Run(model, settings, engine)
    bank = Bank(heldout, model, settings, looking)
    if files and files.state.exists() and not left_over(files.state, files.fits):
        run.restore(files)
    progressed = run.progressed
    save = partial(run.save, files) if files is not None and engine.rank == 0 else lambda **_: None
    with _saved(save):
        if run.due():
            _evaluate(run, bank, save, looking, watch)
        ahead = range(progressed.step, settings.steps if not run.converged() else progressed.step)
        with closing(ordered_map(_batches(source, run), ahead, workers=2)) as batches:
            for batch in batches:
                beat = partial(progress, progressed.step, settings.steps, said(progressed))
                beat()
                run.step(batch, beat)
                if run.due():
                    _evaluate(run, bank, save, looking, watch)
                    if run.converged():
                        break
    save(finished=True)
    run.put_best()
    engine.wait()
    model.eval()
    stopped = "converged" if run.converged() else "step limit"
    floor = prior_nll(prior, bank.batches, model.config.visible)
    looked = partial(looking, progressed.step, settings.steps, "looking at what is held out")
    return Trained(stopped, progressed, floor, calibrate(model, bank.batches, looked))


def _evaluate(
    run: Run, bank: Bank, save: Callable[[], None], looking: Progress, watch: Callable[[Progressed], None]
) -> None:
    progressed = run.progressed
    looked = partial(looking, progressed.step, run.settings.steps, "looking at what is held out")
    with run.average.in_place_of(run.named):
        run.keep_if_best(bank.measure(run, looked))
    save()
    with run.average.in_place_of(run.named):
        watch(progressed)  # may raise: what it was shown is saved


@contextmanager
def _saved(save: Callable[[], None]) -> Iterator[None]:
    """Whatever ends it early, Cancel, a file that is gone or too little memory, passes through after the training was
    saved."""
    try:
        yield
    except BaseException:
        save()
        raise


def _batches(source: Source, run: Run) -> Callable[[int], Batch]:
    """This process's share of the batch of a step; which groups, and how they are seen, follows from the step."""
    settings, engine, config = run.settings, run.engine, run.model.config

    def batch(step: int) -> Batch:
        picks = chance_for(settings.seed, "groups", step)
        numbers = torch.randint(len(source), (settings.batch,), generator=picks).tolist()
        mine = list(enumerate(numbers))[engine.rank :: engine.world]
        return joined(
            [
                example(source[n], config, settings, chance_for(settings.seed, "seen", step, i), source.colours(n))
                for i, n in mine
            ]
        )

    return batch


def said(progressed: Progressed) -> str:
    """The losses in words, for whoever watches."""
    if not progressed.losses:
        return "first step"
    recent = progressed.losses[-20:]
    position = sum(row.position for row in recent) / len(recent)
    composition = sum(row.composition for row in recent) / len(recent)
    text = f"position {position:.2f}" + (f", composition {composition:.4f}" if composition else ", position first")
    return f"{text}, held out {progressed.heldout[-1].total:.3f}" if progressed.heldout else text
