"""A compositing model in the host's care: its layers cast and move as the host's memory management says."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import comfy.model_management
import comfy.model_patcher
import comfy.ops
import folder_paths
import torch

from ..bridge import chosen_file

if TYPE_CHECKING:  # this file is read while the host starts
    from ...models.compositing.checkpoint import Story
    from ...models.compositing.model import CompositingModel

FOLDER = "troupe_compositing"
SHIPPED = "troupe tiny (shipped)"
NO_BASE = "none"
_SHIPPED_FILE = Path(__file__).resolve().parents[2] / "assets" / "compositing" / "tiny.safetensors"


class HostedModel:
    """What travels on TROUPE_COMPOSITING_MODEL wires. `loaded()` is the model, on the device, ready to infer."""

    def __init__(self, model: CompositingModel, story: Story, name: str) -> None:
        from ...models.compositing.checkpoint import weights_digest
        from ...models.compositing.networks.layers import with_layers

        self.story, self.name, self.config = story, name, model.config
        self.base = model.composition.digest
        self.identity = weights_digest(model)
        self._patcher = comfy.model_patcher.CoreModelPatcher(
            with_layers(model.eval(), comfy.ops.manual_cast),
            load_device=comfy.model_management.get_torch_device(),
            offload_device=comfy.model_management.unet_offload_device(),
        )

    def loaded(self) -> CompositingModel:
        comfy.model_management.load_models_gpu([self._patcher])
        return self._patcher.model


def models_folder() -> Path:
    """Where trained models go: `models/troupe_compositing`, or wherever the host's extra paths put it."""
    return Path(folder_paths.get_folder_paths(FOLDER)[0])


def register_folder() -> None:
    """Make the folder known to the host, once; other packs and extra_model_paths.yaml may have added places."""
    if FOLDER not in folder_paths.folder_names_and_paths:
        folder_paths.add_model_folder_path(FOLDER, str(Path(folder_paths.models_dir) / FOLDER))


def model_names() -> list[str]:
    register_folder()
    return [SHIPPED, *(n for n in folder_paths.get_filename_list(FOLDER) if n.endswith(".safetensors"))]


def model_file(name: str) -> Path:
    register_folder()
    return _SHIPPED_FILE if name == SHIPPED else chosen_file(FOLDER, name)


def base_checkpoints() -> list[str]:
    """Checkpoints that sd15-inpaint may start from: safetensors files among the host's checkpoints."""
    names = folder_paths.get_filename_list("checkpoints")
    return [NO_BASE, *(name for name in names if name.endswith(".safetensors"))]


def base_file(name: str) -> Path | None:
    return None if name == NO_BASE else chosen_file("checkpoints", name)


def model_target(name: str) -> Path:
    """Where a trained model called `name` is written. Raises `TroupeError` for a name that leads elsewhere."""
    return models_folder() / f"{_safe(name)}.safetensors"


def _safe(name: str) -> str:
    from ...models.compositing.naming import check_name

    check_name(name)
    return name


def unfinished_training(name: str) -> Path:
    """Where a training that was stopped waits: beside the user's settings, never among the models."""
    return Path(folder_paths.get_user_directory()) / "troupe" / "training" / f"{_safe(name)}.safetensors"


def on_host(pixels: torch.Tensor) -> torch.Tensor:
    """A batch of pictures or masks as the host keeps what is between two nodes."""
    management = comfy.model_management
    return pixels.to(management.intermediate_device(), management.intermediate_dtype())


def trainable_model(start: HostedModel | None, preset: str, seed: int, base: str) -> CompositingModel:
    """A model of its own to train: a fresh one, or a copy of `start`. Call it outside of inference mode."""
    from ...models.compositing.checkpoint import put_weights
    from ...models.compositing.config import preset as preset_of
    from ...models.compositing.model import fresh_model

    config = start.config if start else preset_of(preset)
    model = fresh_model(config, seed, base_file(base))
    if start:
        with torch.inference_mode():  # as wherever the host moves weights
            held = start.loaded().trained_state()
        weights = {name: tensor.detach().to("cpu", copy=True) for name, tensor in held.items()}
        if start.base:
            model.composition.expect_base(start.base, start.name)
        put_weights(model, weights, start.name)
    return model


@contextmanager
def learning():
    """Nodes run in inference mode, in which nothing can be learnt."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def training_engine():
    """Training has its own memory: what the host holds on the device makes room first."""
    from ...models.compositing.training.engine import Alone

    device = comfy.model_management.get_torch_device()
    if device.type != "cpu":
        with torch.inference_mode():
            comfy.model_management.unload_all_models()
            comfy.model_management.soft_empty_cache()
    return Alone(device)
