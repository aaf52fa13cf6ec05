"""What a model file really is, told from its first bytes, before gigabytes are read or anything in it is run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from ...errors import BadModel

# Names of weights by which a LoRA is known: kohya's, PEFT's, and those with which diffusers saved its first ones.
LORA = (".lora_down.", ".lora_up.", ".lora_A.", ".lora_B.", "_lora.up.", "_lora.down.", ".lora.up.", ".lora.down.")
LARGEST_HEADER = 100_000_000  # bytes; the limit of safetensors itself
SAMPLES, SAMPLE = 256, 4096  # of a file, and bytes each


def weight_names(path: Path) -> set[str]:
    """Of a whole `.safetensors` file. Raises `BadModel` for anything else, and says what it is."""
    if path.suffix.lower() != ".safetensors":
        raise BadModel(
            "Only .safetensors files are loaded",
            item=path.name,
            remedy="Other formats can run code when opened; the same model is offered as .safetensors.",
        )
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(200)
            file.seek(8)
            length = int.from_bytes(start[:8], "little")
            text = file.read(length) if length <= min(LARGEST_HEADER, size) else b""
    except OSError as error:
        raise BadModel("This model file cannot be read", item=path.name, remedy=f"{error.strerror}.") from error
    header = _parsed(text)
    if header is None:
        raise _no_weights(path, start, size)
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    wanted = 8 + length + max(ends, default=0)
    if size < wanted:
        raise BadModel(
            f"This model file is cut off: {size:,} of {wanted:,} bytes are there",
            item=path.name,
            remedy="Copy or download it again.",
        )
    return set(header) - {"__metadata__"}


def require_checkpoint(path: Path, what: str = "checkpoint") -> None:
    """Raises `BadModel` for a file that is no whole `what`."""
    names = weight_names(path)
    if is_lora(names):
        raise BadModel(
            f"This is a LoRA, and a {what} is wanted",
            item=path.name,
            remedy=f"Choose the {what} that the LoRA was trained on, and name the LoRA under loras.",
        )


def require_lora(path: Path) -> None:
    """Raises `BadModel` for a file that is no whole LoRA."""
    if not is_lora(weight_names(path)):
        raise BadModel("This file is no LoRA", item=path.name, remedy="Choose a file that was trained as a LoRA.")


def is_lora(names: Iterable[str]) -> bool:
    return any(part in name for name in names for part in LORA)


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


def _parsed(text: bytes) -> dict | None:
    try:
        header = json.loads(text) if text else None
        whole = isinstance(header, dict) and all("data_offsets" in e for n, e in header.items() if n != "__metadata__")
    except (ValueError, TypeError, RecursionError):
        return None
    return header if whole else None


def _no_weights(path: Path, start: bytes, size: int) -> BadModel:
    if start.lstrip()[:1] == b"<":
        return BadModel(
            "This is a web page saved under a model's name",
            item=path.name,
            remedy="Download the file itself; the site may ask you to log in first.",
        )
    if start.startswith(b"version https://git-lfs"):
        return BadModel(
            "This is only a pointer to a model file",
            item=path.name,
            remedy="Fetch the file itself, with git lfs pull or in the browser.",
        )
    why = "it is empty" if size == 0 else "it does not begin like one"
    return BadModel(f"This is no .safetensors file: {why}", item=path.name, remedy="Copy or download it again.")
