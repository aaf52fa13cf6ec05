"""One step after the other: what losses are divided by, how fast is learnt, and what is kept as the best."""

from dataclasses import replace

import pytest
import torch

from support.compositing import QUICK, TOY
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training.convergence import Heldout
from troupe.models.compositing.training.engine import Alone
from troupe.models.compositing.training.run import UNIT_STEPS, Run, rate_at, units_of
from troupe.models.compositing.training.state import StepLosses


def rows(count, first):
    """Losses that fall; the composition is learnt from step `first` on."""
    return [StepLosses(i, 0.0, 10.0 - 0.01 * i, 0.5 - 0.001 * i if i >= first else 0.0) for i in range(count)]


def test_a_loss_counts_as_one_at_its_beginning_and_the_unit_stays():
    long = rows(400, first=100)
    position, composition = units_of(long)
    assert position == pytest.approx(sum(r.position for r in long[:UNIT_STEPS]) / UNIT_STEPS)
    assert composition == pytest.approx(sum(r.composition for r in long[100 : 100 + UNIT_STEPS]) / UNIT_STEPS)
    assert units_of(long[:200]) == units_of(long)


def test_what_is_not_learnt_yet_has_the_unit_one():
    assert units_of([]) == (1.0, 1.0)
    assert units_of(rows(10, first=10))[1] == 1.0


@pytest.mark.parametrize("step, share", [(0, 0.25), (1, 0.5), (3, 1.0), (50, 1.0), (99, 1.0)])
def test_the_rate_warms_up_and_stays(step, share):
    assert rate_at(step, replace(QUICK, steps=100, rate=0.1, warmup=4)) == pytest.approx(0.1 * share)


def test_a_cosine_ends_at_nothing_and_is_at_its_half_in_the_middle():
    settings = replace(QUICK, steps=100, rate=0.1, warmup=0, schedule="cosine")
    assert [rate_at(step, settings) for step in (0, 50, 100)] == pytest.approx([0.1, 0.05, 0.0])


def test_weights_that_have_learnt_the_position_alone_are_never_the_best():
    """However low their total seems: without a composition loss it is in other units."""
    run = Run(fresh_model(TOY), replace(QUICK, steps=100, position_first=0.5), Alone())
    for step in (25, 50):
        run.keep_if_best(Heldout(step, 0.0, 2.0, 2.0, 0.1))
    assert not run.best and run.progressed.best == float("inf")
    run.keep_if_best(Heldout(75, 0.0, 5.0, 5.0, 0.1))
    assert run.best and run.progressed.best == pytest.approx(5.1)


def test_what_is_better_in_both_parts_is_better_also_while_the_units_settle():
    """The units are means of the first losses, which fall: what was measured early would look better than it is."""
    run = Run(fresh_model(TOY), replace(QUICK, steps=100, position_first=0.0), Alone())
    heat = run.model.position.heat.weight
    for step, loss in ((1, 10.0), (30, 2.0)):
        torch.nn.init.constant_(heat, step)
        run.progressed.losses += [StepLosses(i, 0.0, loss, loss) for i in range(len(run.progressed.losses), step)]
        run.keep_if_best(Heldout(step, 0.0, loss * 0.5, 5.0, loss * 0.5))
    assert run.progressed.heldout[0].total > run.progressed.heldout[1].total == run.progressed.best
    run.put_best()
    assert heat.unique().tolist() == [30.0]


def test_the_best_comes_back_at_the_end():
    run = Run(fresh_model(TOY), replace(QUICK, position_first=0.0), Alone())
    heat = run.model.position.heat.weight
    for value, loss in ((1.0, 5.5), (2.0, 5.2), (3.0, 5.3)):
        torch.nn.init.constant_(heat, value)
        run.keep_if_best(Heldout(int(value), 0.0, loss, 5.0, 0.1))
    run.put_best()
    assert heat.unique().tolist() == [2.0]
