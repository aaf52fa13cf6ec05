"""The model files behind a wire, looked at before the host reads them, whose loaders do not name a damaged one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import folder_paths

# Where the host's loaders look for what their widgets name; `clip_name1` is read as `clip_name`.
KINDS = {
    "ckpt_name": ("checkpoints",),
    "unet_name": ("diffusion_models",),
    "clip_name": ("text_encoders",),
    "vae_name": ("vae",),
    "lora_name": ("loras",),
}
OTHERS = ("text_encoders", "checkpoints")  # under widgets of other names, as other packs' loaders have them
PARTS = ("model", "clip", "vae")  # sockets of what draws
WHOLE = ("ckpt_name", "unet_name", "clip_name", "vae_name")  # widgets that want more than a LoRA
SUFFIX = ".safetensors"  # of other files the host says enough


def require_whole_files(prompt: Mapping[str, Any] | None, node_id: str | None, *sockets: str) -> None:
    """`prompt`: as it was queued. Raises `TroupeError` that names a file which a loader before one of `sockets` would
    stumble over."""
    from ...models.errors import BadModel
    from ...models.weightsfile import is_lora, read_header

    seen: set[str] = set()
    for widget, path in dict.fromkeys(
        f for socket in sockets for f in _files_before(prompt or {}, node_id, socket, seen)
    ):
        if is_lora(read_header(path).shapes) and widget in WHOLE:
            remedy = "Choose the model that the LoRA was trained on, and the LoRA itself in a Load LoRA node behind it."
            raise BadModel("This is a LoRA, and a whole model is wanted", item=path.name, remedy=remedy)


def _files_before(
    prompt: Mapping[str, Any], node_id: str | None, socket: str, seen: set[str]
) -> Iterator[tuple[str, Path]]:
    """Each with its widget, without a number at its end."""
    link = prompt.get(node_id, {}).get("inputs", {}).get(socket)
    if not isinstance(link, list) or not link or link[0] in seen:
        return
    seen.add(link[0])
    for name, value in prompt.get(link[0], {}).get("inputs", {}).items():
        if isinstance(value, str) and value.endswith(SUFFIX):
            widget = name.rstrip("0123456789")
            found = (folder_paths.get_full_path(kind, value) for kind in KINDS.get(widget, OTHERS))
            yield from ((widget, Path(path)) for path in found if path)
        yield from _files_before(prompt, link[0], name, seen)
