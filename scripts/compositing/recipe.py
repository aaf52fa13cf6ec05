"""What a training is made of, as its configuration file says it.

    {"groups": ["my_groups"]}

is enough for groups of your own; `"settings": {...}` may stand beside it. The whole form, of which the shipped
weights' shipped.json is an example:

    {
      "preset": "tiny", "seed": 0, "dtype": "float16",
      "model": {"width": 48},
      "stages": [
        {
          "settings": {"steps": 2000, "batch": 16, "augment": {"flip": 0.5}},
          "sources": {
            "scenes": {"count": 4000, "seed": 1},
            "photographs": {"folder": "coco_open", "variants": 3, "seed": 0},
            "groups": ["my_groups"]
          },
          "shares": {"scenes": 0.5, "photographs": 0.3, "groups": 0.2},
          "length": 6000
        }
      ],
      "heldout": {"scenes": {"count": 64, "seed": 2}, "photographs": {"folder": "coco_open"}}
    }

Stages follow one another on one model. Of groups, each stage holds some out by itself (`"holdout"` in its settings);
`heldout` adds others, which no stage trains on: of photographs a validation part, of scenes another seed. How far the
finished model's colours are trusted is found out on `"colours"`, which has the same form, where it is there: light
falls more simply in drawn scenes than in photographs. Paths are relative to the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from ...models.compositing.config import ModelConfig, preset
from ...models.compositing.training.settings import TrainSettings
from .jsonvalues import as_value, wrong
from .photographs import SIDE


@dataclass(frozen=True)
class DrawnScenes:
    """`count` scenes of scenes/scene.py; different seeds share none."""

    count: int
    seed: int = 0


@dataclass(frozen=True)
class Photographs:
    """Things in openly licensed photographs, each taken out in `variants` ways; `side`: pixels of the long side."""

    folder: Path
    variants: int = 1
    seed: int = 0
    side: int = SIDE


@dataclass(frozen=True)
class Sources:
    scenes: DrawnScenes | None = None
    photographs: Photographs | None = None
    groups: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.scenes or self.photographs or self.groups)


@dataclass(frozen=True)
class Shares:
    """How much of a stage each kind of source is; they need not add up to 1. exchanged: photographs in which the thing
    is another one of its kind, for the position alone."""

    scenes: float = 0.0
    photographs: float = 0.0
    exchanged: float = 0.0
    groups: float = 0.0


@dataclass(frozen=True)
class Stage:
    """shares: None = as many as there are. length: groups to choose from; 0 = as many as there are."""

    sources: Sources
    settings: TrainSettings = TrainSettings()
    shares: Shares | None = None
    length: int = 0


@dataclass(frozen=True)
class Recipe:
    """dtype: of the finished file. base: the inpainting checkpoint that a latent model continues."""

    stages: tuple[Stage, ...]
    config: ModelConfig
    seed: int = 0
    dtype: Literal["float16", "float32"] = "float32"
    heldout: Sources = Sources()
    colours: Sources = Sources()
    base: Path | None = None


@dataclass(frozen=True)
class _Written:
    """The members of the file."""

    stages: tuple[Stage, ...] = ()
    groups: tuple[Path, ...] = ()
    settings: TrainSettings | None = None
    preset: str = "tiny"
    seed: int = 0
    dtype: Literal["float16", "float32"] = "float32"
    heldout: Sources = Sources()
    colours: Sources = Sources()
    base: Path | None = None


def read_recipe(file: Path) -> Recipe:
    """Raises `TroupeError` that names what cannot be used."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise wrong(str(file), f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return recipe_of(given, file.resolve().parent)


def recipe_of(given: Any, folder: Path) -> Recipe:
    """`folder`: what paths are relative to."""
    sizes = given.get("model", {}) if isinstance(given, dict) else {}
    rest = {name: value for name, value in given.items() if name != "model"} if isinstance(given, dict) else given
    written = as_value(_Written, rest, "configuration", folder)
    stages = written.stages
    if bool(written.groups) == bool(stages):
        raise wrong("configuration", "needs either groups or stages", 'The least is {"groups": ["FOLDER"]}.')
    if written.groups:
        stages = (Stage(Sources(groups=written.groups), written.settings or TrainSettings()),)
    elif written.settings:
        raise wrong("configuration.settings", "belongs into each of the stages")
    for number, stage in enumerate(stages):
        if not stage.sources:
            raise wrong(f"configuration.stages[{number}].sources", "is empty")
    config = _sized(written.preset, sizes, folder)
    rest = (written.seed, written.dtype, written.heldout, written.colours, written.base)
    return Recipe(stages, config, *rest)


def _sized(name: str, sizes: Any, folder: Path) -> ModelConfig:
    """The preset, with other sizes where some are given."""
    given = as_value(ModelConfig, sizes, "configuration.model", folder)
    return replace(preset(name), **{f.name: getattr(given, f.name) for f in fields(ModelConfig) if f.name in sizes})
