"""Two processes under accelerate learn what one would from the same batches."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from support.compositing import STILL, Shelves
from support.launching import launched
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training.engine import Alone
from troupe.models.compositing.training.state import load_state
from troupe.models.compositing.training.train import train

SCRIPT = Path(__file__).with_name("two_processes.py")


def settings_of_the_script():
    spec = importlib.util.spec_from_file_location("two_processes", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.settings()


@pytest.mark.skipif(not importlib.util.find_spec("accelerate"), reason="accelerate is not installed")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the loopback interface has another name")
def test_two_processes_learn_what_one_learns_from_the_same_batches(tmp_path):
    launched(2, SCRIPT, tmp_path)
    first, second = (load_file(tmp_path / f"{rank}.safetensors") for rank in (0, 1))
    with safe_open(tmp_path / "0.safetensors", "pt") as file:
        assert file.metadata()["world"] == "2"
    assert all(torch.equal(first[name], second[name]) for name in first)

    alone = fresh_model(STILL)
    ours = train(alone, Shelves(8), Shelves(4, 1000), settings_of_the_script()).progressed
    theirs = load_state(tmp_path / "state.safetensors", "two")[1]
    assert len(theirs.losses) == 4 and theirs.losses[-1].composition > 0
    for one, two in zip([*ours.losses, *ours.heldout], [*theirs.losses, *theirs.heldout], strict=True):
        assert two == pytest.approx(one, rel=1e-4)
    # Biases before a normalisation have no gradient but rounding errors, of which Adam makes whole steps.
    for name in ("position.heat.weight", "composition.unet.conv_out.weight"):
        moved = alone.state_dict()[name]
        most = float(moved.abs().max())
        assert most > 5e-5  # both begin at zero, and calibration leaves a tenth at least
        assert torch.allclose(first[name], moved, atol=most / 10), name


def test_alone_nothing_is_done_to_module_optimiser_and_values():
    engine, module = Alone(), torch.nn.Linear(2, 1)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    assert engine.prepared(module, optimiser) == (module, optimiser)
    assert (engine.rank, engine.world, engine.device.type) == (0, 1, "cpu")
    assert float(engine.mean(torch.tensor(3.0))) == 3.0
    engine.wait()
    engine.backward(module(torch.ones(1, 2)).sum())
    assert torch.equal(module.weight.grad, torch.ones(1, 2))
