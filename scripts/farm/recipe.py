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
from typing import Any

from ...models.formats.catalogue import find_format
from ...models.formats.naming import data_set_name
from ...models.formats.settings import WriteSettings
from ...models.labelling.overrides import parse_renamings
from ...models.labelling.settings import LabelSettings
from ...models.samples.reading import ReadOptions
from ...models.samples.store import Store
from ...models.sharding.roots import Roots
from ...models.sharding.shard import MOST
from ..compositing.jsonvalues import as_value, wrong
from .settings import Adjusting, Describing, Restyling, StyleMapping

# A store that trims itself while a farm runs would throw away what the next step reads.
UNLIMITED = 1 << 62


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
    for part in (recipe.read, recipe.describe, recipe.map_styles, recipe.restyle, recipe.adjust):
        part.check()
    parse_renamings(recipe.tag.replace)
    find_format(recipe.write.format)
    data_set_name(recipe.write.name)
    _check_time(recipe.created)


def _check_time(said: str) -> None:
    try:
        datetime.fromisoformat(said or "2026-01-31")
    except ValueError as error:
        raise wrong("recipe.created", f"is {said!r}", "Write it like 2026-01-31T12:00:00+00:00.") from error
