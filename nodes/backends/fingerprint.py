"""A digest of what is on a MODEL, CLIP, VAE or CONTROL_NET wire: the same after a restart, another after any change.

The host numbers patched models at random in every process, so its own numbers cannot find yesterday's pictures again.
Of every weight a sample of values is read: a fine-tune or a merge moves nearly all of them, and a model of 12 GB takes
a moment instead of a minute.
"""

from __future__ import annotations

import enum
import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch

SAMPLED = 256  # values of a weight
# What changes what a patched model draws; the rest of a ModelPatcher says where it is and how much memory it has.
PATCHES = (
    "patches", "object_patches", "weight_wrapper_patches", "model_options", "wrappers", "injections",
    "additional_models", "forced_hooks",
)  # fmt: skip
# Attributes in which the host keeps book of what is loaded and of the picture at hand.
PASSING = {
    "cond_hint", "cond_hint_original", "control_model_wrapped", "current_weight_patches_uuid", "device",
    "dynamic_patchers", "dynamic_pins", "dynamic_vbars", "extra_concat", "extra_concat_orig", "load_device",
    "lowvram_patch_counter", "model_loaded_weight_memory", "model_lowvram", "model_offload_buffer_memory",
    "model_sampling_current", "multigpu_clones", "offload_device", "previous_controlnet", "timestep_range", "vae",
}  # fmt: skip
# Stable Diffusion 1.5 has no such weights and never asks for them; the host leaves them as it finds the memory.
UNFILLED = ("text_projection.weight", "logit_scale")
# By id, and kept alive while it is walked, so that no other thing gets the id.
Seen = dict[int, Any]


def fingerprint(*things: Any) -> str:
    """SHA-256, as hex. A function counts by its name and what it holds, an object by its class and its attributes."""
    digest, seen = hashlib.sha256(), {}
    for thing in things:
        for part in _parts(thing, seen):
            digest.update(part if isinstance(part, bytes) else part.encode())
            digest.update(b"\0")
    return digest.hexdigest()


def _parts(thing: Any, seen: Seen) -> Iterator[str | bytes]:
    if thing is None or isinstance(thing, bool | int | float | str | bytes | enum.Enum | torch.dtype | torch.device):
        yield repr(thing)
        return
    if isinstance(thing, torch.Tensor):
        yield from _tensor(thing)
        return
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    yield _kind(thing)
    yield from _of_one(thing, seen)


def _of_one(thing: Any, seen: Seen) -> Iterator[str | bytes]:
    if hasattr(thing, "model_state_dict") and hasattr(thing, "patches"):
        yield from _patched(thing, seen)
    elif hasattr(thing, "cond_stage_model"):  # CLIP
        yield from _all((thing.patcher, thing.layer_idx, thing.tokenizer_options, thing.apply_hooks_to_conds), seen)
        yield _kind(thing.tokenizer)
    elif hasattr(thing, "first_stage_model"):  # VAE
        yield from _all((thing.patcher, thing.vae_dtype), seen)
    elif isinstance(thing, Mapping):
        for key in sorted(thing, key=str):
            yield str(key)
            yield from _parts(thing[key], seen)
    elif isinstance(thing, list | tuple):
        yield from _all(thing, seen)
    elif isinstance(thing, set | frozenset):
        yield from sorted(map(str, thing))
    else:
        yield from _behaviour(thing, seen)


def _behaviour(thing: Any, seen: Seen) -> Iterator[str | bytes]:
    """Functions, methods, modules and plain objects."""
    if isinstance(thing, functools.partial):
        yield from _all((thing.func, thing.args, thing.keywords), seen)
    elif hasattr(thing, "__self__") and hasattr(thing, "__func__"):
        yield from _all((thing.__func__, thing.__self__), seen)
    elif hasattr(thing, "__code__"):
        cells = [cell.cell_contents for cell in thing.__closure__ or ()]
        yield from _all((f"{thing.__module__}.{thing.__qualname__}", thing.__defaults__, thing.__kwdefaults__), seen)
        yield from _all(cells, seen)
    elif isinstance(thing, torch.nn.Module):
        yield from _weights(thing.state_dict())
        yield from _parts(_plain(thing), seen)
    elif not isinstance(thing, type):
        yield from _parts({k: v for k, v in getattr(thing, "__dict__", {}).items() if k not in PASSING}, seen)


def _patched(patcher: Any, seen: Seen) -> Iterator[str | bytes]:
    """A ModelPatcher: the weights as they came from the file, and what is laid over them.

    A LoRA is written into the weights while the model is loaded; the untouched ones then lie in `backup`.
    """
    weights = dict(patcher.model_state_dict())
    weights |= {name: kept.weight for name, kept in patcher.backup.items()}
    yield _kind(patcher.model)
    # Its buffers are replaced while the model is loaded; what it is stands below.
    yield from _weights({n: w for n, w in weights.items() if not n.startswith("model_sampling.")})
    config = getattr(patcher.model, "model_config", None)
    yield from _all((getattr(config, "unet_config", None), getattr(patcher.model, "model_type", None)), seen)
    if hasattr(patcher.model, "model_sampling"):
        yield from _parts(patcher.get_model_object("model_sampling"), seen)
    yield from _all([getattr(patcher, name, None) for name in PATCHES], seen)


def _weights(state: Mapping[str, Any]) -> Iterator[str | bytes]:
    for name in sorted(name for name in state if not name.endswith(UNFILLED)):
        yield name
        if isinstance(state[name], torch.Tensor):
            yield from _tensor(state[name])


def _tensor(tensor: torch.Tensor) -> Iterator[str | bytes]:
    tensor = getattr(tensor, "_qdata", tensor).detach()  # the host's quantised weights are packed
    yield f"{tensor.dtype} {tuple(tensor.shape)}"
    flat = tensor.reshape(-1)
    values = flat[:: max(1, -(-len(flat) // SAMPLED))]
    yield values.cpu().contiguous().view(torch.uint8).numpy().tobytes() if len(values) else b""


def _plain(thing: Any) -> dict[str, Any]:
    """A module's own numbers and words, e.g. the shift of a schedule."""
    kinds = bool | int | float | str
    own = vars(thing).items()
    return {k: v for k, v in own if isinstance(v, kinds) and k not in PASSING and not k.startswith("_")}


def _all(things: Iterable[Any], seen: Seen) -> Iterator[str | bytes]:
    for number, thing in enumerate(things):
        yield str(number)
        yield from _parts(thing, seen)


def _kind(thing: Any) -> str:
    """With its bases: the host builds classes such as ModelSampling on the fly and gives them one name."""
    return "/".join(c.__qualname__ for c in type(thing).__mro__)
