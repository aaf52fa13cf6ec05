"""Files in the local cache of the Hugging Face hub; one that is missing is fetched only when the user said so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...errors import TroupeError


def hub_folder(repository: str, files: Sequence[str], allow_download: bool, size: str) -> Path:
    """The cached snapshot of `repository` that holds every one of `files` (names or patterns).

    Without `allow_download` no connection is made. Raises `TroupeError` with the `size` of what is missing.
    """
    try:
        found = _snapshot(repository, files, local_files_only=True)
    except ValueError as error:
        remedy = "It is written owner/name."
        raise TroupeError("This is not the name of a repository", item=repository, remedy=remedy) from error
    if found is not None:
        return found
    if not allow_download:
        raise TroupeError(
            f"{files[0]} is not in this machine's hub cache",
            item=repository,
            remedy=f"Put the model into models/open_clip, or turn allow_download on once ({size}).",
        )
    try:
        found = _snapshot(repository, files, local_files_only=False)
    except OSError as error:  # what the hub's client raises is one, whatever went wrong on the way
        raise TroupeError("The download failed", item=repository, remedy=f"{error}.") from error
    if found is None:
        remedy = "Choose other weights: only .safetensors files are loaded."
        raise TroupeError(f"The hub has no {files[0]} there", item=repository, remedy=remedy)
    return found


def _snapshot(repository: str, files: Sequence[str], local_files_only: bool) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(repository, allow_patterns=list(files), local_files_only=local_files_only))
    except LocalEntryNotFoundError:
        if local_files_only:
            return None
        raise
    return folder if any(folder.glob(files[0])) else None
