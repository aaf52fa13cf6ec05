"""Where Troupe touches the host: folders, progress, cancel, and what a node shows."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path, PureWindowsPath
from typing import Any

import comfy.model_management
import comfy.utils
import folder_paths
import torch
from comfy.cli_args import args
from comfy_api.latest import io, ui
from comfy_execution.utils import get_executing_context
from PIL import Image

from ..models.errors import TroupeError
from ..models.pixels import from_pillow
from ..models.samples.store import Store

OWN_SAMPLES = "troupe-samples"
_PACK = Path(__file__).resolve().parent.parent


def store() -> Store:
    """Made pictures live beside the user's settings: over restarts, outside of every output folder."""
    return Store(Path(folder_paths.get_user_directory()) / "troupe" / "store")


# File -> whether it was there when last asked for, and how often it was found gone. The host remembers which nodes are
# up to date for as long as its process lives, and so does this.
_seen: dict[Path, tuple[bool, int]] = {}


def deletions(file: Path) -> str:
    """Another text each time `file` is found deleted, and the same one otherwise."""
    was_there, times = _seen.get(file, (False, 0))
    there = file.is_file()
    _seen[file] = there, times + (was_there and not there)
    return str(_seen[file][1])


class UsesStore:
    """A node whose result points into the store: when files there were deleted, it must run again."""

    @classmethod
    def fingerprint_inputs(cls, **_):
        made = store()
        made.tidy()
        return made.identity()


def input_path(text: str, made: Path | None = None) -> Path:
    """What an artist typed: a path below the host's input folder, an absolute one, or one of Troupe's own samples.

    A path that leads out of the input folder is accepted only while the host listens on this machine
    alone, because then the person who typed it sits at it, or below `made`, where a node of ours wrote it.
    Raises `TroupeError` otherwise.
    """
    text = text.strip().strip('"')
    if PureWindowsPath(text).drive.startswith("\\\\") and not listens_on_loopback():
        raise _outside(text)  # before it is looked for: Windows would log on to the server that it names
    inputs = Path(folder_paths.get_input_directory()).resolve()
    if os.sep == "/" and "\\" in text and not (inputs / text).exists():
        text = text.replace("\\", "/")  # a workflow from Windows
    first, *rest = Path(text).parts or ("",)
    own = first == OWN_SAMPLES
    root = (_PACK / "assets" / "samples").resolve() if own else inputs
    path = root.joinpath(*rest).resolve() if own else (root / os.path.expanduser(text)).resolve()
    if not (path.is_relative_to(root) or listens_on_loopback() or (made and path.is_relative_to(made.resolve()))):
        raise _outside(text)
    return path


def _outside(text: str) -> TroupeError:
    return TroupeError(
        "This lies outside ComfyUI's input folder",
        item=text,
        remedy="Copy it into the input folder: this server can be reached from other machines.",
    )


def composite_sets() -> Path:
    """Where Make Composite Samples writes."""
    return Path(folder_paths.get_output_directory()) / "composite_samples"


def lora_datasets() -> Path:
    """Where Write LoRA Dataset writes."""
    return Path(folder_paths.get_output_directory()) / "datasets"


def input_folder(text: str, made: Path | None = None) -> Path:
    """`input_path` of a folder that is there; raises `TroupeError` for one that is not."""
    folder = input_path(text, made)
    if not text.strip() or not folder.is_dir():
        raise TroupeError(
            "There is no such folder",
            item=text or "(nothing typed)",
            remedy=f'Type a folder below ComfyUI\'s input folder, a full path, or "{OWN_SAMPLES}".',
        )
    return folder


def listens_on_loopback() -> bool:
    def is_loopback(address: str) -> bool:
        try:
            return ipaddress.ip_address(address.strip()).is_loopback
        except ValueError:
            return address.strip() == "localhost"

    return all(map(is_loopback, args.listen.split(",")))


def check(test, *arguments) -> bool | str:
    """For `validate_inputs`: run `test`, turn its error into the host's red text."""
    try:
        test(*arguments)
    except TroupeError as error:
        return str(error)
    return True


class HostProgress:
    """Satisfies `models.progress.Progress`: moves the node's bar, names the picture at hand, raises on Cancel.

    The host's own bar looks at Cancel only when its throttle lets it, so this asks for every item.
    """

    def __init__(self) -> None:
        context = get_executing_context()
        self._node = context.node_id if context else None
        self._bar = comfy.utils.ProgressBar(1)
        self._said = ""

    def __call__(self, done: int, total: int, name: str) -> None:
        comfy.model_management.throw_exception_if_processing_interrupted()
        self._bar.update_absolute(done, max(total, 1))
        self._say(f"{done + 1} of {total}: {name}" if total else name)

    def show(self, picture) -> None:
        """A Pillow picture on the node while it works; it stays when the work is done."""
        self._bar.update_absolute(self._bar.current, self._bar.total, ("JPEG", picture, max(picture.size)))

    def finish(self, text: str) -> None:
        """What stays on the node when the work is done."""
        self._bar.update_absolute(self._bar.total)
        self._say(text)

    def _say(self, text: str) -> None:
        if text == self._said:
            return
        self._said = text
        from server import PromptServer

        server = getattr(PromptServer, "instance", None)
        if server is not None and self._node is not None:
            server.send_progress_text(text, self._node)


def image_batch(image) -> torch.Tensor:
    """A Pillow picture as the host's IMAGE: `(1, H, W, 3)` on the host's intermediate device."""
    return from_pillow(image.convert("RGB")).unsqueeze(0).to(comfy.model_management.intermediate_device())


def shown(facts: dict[str, Any], *pictures: torch.Tensor | Image.Image, cls: type[io.ComfyNode] | None = None) -> dict:
    """What a node puts into `/history`: machine-readable facts under "troupe", and pictures to look at, of any sizes.

    The host's editor shows the pictures on the node; of a text it shows none there, but that of `finish`. A node
    that is no output node says `has_intermediate_output`: else its pictures are missing when it was in the cache.
    """
    batches = (p if isinstance(p, torch.Tensor) else image_batch(p) for p in pictures)
    saved = [item for batch in batches for item in ui.PreviewImage(batch, cls=cls).values]
    return {"troupe": [facts]} | ({"images": saved, "animated": (False,)} if saved else {})
