"""What a farm makes of which pictures, as a JSON file says it.

    {
      "input": "pictures", "work": "work", "output": "datasets", "shards": 8,
      "read": {"layout": "one folder per character"},
      "describe": {"captioner": "measured"},
      "map_styles": {"first": "anime_cel", "axis": "angle"},
      "restyle": {"new_character": "moonlit rogue", "seed": 1},
      "adjust": {"preset": "everything usable", "wishes": {"minimum_side": 512}},
      "tag": {"trigger": "{character}_trp", "class_word": "1girl"},
      "write": {"name": "rogues", "resolution": 768}
    }

`input`, `tag.trigger` and `write.name` are needed; all else is as the nodes have it unless it is said otherwise. Paths
are relative to the file. `example.json` beside this module runs on the samples that come with Troupe.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from ...models.adjusting.preset import PRESETS, Preset, parse_preset
from ...models.captioning.describe import Rewrite
from ...models.formats.catalogue import find_format
from ...models.formats.settings import WriteSettings
from ...models.labelling.overrides import parse_renamings
from ...models.labelling.settings import LabelSettings
from ...models.registration.gate import GateSettings
from ...models.restyling.drawing import RestyleSettings
from ...models.restyling.painterly import CharacterPalette
from ...models.restyling.painterlystylizer import PainterlyStylizer, look_names, named_palettes, parse_palette
from ...models.samples.reading import ReadOptions
from ...models.samples.store import Store
from ...models.sharding.roots import Roots
from ...models.sharding.shard import MOST
from ...models.styles.firsts import Scope
from ...models.styles.mapping import MapSettings
from ..compositing.jsonvalues import as_value, wrong

OWN = "my wishes only"
# A store that trims itself while a farm runs would throw away what the next step reads.
UNLIMITED = 1 << 62


@dataclass(frozen=True)
class Describing:
    """captioner: "measured" needs no weights; "openclip" looks with `model`, a folder or a .safetensors file, on
    `device`."""

    captioner: Literal["measured", "openclip"] = "measured"
    rewrite: Rewrite = "fill gaps"
    model: Path | None = None
    architecture: str = ""
    precision: Literal["fp32", "fp16", "bf16"] = "fp32"
    batch_size: int = 16
    strictness: float = 0.0
    device: str = "cpu"


@dataclass(frozen=True)
class StyleMapping:
    """As `mapping.MapSettings`. own_styles: a JSON file with more styles."""

    first: str = "auto"
    axis: str = "auto"
    table: str = ""
    seconds: tuple[str, ...] = ()
    second_enabled: bool = True
    first_scope: Scope = "character"
    own_styles: Path | None = None

    @property
    def settings(self) -> MapSettings:
        said = {name: value for name, value in vars(self).items() if name != "own_styles"}
        return MapSettings(**said)


@dataclass(frozen=True)
class Restyling:
    """With the Painterly Stylizer. new_character: one of its palettes, or colours such as "#2d4a6b, #e8b04a, #f3e6d0",
    "" keeps the old ones. minimum_structure: 0 leaves the structure unchecked. device: where to draw, "cuda:0"."""

    new_character: str = ""
    colour_amount: float = 1.0
    strength: float = 1.0
    background_look: str = ""
    seed: int = 0
    minimum_structure: float = 0.3
    retries: int = 1
    closer: float = 0.2
    device: str = "cpu"

    @property
    def settings(self) -> RestyleSettings:
        gate = GateSettings(minimum=self.minimum_structure) if self.minimum_structure > 0 else None
        return RestyleSettings(self.seed, gate, self.retries, self.closer)

    def palette(self) -> CharacterPalette | None:
        """Raises `TroupeError` for colours that are none."""
        if not self.new_character:
            return None
        return named_palettes().get(self.new_character) or parse_palette(self.new_character)

    @property
    def stylizer(self) -> PainterlyStylizer:
        return PainterlyStylizer(self.palette(), self.colour_amount, self.background_look, self.strength, self.device)


@dataclass(frozen=True)
class Adjusting:
    """wishes: TOML, or JSON, laid over the preset."""

    preset: str = "everything usable"
    wishes: str = ""

    @property
    def wanted(self) -> Preset:
        if self.preset not in (*PRESETS, OWN):
            raise wrong("recipe.adjust.preset", f"is {self.preset!r}", f"Choose one of: {', '.join((*PRESETS, OWN))}.")
        return parse_preset(self.wishes, PRESETS.get(self.preset))


@dataclass(frozen=True)
class FarmRecipe:
    """input: the folder of pictures. work: where manifests, shards and the store of made pictures lie; output: where
    the data set appears. Both on a disk that every machine of the farm has. shards: of each step that is shared out.
    note: goes into the data set's manifest. created: the time that this names, such as "2026-01-31T12:00:00+00:00";
    "" = when it is done."""

    input: Path
    tag: LabelSettings
    write: WriteSettings
    work: Path = Path("work")
    output: Path = Path("datasets")
    shards: int = 1
    read: ReadOptions = ReadOptions()
    describe: Describing = Describing()
    map_styles: StyleMapping = StyleMapping()
    restyle: Restyling = Restyling()
    adjust: Adjusting = Adjusting()
    note: str = ""
    created: str = ""

    @property
    def roots(self) -> Roots:
        return Roots((("input", str(self.input)), ("store", str(self.store.root))))

    @property
    def store(self) -> Store:
        return Store(self.work / "store", UNLIMITED)

    @property
    def now(self) -> datetime | None:
        return datetime.fromisoformat(self.created) if self.created else None


def read_recipe(file: Path) -> FarmRecipe:
    """Raises `TroupeError` that names what cannot be used."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise wrong(str(file), f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return recipe_of(given, file.resolve().parent)


def recipe_of(given: Any, folder: Path) -> FarmRecipe:
    """`folder`: what paths are relative to."""
    if isinstance(given, dict):
        given = {"work": "work", "output": "datasets", **given}
        if isinstance(adjust := given.get("adjust"), dict) and isinstance(adjust.get("wishes"), dict):
            given["adjust"] = {**adjust, "wishes": json.dumps(adjust["wishes"])}
    recipe = as_value(FarmRecipe, given, "recipe", folder)
    for name in ("input", "work", "output"):
        path = Path(given[name]).expanduser()
        recipe = replace(recipe, **{name: Path(os.path.abspath(folder / path))})
    _check(recipe)
    return recipe


def _check(recipe: FarmRecipe) -> None:
    """What is wrong is told before anything is done."""
    if not 1 <= recipe.shards <= MOST:
        raise wrong("recipe.shards", f"is {recipe.shards}", f"Write a number from 1 to {MOST}.")
    if recipe.write.mode != "new":
        remedy = "A farm writes new data sets: leave it out."
        raise wrong("recipe.write.mode", f"is {recipe.write.mode!r}", remedy)
    for name in ("work", "output"):
        if getattr(recipe, name).is_relative_to(recipe.input):
            raise wrong(f"recipe.{name}", "lies among the pictures", "Choose a folder outside of the input.")
    if recipe.describe.captioner == "openclip" and recipe.describe.model is None:
        raise wrong("recipe.describe.model", "is missing", "Name a folder or a .safetensors file.")
    _check_time(recipe.created)
    recipe.read.check()
    find_format(recipe.write.format)
    parse_renamings(recipe.tag.replace)
    recipe.adjust.wanted.quotas()
    _check_look(recipe.restyle)


def _check_time(said: str) -> None:
    try:
        datetime.fromisoformat(said or "2026-01-31")
    except ValueError as error:
        raise wrong("recipe.created", f"is {said!r}", "Write it like 2026-01-31T12:00:00+00:00.") from error


def _check_look(said: Restyling) -> None:
    if said.background_look not in ("", *look_names()):
        remedy = f"Choose one of: {', '.join(look_names())}."
        raise wrong("recipe.restyle.background_look", f"is {said.background_look!r}", remedy)
    said.palette()
