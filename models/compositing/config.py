"""The sizes of a compositing model, and the presets that people choose by name."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from ..errors import TroupeError

# Far beyond every preset: a file that asks for more is damaged, or is to fill the machine's memory.
LARGEST_SIDE, LARGEST_DEPTH = 4096, 8


@dataclass(frozen=True)
class ModelConfig:
    """Sides in pixels. `width`: channels at the first stride of the encoders; `tokens`: channels of the fused feature.

    `visible`: the share of a box that must lie inside the frame for a position to count.
    `channels`: of the composition network per level; `attention`: which levels look at the fused feature.
    """

    preset: str = "tiny"
    background_side: int = 128
    foreground_side: int = 64
    width: int = 32
    tokens: int = 192
    layers: int = 3
    heads: int = 6
    visible: float = 0.8
    dropout: float = 0.1
    view_side: int = 64
    channels: tuple[int, ...] = (32, 48, 64, 96)
    attention: tuple[bool, ...] = (False, False, True, True)
    composition: str = "field"

    def as_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ModelConfig:
        """Raises `TroupeError` for settings that this version does not know."""
        known = {f.name for f in fields(cls)}
        try:
            given = json.loads(text)
            if not isinstance(given, dict) or not set(given) <= known:
                raise ValueError(f"unknown: {', '.join(sorted(set(given) - known))}")
            config = cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
            if unsound := [f.name for f in fields(cls) if not _is_sound(getattr(config, f.name), f.default)]:
                raise ValueError(f"not possible: {', '.join(unsound)}")
            return config
        except (ValueError, TypeError, RecursionError) as error:
            raise TroupeError(
                "This checkpoint was made for another version of the compositing model",
                item=str(error),
                remedy="Update Troupe, or train the model anew.",
            ) from error


def _is_sound(value: object, usual: object) -> bool:
    """Whether `value` is of the kind of `usual`, and of a size that a machine can hold."""
    if isinstance(usual, tuple):
        return (
            isinstance(value, tuple) and 0 < len(value) <= LARGEST_DEPTH and all(_is_sound(v, usual[0]) for v in value)
        )
    if isinstance(usual, float):
        return type(value) in (int, float) and 0 <= value <= 1
    return type(value) is type(usual) and (type(value) is not int or 0 < value <= LARGEST_SIDE)


PRESETS: tuple[ModelConfig, ...] = (
    ModelConfig(),
    ModelConfig(
        preset="small",
        background_side=256,
        foreground_side=128,
        width=48,
        tokens=288,
        layers=4,
        view_side=128,
        channels=(64, 96, 128, 192),
    ),
    ModelConfig(
        preset="sd15-inpaint",
        background_side=256,
        foreground_side=128,
        width=48,
        tokens=288,
        layers=4,
        view_side=512,
        channels=(320, 640, 1280, 1280),
        attention=(True, True, True, False),
        composition="latent",
    ),
)


def preset(name: str) -> ModelConfig:
    """Raises `TroupeError` for a name that is not there."""
    for config in PRESETS:
        if config.preset == name:
            return config
    raise TroupeError(
        "There is no such preset", item=name, remedy=f"Choose one of {', '.join(c.preset for c in PRESETS)}."
    )
