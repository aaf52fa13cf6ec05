"""Whether the data set of a plan is there, and under which name."""

from __future__ import annotations

import json
from pathlib import Path

from ...models.formats.manifest import FILE
from .recipe import FarmRecipe
from .steps import Step, key_of, sealed


def published(recipe: FarmRecipe, planned: Step) -> Path | None:
    """The data set that came of this plan, if it is still there. Raises `NotReady` where there is no plan."""
    try:
        said = json.loads(published_file(recipe).read_bytes())
        folder = recipe.output / said["folder"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return folder if said.get("key") == publishing_key(recipe, planned) and (folder / FILE).is_file() else None


def published_file(recipe: FarmRecipe) -> Path:
    return recipe.work / "publish.json"


def publishing_key(recipe: FarmRecipe, planned: Step) -> str:
    return key_of("publish", None, sealed(planned, recipe).digest)
