"""The model files behind a wire, looked at before the host reads them, whose loaders do not name a damaged one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import folder_paths

from ...models.captioning.openclip.weightsfile import weight_shapes

KINDS = ("text_encoders", "checkpoints")
SUFFIX = ".safetensors"  # of other files the host says enough


def require_whole_files(prompt: Mapping[str, Any] | None, node_id: str | None, socket: str) -> None:
    """`prompt`: as it was queued. Raises `TroupeError` that names a file which a loader before `socket` would stumble
    over."""
    for path in dict.fromkeys(_files_before(prompt or {}, node_id, socket, set())):
        weight_shapes(path)


def _files_before(prompt: Mapping[str, Any], node_id: str | None, socket: str, seen: set[str]) -> Iterator[Path]:
    link = prompt.get(node_id, {}).get("inputs", {}).get(socket)
    if not isinstance(link, list) or not link or link[0] in seen:
        return
    seen.add(link[0])
    for name, value in prompt.get(link[0], {}).get("inputs", {}).items():
        if isinstance(value, str) and value.endswith(SUFFIX):
            found = (folder_paths.get_full_path(kind, value) for kind in KINDS)
            yield from (Path(path) for path in found if path)
        yield from _files_before(prompt, link[0], name, seen)
