"""What a file of weights really is, told from its first bytes, before gigabytes are read or anything is built of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from .errors import BadModel

Shapes = Mapping[str, tuple[int, ...]]

# Names of weights by which a LoRA is known: kohya's, PEFT's, and those with which diffusers saved its first ones.
LORA = (".lora_", "_lora.up.", "_lora.down.", ".lora.up.", ".lora.down.", "lora_up", "lora_down")
PAGE = (b"<!doctype", b"<html", b"<?xml")
POINTER = b"version https://git-lfs"


class Header(NamedTuple):
    """Names and shapes of the tensors, and what whoever saved them noted beside them."""

    shapes: Shapes
    notes: Mapping[str, str]


def read_header(path: Path) -> Header:
    """Of a whole `.safetensors` file. Raises `BadModel` for anything else, and says what it is."""
    from safetensors import SafetensorError, safe_open

    if path.suffix.lower() != ".safetensors":
        remedy = "Other formats can run code when opened; look for the same model as .safetensors."
        raise BadModel("Only .safetensors files are loaded", item=path.name, remedy=remedy)
    _refuse_text(path)
    try:
        with safe_open(path, "pt") as file:
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
            return Header(shapes, file.metadata() or {})
    except (SafetensorError, OSError, ValueError) as error:
        remedy = f"Download it again ({error})."
        raise BadModel("This model file is damaged or cut off", item=path.name, remedy=remedy) from error


def is_lora(names: Iterable[str]) -> bool:
    return any(part in name for name in names for part in LORA)


def _refuse_text(path: Path) -> None:
    """A download page or a pointer of Git LFS, saved under the name of the model."""
    try:
        with open(path, "rb") as file:
            start = file.read(256).lstrip().lower()
    except OSError as error:
        remedy = f"{error.strerror or error}."
        raise BadModel("This model file cannot be read", item=path.name, remedy=remedy) from error
    if start.startswith(PAGE):
        remedy = "Download the file itself with the site's own download button; it may ask you to log in first."
        raise BadModel("This is a web page, saved under the name of a model", item=path.name, remedy=remedy)
    if start.startswith(POINTER):
        remedy = "Fetch the file itself, with git lfs pull or in the browser, and check its size."
        raise BadModel("This is a Git LFS pointer, saved under the name of a model", item=path.name, remedy=remedy)
