"""Model files of the right kind, and a print by which they are known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ...errors import BadModel
from ...weightsfile import is_lora, read_header

SAMPLES, SAMPLE = 256, 4096  # of a file, and bytes each


def require_checkpoint(path: Path, what: str = "checkpoint") -> None:
    """Raises `BadModel` for a file that is no whole `what`."""
    if is_lora(read_header(path).shapes):
        raise BadModel(
            f"This is a LoRA, and a {what} is wanted",
            item=path.name,
            remedy=f"Choose the {what} that the LoRA was trained on, and name the LoRA under loras.",
        )


def require_lora(path: Path) -> None:
    """Raises `BadModel` for a file that is no whole LoRA."""
    if not is_lora(read_header(path).shapes):
        raise BadModel("This file is no LoRA", item=path.name, remedy="Choose a file that was trained as a LoRA.")


def files_print(paths: Iterable[Path]) -> str:
    """SHA-256, as hex, of what lies at `paths` (files and folders), whatever they are called and wherever they are.

    Of a large file, its size, its header and 256 places are read: a fine-tune or a merge moves nearly every weight.
    """
    digest = hashlib.sha256()
    for root in paths:
        for path in sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]:
            if path.suffix in (".safetensors", ".json", ".txt", ".model"):
                digest.update(path.relative_to(root).as_posix().encode() if path != root else b"")
                _read_some(path, digest)
    return digest.hexdigest()


def _read_some(path: Path, digest) -> None:
    size = path.stat().st_size
    digest.update(str(size).encode())
    step = max(SAMPLE, size // SAMPLES)
    with path.open("rb") as file:
        if path.suffix == ".safetensors":  # names and shapes of all weights
            digest.update(file.read(min(int.from_bytes(file.read(8), "little"), size)))
        for place in range(0, size, step):
            file.seek(place)
            digest.update(file.read(SAMPLE))
