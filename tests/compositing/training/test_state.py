"""An unfinished training comes back from the disk as it was, for the same training only."""

from __future__ import annotations

import pytest
import torch

from troupe.models.compositing.training.convergence import Heldout
from troupe.models.compositing.training.state import (
    Progressed,
    StepLosses,
    load_state,
    optimiser_tensors,
    restore_optimiser,
    save_state,
)
from troupe.models.errors import TroupeError

PROGRESSED = Progressed(
    2,
    (1.5, 0.25),
    [StepLosses(0, 2.0, 1 / 3, 0.0), StepLosses(1, 1.9, 0.3, 0.1)],
    [Heldout(2, 1.5, 0.2, 0.1, 1e-9)],
    1.5,
)


def tensors():
    return {"weights/a": torch.rand(3, 4, generator=torch.Generator().manual_seed(0)), "best/a": torch.zeros(2)}


def test_tensors_and_losses_come_back_to_the_last_bit(tmp_path):
    save_state(tmp_path / "state.safetensors", tensors(), PROGRESSED, "these")
    held, progressed = load_state(tmp_path / "state.safetensors", "these")
    assert progressed == PROGRESSED
    assert held.keys() == tensors().keys() and all(torch.equal(held[n], t) for n, t in tensors().items())


def test_before_the_first_evaluation_nothing_is_best():
    assert Progressed.from_json(Progressed().as_json()) == Progressed()


def test_another_training_does_not_go_on_from_it(tmp_path):
    save_state(tmp_path / "state.safetensors", tensors(), PROGRESSED, "these")
    with pytest.raises(TroupeError, match="other settings, groups or another model: state.safetensors"):
        load_state(tmp_path / "state.safetensors", "those")


@pytest.mark.parametrize("length", [0, 5, 100, -1])
def test_a_damaged_file_is_told(tmp_path, length):
    path = tmp_path / "state.safetensors"
    save_state(path, tensors(), PROGRESSED, "these")
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(TroupeError, match="cannot be read: state.safetensors. Delete the file to begin anew"):
        load_state(path, "these")


def test_an_optimiser_goes_on_as_if_it_had_never_stopped():
    def steps(parameters, optimiser, count):
        for _ in range(count):
            optimiser.zero_grad()
            sum((p**2).sum() for p in parameters).backward()
            optimiser.step()

    def parameters():
        return [torch.nn.Parameter(torch.tensor(v)) for v in ([1.0, 2.0], [-3.0])]

    names = ["net.0.weight", "net.0.bias"]
    whole, stopped = parameters(), parameters()
    steps(whole, torch.optim.AdamW(whole, lr=0.1), 5)
    first = torch.optim.AdamW(stopped, lr=0.1)
    steps(stopped, first, 3)
    second = torch.optim.AdamW(stopped, lr=0.1)
    restore_optimiser(second, names, optimiser_tensors(first, names))
    steps(stopped, second, 2)
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(whole, stopped, strict=True))
