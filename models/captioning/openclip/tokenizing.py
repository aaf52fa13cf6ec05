"""The tokenizer that belongs to a text tower, from this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from ...errors import TroupeError
from .hub import hub_folder

FILES = ("tokenizer*", "*.json", "*.model", "*.txt")
SIZE = "a few megabytes"

Tokenizer = Callable[[list[str]], Tensor]


def tokenizer_of(text: Mapping[str, Any], folder: Path | None, name: str, allow_download: bool) -> Tokenizer:
    """`text`: `text_cfg` of the model. CLIP's own tokenizer comes with open_clip; any other lies in the model's
    `folder` or in the hub's cache. Raises `TroupeError` where it is in neither."""
    import open_clip
    from open_clip.tokenizer import HFTokenizer

    context = text.get("context_length", 77)
    wanted = text.get("hf_tokenizer_name")
    if not wanted:
        return open_clip.SimpleTokenizer(context_length=context, **text.get("tokenizer_kwargs", {}))
    if folder is None or not any(folder.glob("tokenizer*")):
        folder = _cached(wanted, name, allow_download)
    mode, extras = text.get("tokenizer_mode"), text.get("tokenizer_kwargs", {})
    try:
        return HFTokenizer(str(folder), context_length=context, tokenizer_mode=mode, **extras)
    except (OSError, ValueError, TypeError, ImportError) as error:
        remedy = f"Put the files of {wanted} beside the weights ({error})."
        raise TroupeError("The tokenizer cannot be read", item=name, remedy=remedy) from error


def _cached(wanted: str, name: str, allow_download: bool) -> Path:
    try:
        return hub_folder(wanted, FILES, allow_download, SIZE)
    except TroupeError as error:
        raise TroupeError(
            "The tokenizer of this model is missing",
            item=name,
            remedy=f"Put tokenizer.json and its companions from {wanted} into the model's folder, "
            f"or turn allow_download on once ({SIZE}).",
        ) from error
