"""Which of open_clip's architectures a file of weights was made for, told by the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...weightsfile import Shapes


def fitting_architectures(shapes: Shapes) -> tuple[str, ...]:
    """Names that open_clip knows, the plainest first. Variants that differ by their activation alone fit together;
    towers of timm and transformers keep their shapes to themselves and are never among them."""
    import open_clip

    names = [name for name in open_clip.list_models() if fits(open_clip.get_model_config(name), shapes)]
    return tuple(sorted(names, key=lambda name: (len(name), name)))


def likeliest_architecture(fitting: Sequence[str], file_name: str) -> str:
    """The one whose activation is that of the published weights that `file_name` names, or the plainest; "" for none.

    OpenAI's weights in a model without QuickGELU give answers, only worse ones, so the file's name is worth a look.
    """
    import open_clip

    for name in fitting:
        quick = open_clip.get_model_config(name).get("quick_gelu", False)
        tags = named_tags(name, file_name)
        if any(open_clip.get_pretrained_cfg(name, tag).get("quick_gelu", False) == quick for tag in tags):
            return name
    return next(iter(fitting), "")


def named_tags(architecture: str, file_name: str) -> list[str]:
    """Those tags of published weights of the architecture that stand in the file's name."""
    import open_clip

    plain = file_name.lower().replace("-", "_")
    return [tag for tag in open_clip.list_pretrained_tags_by_model(architecture) if tag.lower() in plain]


def fits(config: Mapping[str, Any], shapes: Shapes) -> bool:
    wanted = _vision(config) | _text(config)
    if not wanted or ("multimodal_cfg" in config) != any(name.startswith("text_decoder.") for name in shapes):
        return False
    return all(shapes.get(name) == shape for name, shape in wanted.items())


def _vision(config: Mapping[str, Any]) -> dict[str, tuple[int, ...] | None]:
    """Tensors by which the image tower is told; None: must not be there."""
    vision = config["vision_cfg"]
    if "timm_model_name" in vision:
        return {"visual": ()}  # no such tensor: fits nothing
    width, layers = vision.get("width", 768), vision.get("layers", 12)
    if isinstance(layers, list):
        last = {f"visual.layer{i + 1}.{n - 1}.bn1.weight": (width * 2**i,) for i, n in enumerate(layers)}
        beyond = {f"visual.layer{i + 1}.{n}.bn1.weight": None for i, n in enumerate(layers)}
        across = vision["image_size"] // 32
        return last | beyond | {"visual.attnpool.positional_embedding": (across**2 + 1, width * 32)}
    patch, side = vision.get("patch_size", 16), vision.get("image_size", 224)
    return {
        "visual.conv1.weight": (width, 3, patch, patch),
        "visual.positional_embedding": ((side // patch) ** 2 + 1, width),
        **_blocks("visual.transformer.resblocks", layers, width),
    }


def _text(config: Mapping[str, Any]) -> dict[str, tuple[int, ...] | None]:
    text = config["text_cfg"]
    if "hf_model_name" in text:
        return {"text": ()}
    prefix = "text." if config.get("custom_text") else ""
    width, places = text.get("width", 512), text.get("context_length", 77) + bool(text.get("embed_cls"))
    return {
        f"{prefix}token_embedding.weight": (text.get("vocab_size", 49408), width),
        f"{prefix}positional_embedding": (places, width),
        **_blocks(f"{prefix}transformer.resblocks", text.get("layers", 12), width),
    }


def _blocks(prefix: str, layers: int, width: int) -> dict[str, tuple[int, ...] | None]:
    return {f"{prefix}.{layers - 1}.ln_1.weight": (width,), f"{prefix}.{layers}.ln_1.weight": None}
