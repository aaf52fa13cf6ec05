"""Converged means that the total has stopped falling and so has each part, noise or no noise."""

import pytest
import torch

from troupe.models.compositing.training.convergence import SMOOTHED, Heldout, verdict

TOLERANCE, PATIENCE = 0.01, 4
LENGTH = 20


def history(position, composition, total=None):
    """Evaluations of which `total` is the sum of both parts if it is not given."""
    totals = total or [p + c for p, c in zip(position, composition, strict=True)]
    rows = zip(totals, position, composition, strict=True)
    return tuple(Heldout(100 * i, t, p, p, c) for i, (t, p, c) in enumerate(rows))


def flat(value=1.0):
    return [value] * LENGTH


def falling(by=0.03):
    return [1 - by * i for i in range(LENGTH)]


def rising(by=0.03):
    return [1 + by * i for i in range(LENGTH)]


@pytest.mark.parametrize(
    "position, composition, names",
    [
        (flat(), flat(), ("total", "position", "composition")),
        (flat(), falling(), ("position",)),
        (falling(), flat(), ("composition",)),
        (falling(), falling(), ()),
        (falling(), rising(), ("total", "composition")),  # the total stands still and hides that one part learns
        (rising(), rising(), ("total", "position", "composition")),  # what gets worse has nothing more to give
    ],
)
def test_all_three_curves_have_to_be_flat(position, composition, names):
    said = verdict(history(position, composition), TOLERANCE, PATIENCE)
    assert said.flat == names
    assert said.converged == (len(names) == 3)


def test_nothing_is_said_before_there_is_enough_to_compare():
    rows = history(flat(), flat())
    assert not verdict(rows[: SMOOTHED + PATIENCE - 1], TOLERANCE, PATIENCE).converged
    assert verdict(rows[: SMOOTHED + PATIENCE], TOLERANCE, PATIENCE).converged
    assert not verdict((), TOLERANCE, PATIENCE).converged


@pytest.mark.parametrize("seed", range(5))
def test_noise_neither_hides_that_a_curve_falls_nor_that_it_is_flat(seed):
    noise = (torch.rand(LENGTH, generator=torch.Generator().manual_seed(seed)) * 2 - 1).mul(0.005).tolist()
    shaken = [value + n for value, n in zip(flat(), noise, strict=True)]
    still_falling = [value + n for value, n in zip(falling(0.02), noise, strict=True)]
    assert verdict(history(shaken, shaken), TOLERANCE, PATIENCE).converged
    assert not verdict(history(still_falling, still_falling), TOLERANCE, PATIENCE).converged


def test_one_lucky_evaluation_is_not_convergence_nor_its_end():
    values = falling(0.03)
    values[-PATIENCE - 1] -= 0.06  # it makes what follows look flat, were it not averaged with its neighbours
    assert not verdict(history(values, values), TOLERANCE, PATIENCE).converged


@pytest.mark.parametrize("tolerance, converged", [(0.02, False), (0.1, True)])
def test_the_tolerance_is_a_share_of_the_loss_over_the_patience(tolerance, converged):
    """A curve that falls by 5 % over four evaluations, whatever its size."""
    for unit in (1.0, 500.0):
        values = [unit * 0.95 ** (i / PATIENCE) for i in range(LENGTH)]
        assert verdict(history(values, values), tolerance, PATIENCE).converged == converged


@pytest.mark.parametrize("patience, converged", [(1, True), (8, False)])
def test_with_more_patience_a_slow_fall_is_seen(patience, converged):
    values = [1 - 0.004 * i for i in range(LENGTH)]
    assert verdict(history(values, values), TOLERANCE, patience).converged == converged
