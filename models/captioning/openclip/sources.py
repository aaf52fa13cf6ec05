"""Where a model comes from: a folder as open_clip saves it, one file of weights, or the hub's cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import TroupeError
from ...weightsfile import read_header
from .architecture import fitting_architectures, likeliest_architecture
from .building import size_in_words
from .clip import Source, require_open_clip
from .foreign import require_clip
from .hub import hub_folder
from .preparing import Preprocess, published_preprocess

CONFIG = "open_clip_config.json"
WEIGHTS = ("open_clip_model.safetensors", "model.safetensors")
PROMPTS = "troupe_prompts.json"
# What a repository of a whole model holds beside the weights; `tokenizer*` and the like where it has its own.
WHOLE = (WEIGHTS[0], CONFIG, "tokenizer*", "special_tokens_map.json", "*.model", "*.txt")


def from_place(place: Path, architecture: str = "") -> Source:
    """A folder or a file."""
    if not place.exists():
        raise TroupeError("There is no such file or folder", item=place.name, remedy="Check the path.")
    return from_folder(place) if place.is_dir() else from_file(place, architecture)


def from_folder(folder: Path) -> Source:
    """`open_clip_config.json` and weights, perhaps files of a tokenizer and prompts of its own."""
    require_open_clip()
    settings = _settings(folder / CONFIG)
    config = settings.get("model_cfg")
    if not isinstance(config, dict) or not {"embed_dim", "vision_cfg", "text_cfg"} <= config.keys():
        raise TroupeError(f"{CONFIG} describes no model", item=folder.name, remedy="Download the folder again.")
    preprocess = Preprocess.of(settings.get("preprocess_cfg", {}))
    return Source(_weights_in(folder), config, preprocess, folder.name, folder.name, folder / PROMPTS, folder)


def from_file(path: Path, architecture: str = "") -> Source:
    """`architecture`: a name of open_clip's, or "" to tell it by the shapes of the weights.

    Mean and deviation come from `preprocess_cfg` in `NAME.json` beside the file, or else are those of the weights
    published for the architecture; prompts of its own are `NAME.prompts.json`.
    """
    require_open_clip()
    shapes = read_header(path).shapes
    require_clip(shapes, path.name)
    fitting = fitting_architectures(shapes)
    architecture = architecture or likeliest_architecture(fitting, path.name)
    if not architecture:
        remedy = "Type it as open_clip calls it, e.g. ViT-B-16-SigLIP."
        raise TroupeError("The weights alone do not tell their architecture", item=path.name, remedy=remedy)
    config = _config_of(architecture, f"The weights fit {', '.join(fitting[:3])}." if fitting else "")
    sidecar = path.with_suffix(".json")
    preprocess = published_preprocess(architecture, path.name)
    if sidecar.is_file():
        preprocess = Preprocess.of(_settings(sidecar).get("preprocess_cfg", {}))
    return Source(path, config, preprocess, path.name, architecture, path.with_suffix(".prompts.json"))


def from_hub(name: str, tag: str = "", allow_download: bool = False) -> Source:
    """A repository (`owner/name`), or an architecture and the `tag` of weights that open_clip knows for it."""
    require_open_clip()
    import open_clip

    name = name.strip().removeprefix("hf-hub:")
    if "/" in name:
        return from_folder(hub_folder(name, WHOLE, allow_download, "its page tells the size"))._replace(name=name)
    config = _config_of(name)
    published = open_clip.get_pretrained_cfg(name, tag)
    repository, _, file = published.get("hf_hub", "").rpartition("/")
    if not repository:
        remedy = f"There are: {', '.join(open_clip.list_pretrained_tags_by_model(name)) or 'none'}."
        raise TroupeError(f"The hub has no weights for {name} of this name", item=tag or "(none typed)", remedy=remedy)
    file = f"{Path(file).stem}.safetensors" if file else WEIGHTS[0]
    folder = hub_folder(repository, (file,), allow_download, size_in_words(config))
    return Source(folder / file, config, Preprocess.of(published), f"{name} {tag}", name, folder / PROMPTS)


def _weights_in(folder: Path) -> Path:
    found = [folder / name for name in WEIGHTS if (folder / name).is_file()] or sorted(folder.glob("*.safetensors"))
    if not found:
        remedy = f"Put {WEIGHTS[0]} into it; other formats can run code when opened and are not loaded."
        raise TroupeError("This folder holds no .safetensors file", item=folder.name, remedy=remedy)
    return found[0]


def _settings(path: Path) -> Mapping[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return read
        why = "it holds no JSON object"
    except (OSError, ValueError, RecursionError) as error:
        why = str(error)
    remedy = f"Download it again ({why})."
    raise TroupeError(f"{path.name} cannot be read", item=path.parent.name, remedy=remedy)


def _config_of(architecture: str, near: str = "") -> Mapping[str, Any]:
    import open_clip

    config = open_clip.get_model_config(architecture)
    if config is None:
        remedy = near or "Names are written as in open_clip.list_models(), e.g. ViT-B-32."
        raise TroupeError("open_clip knows no such architecture", item=architecture or "(none typed)", remedy=remedy)
    return config
