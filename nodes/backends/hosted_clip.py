"""An open_clip model in the host's care, and the places where the host keeps such models."""

from __future__ import annotations

from pathlib import Path

import comfy.model_management
import comfy.model_patcher
import folder_paths
import torch

from ..bridge import chosen_file, input_path

FOLDER = "open_clip"
CONFIG = "open_clip_config.json"
HUB, PATH = "(hub cache)", "(a path)"


class HostedClip:
    """Moves the model to the device when it is asked for, and away when the host needs the room.

    The plain patcher, loaded whole: open_clip's layers do not cast weights as the host's own do.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        self._patcher = comfy.model_patcher.ModelPatcher(
            model,
            load_device=comfy.model_management.get_torch_device(),
            offload_device=comfy.model_management.unet_offload_device(),
        )

    def __call__(self) -> torch.nn.Module:
        comfy.model_management.load_models_gpu([self._patcher], force_full_load=True)
        return self._patcher.model


def register_folder() -> None:
    """Make `models/open_clip` known to the host, once; extra_model_paths.yaml may have added places."""
    if FOLDER not in folder_paths.folder_names_and_paths:
        folder_paths.add_model_folder_path(FOLDER, str(Path(folder_paths.models_dir) / FOLDER))


def model_names() -> list[str]:
    """Folders with a configuration, then single files that lie in none of them."""
    register_folder()
    files = [Path(name) for name in folder_paths.get_filename_list(FOLDER)]
    folders = [file.parent for file in files if file.name == CONFIG]
    single = [file for file in files if file.suffix == ".safetensors" and file.parent not in folders]
    return [*(path.as_posix() for path in (*folders, *single)), HUB, PATH]


def model_place(name: str, path: str) -> Path | None:
    """The folder or file behind a choice; None for the hub's cache."""
    register_folder()
    if name == HUB:
        return None
    if name == PATH:
        return input_path(path)
    if name.endswith(".safetensors"):
        return chosen_file(FOLDER, name)
    return chosen_file(FOLDER, f"{name}/{CONFIG}").parent


def place_stamp(name: str, path: str) -> str:
    """Changes when a file there does."""
    place = model_place(name, path)
    if place is None or not place.exists():
        return name
    stats = [file.stat() for file in (sorted(place.iterdir()) if place.is_dir() else [place])]
    return ":".join(f"{stat.st_size}-{stat.st_mtime_ns}" for stat in stats)


def chosen_precision(precision: str) -> str:
    """ "auto" is half precision where the device is made for it."""
    if precision != "auto":
        return precision
    device = comfy.model_management.get_torch_device()
    if comfy.model_management.should_use_fp16(device):
        return "fp16"
    return "bf16" if comfy.model_management.should_use_bf16(device) else "fp32"
