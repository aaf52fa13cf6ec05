"""Given files on this machine, the image-to-image pipeline that they are; nothing is ever fetched."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import BadModel
from ...weightsfile import read_header
from .modelfiles import require_checkpoint, require_lora
from .settings import SCHEDULERS, DrawingSettings, Files

INDEX = "model_index.json"
INSTALL = "Install it into ComfyUI's Python: python -m pip install {0}, then start ComfyUI again."


def require_files(files: Files) -> None:
    """Raises `BadModel` that names the file and what to do, from the first bytes alone."""
    if files.model.is_dir():
        require_folder(files.model)
    else:
        require_checkpoint(files.model)
        _require_config(files)
    if files.control_net:
        _require_control_net(files.control_net)
    for lora in files.loras:
        require_lora(lora.file)


def require_folder(folder: Path) -> dict[str, Any]:
    """The folder's index. Its weights must be whole .safetensors, and it must hold no program."""
    index = _index(folder)
    program = next((p for p in folder.rglob("*.py")), None)
    if program:
        raise BadModel(
            "This folder holds a program, and programs of models are never run",
            item=f"{folder.name}/{program.relative_to(folder).as_posix()}",
            remedy="Take it out, or use a model that diffusers knows itself.",
        )
    for part in sorted(p for p in folder.iterdir() if p.is_dir() and p.name in index):
        weights = [*part.glob("*.safetensors")]
        if not weights and [*part.glob("*.bin"), *part.glob("*.ckpt"), *part.glob("*.pt")]:
            raise BadModel(
                "Only .safetensors files are loaded, and a part of this pipeline has none",
                item=f"{folder.name}/{part.name}",
                remedy="Fetch the .safetensors of the same model; other formats can run code when opened.",
            )
        for file in weights:
            read_header(file)
    return index


def load_pipeline(files: Files, settings: DrawingSettings) -> Any:
    """The pipeline on the CPU, with ControlNet, LoRAs and scheduler. Raises `BadModel`."""
    require_files(files)
    with _told(files.model):
        import diffusers

        pipeline = _bare(files, _precision(settings))
        pipeline.set_progress_bar_config(disable=True)
        _add_loras(pipeline, files)
        _set_scheduler(pipeline, settings.scheduler, diffusers)
        if settings.vae_tiling and hasattr(pipeline.vae, "enable_tiling"):
            pipeline.vae.enable_tiling()
        return pipeline


def _bare(files: Files, dtype: Any) -> Any:
    from diffusers import AutoPipelineForImage2Image

    more = {"controlnet": _control_net(files.control_net, dtype)} if files.control_net else {}
    common = {"torch_dtype": dtype, "local_files_only": True}
    if files.model.is_dir():
        # It paints a picture black that it takes for unfit, and a black picture in a set is worse than none.
        if "safety_checker" in _index(files.model):
            more |= {"safety_checker": None, "requires_safety_checker": False}
        variant = {"variant": "fp16"} if _only_halves(files.model) else {}
        return AutoPipelineForImage2Image.from_pretrained(
            files.model, use_safetensors=True, **common, **variant, **more
        )
    # Without a folder for `config` diffusers would fetch one, whatever `local_files_only` says.
    whole = _class_of(files.config).from_single_file(str(files.model), config=str(files.config), **common)
    return AutoPipelineForImage2Image.from_pipe(whole, **more)


def _control_net(folder: Path, dtype: Any) -> Any:
    import diffusers

    kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["_class_name"]
    network = getattr(diffusers, kind)
    return network.from_pretrained(folder, use_safetensors=True, local_files_only=True, torch_dtype=dtype)


def _add_loras(pipeline: Any, files: Files) -> None:
    if not files.loras:
        return
    names = [f"lora{number}" for number, _ in enumerate(files.loras)]
    for name, lora in zip(names, files.loras, strict=True):
        with _told(lora.file, "This LoRA does not fit the pipeline"):
            pipeline.load_lora_weights(
                str(lora.file.parent), weight_name=lora.file.name, adapter_name=name, local_files_only=True,
                use_safetensors=True,
            )  # fmt: skip
    pipeline.set_adapters(names, [lora.weight for lora in files.loras])


def _set_scheduler(pipeline: Any, name: str, diffusers: Any) -> None:
    if SCHEDULERS[name] is None:
        return
    kind, settings = SCHEDULERS[name]
    fitting = {c.__name__ for c in pipeline.scheduler.compatibles} | {type(pipeline.scheduler).__name__}
    if kind not in fitting:
        known = [n for n, entry in SCHEDULERS.items() if entry and entry[0] in fitting]
        raise BadModel(
            "This scheduler does not go with the pipeline", item=name, remedy=f"Choose its own, or: {', '.join(known)}."
        )
    pipeline.scheduler = getattr(diffusers, kind).from_config(pipeline.scheduler.config, **settings)


def _require_config(files: Files) -> None:
    if files.config is None:
        raise BadModel(
            "A single file does not say how its pipeline is made",
            item=files.model.name,
            remedy="Choose under config a folder of a pipeline of the same kind; only its small files are read.",
        )
    _index(files.config)


def _require_control_net(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise BadModel(
            "This folder is no ControlNet of diffusers: it has no config.json",
            item=folder.name,
            remedy="Choose a folder with config.json and diffusion_pytorch_model.safetensors.",
        )
    for file in folder.glob("*.safetensors"):
        require_checkpoint(file, "ControlNet")


def _index(folder: Path) -> dict[str, Any]:
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except OSError:
        index = None
    except (ValueError, RecursionError) as error:
        raise BadModel(f"The pipeline's {INDEX} is damaged", item=folder.name, remedy=f"{error}.") from error
    if not isinstance(index, dict) or not isinstance(index.get("_class_name"), str):
        inside = [p.name for p in folder.iterdir() if (p / INDEX).is_file()] if folder.is_dir() else []
        remedy = f"Choose {inside[0]} inside it." if inside else "Choose the folder in which that file lies."
        raise BadModel(f"This folder is no pipeline: it has no {INDEX}", item=folder.name, remedy=remedy)
    return index


def _class_of(folder: Path) -> Any:
    import diffusers

    return getattr(diffusers, _index(folder)["_class_name"])


def _only_halves(folder: Path) -> bool:
    files = [p for part in ("unet", "transformer") for p in (folder / part).glob("*.safetensors")]
    return bool(files) and all(".fp16." in p.name for p in files)


def _precision(settings: DrawingSettings) -> Any:
    import torch

    return getattr(torch, settings.precision)


@contextmanager
def _told(file: Path, otherwise: str = "diffusers cannot make an image-to-image pipeline of this"):
    """What diffusers and its relations raise, in words for an artist."""
    from safetensors import SafetensorError

    try:
        yield
    except ImportError as error:
        package = error.name or "diffusers"
        raise BadModel(f"This needs the package {package}", remedy=INSTALL.format(package)) from error
    except (SafetensorError, OSError) as error:
        raise BadModel(
            "A part of this model is missing, damaged or cut off", item=file.name, remedy=_first_words(error)
        ) from error
    except (ValueError, KeyError, AttributeError, RuntimeError, TypeError) as error:
        raise BadModel(otherwise, item=file.name, remedy=_first_words(error)) from error


def _first_words(error: Exception) -> str:
    return f"{str(error)[:300].rstrip('.')}."
