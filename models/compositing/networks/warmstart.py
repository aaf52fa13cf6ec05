"""The user's own Stable Diffusion 1.5 checkpoint, read offline, as what the latent composition network begins from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import nn

from ...errors import TroupeError
from ..config import ModelConfig
from .diffusersfolder import read_folder
from .emptyprompt import empty_prompt
from .latent import Base, LatentNetwork
from .lora import RANK
from .sd15layout import Parts, not_ours
from .singlefile import read_file
from .vae import Autoencoder


def warm_start(
    path: Path,
    config: ModelConfig,
    rank: int = RANK,
    dtype: torch.dtype = torch.float32,
    checkpointing: bool = False,
    seed: int = 0,
) -> LatentNetwork:
    """A composition network that begins as the checkpoint at `path`; see `read_base` and `LatentNetwork`."""
    return LatentNetwork(config, read_base(path), rank, dtype, checkpointing, seed)


def read_base(path: Path) -> Base:
    """From a .safetensors file in CompVis's layout, or from a diffusers folder.

    A U-Net of 9 input channels (inpainting) is what this is for. One of 4 is taken too, as Paint by Example
    (Yang et al. 2023) did, and has everything that is seen to learn. Raises `TroupeError` for every other
    layout, for pickles (.ckpt, .bin) and for files that are damaged.
    """
    from safetensors import SafetensorError

    _refuse_pickle(path)
    try:
        parts = read_folder(path) if path.is_dir() else read_file(path)
        return _base(parts)
    except (SafetensorError, OSError) as error:
        raise TroupeError(
            "This checkpoint is missing, damaged or cut off", item=path.name, remedy=f"Copy it again ({error})."
        ) from error
    except (KeyError, RuntimeError, ValueError, TypeError, AttributeError) as error:  # of shapes, of JSON of any kind
        raise not_ours(path.name, f"its parts do not fit one another ({str(error)[:200]})") from error
    except ImportError as error:
        raise TroupeError(
            "Reading a Stable Diffusion checkpoint needs the package diffusers",
            remedy="Install it into ComfyUI's Python: python -m pip install diffusers, then start ComfyUI again.",
        ) from error


def _refuse_pickle(path: Path) -> None:
    if not path.is_dir() and path.suffix != ".safetensors":
        raise TroupeError(
            "Only .safetensors files are loaded",
            item=path.name,
            remedy="Other formats can run code when opened; the same model is offered as .safetensors.",
        )


def _base(parts: Parts) -> Base:
    digest = digest_of(parts.unet, parts.vae)
    return Base(parts.unet, Autoencoder(parts.vae), empty_prompt(parts.text), digest)


def digest_of(*networks: nn.Module) -> str:
    """SHA-256, as hex, of all weights by name, rounded to float16: a file and its half-sized copy are one model."""
    digest = hashlib.sha256()
    for network in networks:
        for name, tensor in sorted(network.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.half().contiguous().numpy())
    return digest.hexdigest()
