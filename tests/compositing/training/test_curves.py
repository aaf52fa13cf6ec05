"""The curves are a picture of all losses, from the first step to the thousandth, and the host's LOSS_MAP."""

import pytest
from PIL import ImageChops

from troupe.models.compositing.training.convergence import Heldout
from troupe.models.compositing.training.curves import BATCHES, HELD_OUT, curves_picture, loss_map
from troupe.models.compositing.training.state import Progressed, StepLosses


def progressed(steps, evaluations=0, first=0):
    losses = [
        StepLosses(i, 2.0 - i / steps, 9 - i / steps, 0.5 - 0.3 * i / steps if i >= first else 0.0)
        for i in range(steps)
    ]
    at = [(i + 1) * steps // evaluations for i in range(evaluations)]
    held = [Heldout(s, 2.0 - s / steps, 8.5 - s / steps, 8.0 - s / steps, 0.4) for s in at]
    return Progressed(steps, (9.0, 0.5), losses, held)


def has(picture, colour):
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return wanted in {c for _, c in picture.convert("RGB").getcolors(1 << 20)}


@pytest.mark.parametrize("steps, evaluations", [(1, 0), (2, 1), (50, 5), (5000, 50)])
def test_both_kinds_of_curves_are_drawn(steps, evaluations):
    picture = curves_picture(progressed(steps, evaluations), 7.5)
    assert has(picture, BATCHES) and has(picture, HELD_OUT) == bool(evaluations)
    assert picture.size == curves_picture(progressed(7)).size


def test_a_training_that_has_not_begun_has_empty_panels():
    picture = curves_picture(Progressed())
    assert not has(picture, BATCHES) and not has(picture, HELD_OUT)


def test_the_priors_measure_is_told_beside_the_best():
    with_prior, without = (curves_picture(progressed(20, 4), prior) for prior in (7.5, None))
    assert ImageChops.difference(with_prior.convert("RGB"), without.convert("RGB")).getbbox()


def test_the_loss_map_has_every_step():
    found = loss_map(progressed(30, 2, first=10))
    assert {name: len(values) for name, values in found.items()} == {"loss": 30, "position": 30, "composition": 30}
    assert found["loss"][0] == 2.0 and found["composition"][9] == 0.0 and found["composition"][10] > 0
