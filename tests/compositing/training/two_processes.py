"""What every process of `accelerate launch` runs: a toy training, and its weights into `FOLDER/RANK.safetensors`."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import torch

TESTS = Path(__file__).resolve().parents[2]


def settings():
    from support.compositing import QUICK

    return replace(QUICK, steps=4, batch=4, position_first=0.5, evaluate_every=2)


def main(folder: Path) -> None:
    _name_the_pack()
    from safetensors.torch import save_file

    from support.compositing import STILL, Shelves
    from troupe.models.compositing.model import fresh_model
    from troupe.models.compositing.training.engine import Accelerated
    from troupe.models.compositing.training.run import Files
    from troupe.models.compositing.training.train import train

    torch.set_num_threads(1)
    engine, model = Accelerated(), fresh_model(STILL)
    train(model, Shelves(8), Shelves(4, 1000), settings(), Files(folder / "state.safetensors", "two"), engine)
    held = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    save_file(held, folder / f"{engine.rank}.safetensors", {"world": str(engine.world)})


def _name_the_pack() -> None:
    """As tests/conftest.py does."""
    spec = importlib.util.spec_from_file_location("alias", TESTS / "support" / "alias.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.alias("support", TESTS / "support")
    module.alias("troupe", TESTS.parent)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
