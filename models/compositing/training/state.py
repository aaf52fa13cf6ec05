"""A training on disk, complete: going on from it equals never having stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import TroupeError
from ..checkpoint import write_tensors
from .convergence import Heldout

FORMAT = "troupe-compositing-training-1"


class StepLosses(NamedTuple):
    """The losses of one step, as measured on its batch."""

    step: int
    total: float
    position: float
    composition: float


@dataclass
class Progressed:
    """Where a training is. `units`: the first values of both losses, by which they are divided, once they settled."""

    step: int = 0
    units: tuple[float, float] | tuple[()] = ()
    losses: list[StepLosses] = field(default_factory=list)
    heldout: list[Heldout] = field(default_factory=list)
    best: float = float("inf")

    def as_json(self) -> str:
        return json.dumps(
            {"step": self.step, "units": self.units, "losses": self.losses, "heldout": self.heldout, "best": self.best}
        )

    @classmethod
    def from_json(cls, text: str) -> Progressed:
        given = json.loads(text)
        return cls(
            given["step"],
            tuple(given["units"]),
            [StepLosses(*row) for row in given["losses"]],
            [Heldout(*row) for row in given["heldout"]],
            given["best"],
        )


def save_state(
    path: Path, tensors: dict[str, Tensor], progressed: Progressed, fits: str, finished: bool = False
) -> None:
    """`fits`: a text that names model, settings and data; only an equal training may go on from the file."""
    held = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in tensors.items()}
    header = {"format": FORMAT, "progressed": progressed.as_json(), "fits": fits}
    write_tensors(path, held, header | ({"finished": "yes"} if finished else {}))


def left_over(path: Path, fits: str) -> bool:
    """Whether the file is of another training, which came to its end and needs it no more."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
    except (SafetensorError, OSError, ValueError):  # damaged; whoever goes on from it says so
        return False
    return header.get("finished") == "yes" and header.get("fits") != fits


def load_state(path: Path, fits: str) -> tuple[dict[str, Tensor], Progressed]:
    """Raises `TroupeError` for a damaged file and for one of another training."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (SafetensorError, OSError, ValueError) as error:
        raise TroupeError(
            "The interrupted training cannot be read",
            item=path.name,
            remedy=f"Delete the file to begin anew ({error}).",
        ) from error
    if header.get("format") != FORMAT or header.get("fits") != fits:
        raise TroupeError(
            "The interrupted training in this file had other settings, groups or another model",
            item=path.name,
            remedy="Set everything as it was, or choose another name to begin anew.",
        )
    try:
        return tensors, Progressed.from_json(header["progressed"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TroupeError(
            "The interrupted training cannot be read",
            item=path.name,
            remedy=f"Delete the file to begin anew ({type(error).__name__}).",
        ) from error


def optimiser_tensors(optimiser: torch.optim.Optimizer, names: list[str]) -> dict[str, Tensor]:
    """Adam's moments and step counts by parameter name."""
    state = optimiser.state_dict()["state"]
    return {f"{names[i]}.{key}": value for i, entry in state.items() for key, value in entry.items()}


def restore_optimiser(optimiser: torch.optim.Optimizer, names: list[str], tensors: dict[str, Tensor]) -> None:
    """The inverse of `optimiser_tensors`."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        parameter, _, key = name.rpartition(".")
        state.setdefault(names.index(parameter), {})[key] = tensor
    optimiser.load_state_dict(optimiser.state_dict() | {"state": state})
