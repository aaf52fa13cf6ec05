"""The averaged weights follow the trained ones by the formula, and take their place only for a while."""

import pytest
import torch

from troupe.models.compositing.training.average import Average


def test_the_average_follows_the_formula():
    weight = torch.tensor([1.0, -2.0])
    average, expected = Average({"w": weight}, 0.9), weight.clone()
    for step in range(1, 200):
        weight.add_(torch.tensor([0.1, 0.5]))
        average.update({"w": weight}, step)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * weight
    assert torch.allclose(average.weights["w"], expected, rtol=1e-5)


def test_at_first_it_follows_fast_and_later_as_slowly_as_it_is_told():
    followed = []
    for step in (1, 10_000):
        average = Average({"w": torch.zeros(1)}, 0.999)
        average.update({"w": torch.ones(1)}, step)
        followed.append(float(average.weights["w"]))
    assert followed == pytest.approx([1 - 2 / 11, 0.001], rel=1e-3)


def test_the_trained_weights_come_back_whatever_happens_within():
    weight = torch.nn.Parameter(torch.ones(2))
    average = Average({"w": weight}, 0.5)
    with torch.no_grad():
        weight.fill_(3.0)
    with pytest.raises(KeyboardInterrupt), average.in_place_of({"w": weight}):
        assert weight.tolist() == [1.0, 1.0]
        raise KeyboardInterrupt
    assert weight.tolist() == [3.0, 3.0] and average.weights["w"].tolist() == [1.0, 1.0]
