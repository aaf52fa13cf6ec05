"""A training step of the compositing model, beside the bare forward and backward pass of both networks.

Groups that are drawn on the spot, as the model sees them; what a step adds is the optimiser, the averaged weights, the
length of the gradients and the record of the losses. On the processor, one thread.
"""

from __future__ import annotations

from time import process_time

from runner.rows import row, the_pack, turn_about

GROUPS, ROUNDS = 4, 3
GOAL = 1.2


def rows() -> list[dict]:
    the_pack()
    import torch

    torch.set_num_threads(1)
    from compositing import Shelves

    from troupe.models.compositing.config import preset
    from troupe.models.compositing.model import fresh_model
    from troupe.models.compositing.training.batch import example, joined
    from troupe.models.compositing.training.chance import chance_for
    from troupe.models.compositing.training.engine import Alone
    from troupe.models.compositing.training.run import Run
    from troupe.models.compositing.training.settings import TrainSettings

    config, settings = preset("tiny"), TrainSettings(batch=GROUPS, position_first=0.0)
    source = Shelves(GROUPS)

    def seen():
        return joined([example(source[n], config, settings, chance_for(0, "seen", n)) for n in range(GROUPS)])

    batch, run = seen(), Run(fresh_model(config), settings, Alone())
    step, bare, data = turn_about(lambda: run.step(batch), passes(run, batch), seen, rounds=ROUNDS, clock=process_time)
    note = f"preset tiny, {GROUPS} groups, both networks, one thread; CPU time, best of {ROUNDS}"
    name, goal = "training step", f"<= {GOAL:g}x"
    limit = f"{note}; limit: forward and backward"
    return [
        row(name, step, "s", limit=bare, goal=goal, met=step <= GOAL * bare, note=limit),
        row(
            "training data, augmented", GROUPS / data, "groups/s", limit=GROUPS / step, note="limit: what a step takes"
        ),
    ]


def passes(run, batch):
    """Forward and backward of what `run` trains."""
    from troupe.models.compositing.training.chance import chance_for
    from troupe.models.compositing.training.objective import drawn

    shape = run.model.composition.template_shape
    draw = drawn(GROUPS, shape, run.settings, chance_for(0, "step", 0, 0))

    def work() -> None:
        losses = run.objective(batch, draw, True)
        (losses.position + losses.composition).backward()
        run.optimiser.zero_grad(set_to_none=True)

    return work


if __name__ == "__main__":
    for line in rows():
        print(line)
