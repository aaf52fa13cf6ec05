"""Pipelines of diffusers in the host's care: its folders, its memory, its progress bar and its Cancel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import comfy.model_management
import comfy.model_patcher
import comfy.utils
import folder_paths
import torch

from ...models.errors import BadModel
from ..bridge import chosen_file

PIPELINES, CONTROL_NETS, CHECKPOINTS, LORAS = "diffusers", "controlnet", "checkpoints", "loras"
NONE = "none"


def pipeline_names() -> list[str]:
    """Folders in models/diffusers; any of them may be wrong and says so when it is used."""
    return _folders(PIPELINES)


def model_names() -> list[str]:
    files = [n for n in folder_paths.get_filename_list(CHECKPOINTS) if n.endswith(".safetensors")]
    return [*pipeline_names(), *files] or [NONE]


def control_net_names() -> list[str]:
    return [NONE, *_folders(CONTROL_NETS), *pipeline_names()]


def model_path(name: str) -> Path:
    if name == NONE:
        raise BadModel(
            "There is no pipeline to draw with",
            remedy="Put a pipeline's folder into models/diffusers, or a .safetensors file into models/checkpoints.",
        )
    folder = _folder(name, PIPELINES)
    return folder or chosen_file(CHECKPOINTS, name)


def optional_folder(name: str) -> Path | None:
    if name == NONE:
        return None
    folder = _folder(name, CONTROL_NETS, PIPELINES)
    if folder is None:
        raise BadModel("This folder is gone", item=name, remedy="Choose another one.")
    return folder


def lora_path(name: str) -> Path:
    return chosen_file(LORAS, name, "There is no such LoRA")


def best_precision() -> str:
    return "float32" if comfy.model_management.get_torch_device().type == "cpu" else "float16"


def _folders(key: str) -> list[str]:
    """The first level alone: a schema is asked for often, and a pipeline's folder has no names in between."""
    found = set()
    for root in folder_paths.get_folder_paths(key):
        if os.path.isdir(root):
            found |= {e.name for e in os.scandir(root) if e.is_dir() and not e.name.startswith(".")}
    return sorted(found)


def _folder(name: str, *keys: str) -> Path | None:
    roots = (Path(root) for key in keys for root in folder_paths.get_folder_paths(key))
    return next((root / name for root in roots if name in _names_in(root) and (root / name).is_dir()), None)


def _names_in(root: Path) -> set[str]:
    return {p.name for p in root.iterdir()} if root.is_dir() else set()


class Housing:
    """Satisfies `models.restyling.diffusing.stylizer.Housing`: a pipeline's networks share the device with the host's
    own models, and "unload models" frees them too."""

    def __init__(self) -> None:
        self._patcher: comfy.model_patcher.ModelPatcher | None = None

    def __call__(self, pipeline: Any) -> None:
        if self._patcher is None:
            parts = {n: part for n, part in pipeline.components.items() if isinstance(part, torch.nn.Module)}
            # The plain patcher: the dynamic one needs layers of the host's own making.
            self._patcher = comfy.model_patcher.ModelPatcher(
                torch.nn.ModuleDict(parts),
                load_device=comfy.model_management.get_torch_device(),
                offload_device=comfy.model_management.unet_offload_device(),
            )
        comfy.model_management.load_models_gpu([self._patcher], force_full_load=True)


def on_step(done: int, steps: int) -> None:
    """Moves the node's bar; raises on Cancel, which the bar itself looks at only now and then."""
    comfy.model_management.throw_exception_if_processing_interrupted()
    comfy.utils.ProgressBar(steps).update_absolute(done, steps)
