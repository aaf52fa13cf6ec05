"""A compositing model as one safetensors file: weights, and its configuration and story in the header."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..errors import TroupeError
from ..picturefiles import write_atomically
from ..weightsfile import read_header
from .config import ModelConfig
from .model import CompositingModel

FORMAT = "troupe-compositing-1"


@dataclass(frozen=True)
class Story:
    """What is known of a training: `steps` done, why it `stopped`, and its figures as (name, value) pairs."""

    steps: int = 0
    stopped: str = ""
    figures: tuple[tuple[str, float], ...] = ()

    def as_json(self) -> str:
        return json.dumps({"steps": self.steps, "stopped": self.stopped, "figures": dict(self.figures)})

    @classmethod
    def from_json(cls, text: str) -> Story:
        try:
            given = json.loads(text)
            figures = tuple((name, float(value)) for name, value in given.get("figures", {}).items())
            return cls(int(given.get("steps", 0)), str(given.get("stopped", "")), figures)
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            return cls()  # a story that nobody can read is none; the weights are what counts


def save_model(model: CompositingModel, path: Path, story: Story = Story(), dtype: torch.dtype = torch.float32) -> None:
    """Write the file whole or not at all. float16 halves it."""
    from safetensors.torch import save

    weights = {name: value.detach().to("cpu", dtype).contiguous() for name, value in model.trained_state().items()}
    header = {
        "format": FORMAT,
        "config": model.config.as_json(),
        "story": story.as_json(),
        "base": model.composition.digest,
    }
    written(path, save(weights, header))


def written(path: Path, blob: bytes) -> None:
    """The file, whole or not at all. Raises `TroupeError` where the disk refuses it."""
    try:
        write_atomically(path, lambda file: file.write(blob))
    except OSError as error:
        raise TroupeError(
            "The file cannot be written",
            item=str(path),
            remedy=f"{error.strerror or error}. Free disk space or choose another folder.",
        ) from error


def checkpoint_notes(path: Path) -> Mapping[str, str]:
    """What is noted in a checkpoint of ours; raises `TroupeError` for any other file."""
    header = read_header(path).notes
    if header.get("format") != FORMAT or "config" not in header:
        raise TroupeError(
            "This is not a compositing model of Troupe",
            item=path.name,
            remedy="Choose a file that Train Compositing Model wrote.",
        )
    return header


def load_model(path: Path, base: Path | None = None) -> tuple[CompositingModel, Story]:
    """The model in float32 on the CPU, in evaluation mode; `base`: the checkpoint that a latent one was trained on.

    Raises `TroupeError` with what is wrong and where.
    """
    from safetensors.torch import load_file

    header = checkpoint_notes(path)
    config, weights = ModelConfig.from_json(header["config"]), load_file(path)
    model = _built(config, weights, base, path.name)
    if model.composition.digest:
        model.composition.expect_base(header.get("base", ""), path.name)
    put_weights(model, weights, path.name)
    return model.eval(), Story.from_json(header.get("story", "{}"))


def _built(config: ModelConfig, weights: dict[str, Tensor], base: Path | None, item: str) -> CompositingModel:
    """Raises `TroupeError` for sizes that cannot be, and for those whose weights the file is too small to hold."""
    least = config.layers * config.tokens**2 + config.width**2 + sum(c**2 for c in config.channels)
    why = "the file is too small for its sizes"
    if config.composition != "field" or least <= sum(tensor.numel() for tensor in weights.values()):
        try:
            return CompositingModel(config, base)
        except (ValueError, RuntimeError, AssertionError, ArithmeticError, LookupError) as error:
            why = str(error) or type(error).__name__
    raise TroupeError(
        "The settings in this checkpoint make no model",
        item=item,
        remedy=f"Copy it again, or train anew ({why[:200]}).",
    )


def weights_digest(model: CompositingModel) -> str:
    """A text that names the weights, for keys of what was made with them."""
    digest = hashlib.sha256(model.config.as_json().encode())
    for name, tensor in sorted(model.trained_state().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().to("cpu", torch.float32).contiguous().numpy().tobytes())
    return digest.hexdigest()


def put_weights(model: CompositingModel, weights: dict[str, Tensor], item: str) -> None:
    """Raises `TroupeError` naming the first tensor that is missing, of another shape, not finite or unknown."""
    wanted = model.trained_state()
    faults = [f"{name} is missing" for name in wanted if name not in weights]
    faults += [f"{name} is unknown" for name in weights if name not in wanted]
    for name in wanted.keys() & weights.keys():
        if weights[name].shape != wanted[name].shape:
            faults.append(f"{name} is {tuple(weights[name].shape)} instead of {tuple(wanted[name].shape)}")
        elif not weights[name].is_floating_point():
            faults.append(
                f"{name} holds {str(weights[name].dtype).removeprefix('torch.')}, not numbers with a fraction"
            )
        elif not torch.isfinite(weights[name].float()).all():  # of 8 bits, too
            faults.append(f"{name} holds values that are not numbers")
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise TroupeError(
            "The weights do not fit the model that the file says it is",
            item=item,
            remedy=f"{'; '.join(sorted(faults)[:3])}{more}.",
        )
    with torch.no_grad():
        for name, tensor in wanted.items():
            tensor.copy_(weights[name])
