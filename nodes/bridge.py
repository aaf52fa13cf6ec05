"""Where Troupe touches the host: folders, progress, cancel, and what a node shows."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
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

from ..models.confinement import stays_below
from ..models.errors import TroupeError
from ..models.pixels import from_pillow
from ..models.samples.store import Store
from ..models.samples.walking import printable
from ..models.sharding.keeping import Keeper
from ..models.sharding.roots import Roots

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
    inputs = folder_paths.get_input_directory()
    if os.sep == "/" and "\\" in text and not os.path.exists(os.path.join(inputs, text)):
        text = text.replace("\\", "/")  # a workflow from Windows
    first, *rest = Path(text).parts or ("",)
    own = first == OWN_SAMPLES
    root = _PACK / "assets" / "samples" if own else Path(inputs)
    typed = os.path.join(root, *rest) if own else os.path.join(root, os.path.expanduser(text))
    roots = [os.path.realpath(place) for place in (root, made) if place]
    # First by its words: on Windows a share on another machine would be told who asks for it.
    _require_below([root, *roots], typed, text)
    try:
        path = os.path.realpath(typed)
        _require_below(roots, path, text)
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass  # whoever opens it says so
    except (ValueError, OSError) as error:  # a zero byte, half a character, thousands of letters, a link to itself
        raise TroupeError("This is no path", item=printable(text[:80]), remedy="Type it again.") from error
    return Path(path)


def _require_below(roots: Iterable[str | os.PathLike], path: str, text: str) -> None:
    if not (any(stays_below(root, path) for root in roots) or listens_on_loopback()):
        raise _outside(text)


def _outside(text: str) -> TroupeError:
    return TroupeError(
        "This lies outside ComfyUI's input folder",
        item=printable(text),
        remedy="Copy it into the input folder: this server can be reached from other machines.",
    )


def composite_sets() -> Path:
    """Where Make Composite Samples writes."""
    return Path(folder_paths.get_output_directory()) / "composite_samples"


def lora_datasets() -> Path:
    """Where Write LoRA Dataset writes."""
    return Path(folder_paths.get_output_directory()) / "datasets"


def saved_sets() -> Path:
    """Where Save Sample Set writes."""
    return Path(folder_paths.get_output_directory()) / "troupe_sets"


def keeper() -> Keeper:
    """Pictures of saved sets lie beside them, for all servers that share the output folder."""
    root = store().root
    folders = dict.fromkeys((str(root), str(root.resolve())))
    return Keeper(tuple(folders), Path(folder_paths.get_output_directory()) / "troupe_pictures")


def roots() -> Roots:
    """What paths of saved sets count from. Each also by its real path, because `input_path` resolves links."""
    folders = (
        ("input", folder_paths.get_input_directory()),
        ("output", folder_paths.get_output_directory()),
        ("store", store().root),
        ("samples", _PACK / "assets" / "samples"),
    )
    both = ((name, str(path)) for name, folder in folders for path in (folder, Path(folder).resolve()))
    return Roots(tuple(dict.fromkeys(both)))


def input_folder(text: str, made: Path | None = None) -> Path:
    """`input_path` of a folder that is there; raises `TroupeError` for one that is not."""
    folder = input_path(text, made)
    if not text.strip() or not os.path.isdir(folder):
        raise TroupeError(
            "There is no such folder",
            item=text or "(nothing typed)",
            remedy=f'Type a folder below ComfyUI\'s input folder, a full path, or "{OWN_SAMPLES}".',
        )
    return folder


def chosen_file(folder: str, name: str, what: str = "There is no such model") -> Path:
    """One of the files that the host lists below its model folders; raises `TroupeError` for any other."""
    try:
        path = folder_paths.get_full_path(folder, name)
    except ValueError:  # another drive
        path = None
    if path is None:
        raise TroupeError(what, item=printable(name[:80]), remedy=f"Choose one that lies in models/{folder}.")
    return Path(path)


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
        self._say(f"{done + 1} of {total}: {name}" if done < total else name)

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
