"""What each step makes of a set or a part of one: the ordinary functions, with what the recipe says."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from ...models.adjusting.adjust import adjust
from ...models.adjusting.measuring import measure_all
from ...models.adjusting.wishes import as_json
from ...models.captioning.describe import describe
from ...models.captioning.measured import MeasuredCaptioner
from ...models.captioning.protocol import Captioner
from ...models.progress import Progress
from ...models.restyling.restyle import restyle
from ...models.samples.sample import SampleSet
from ...models.samples.store import store_key
from ...models.styles.library import StyleLibrary, load_library
from .recipe import FarmRecipe
from .settings import Describing


def described(recipe: FarmRecipe, part: SampleSet, progress: Progress) -> SampleSet:
    said = recipe.describe
    return describe(part, captioner_of(said), recipe.store, rewrite=said.rewrite, progress=progress)


def restyled(recipe: FarmRecipe, part: SampleSet, progress: Progress) -> SampleSet:
    """What was drawn is measured at once, while it is at hand: then Adjust has nothing to decode but what it crops."""
    said = recipe.restyle
    made = restyle(part, said.stylizer, said.settings, recipe.store, progress).sample_set
    deque(measure_all(made.samples, recipe.store, progress), maxlen=0)
    return made


def adjusted(recipe: FarmRecipe, part: SampleSet, progress: Progress) -> SampleSet:
    return adjust(part, recipe.adjust.wanted, recipe.store, progress=progress, part=True).sample_set


@lru_cache(maxsize=1)
def captioner_of(said: Describing) -> Captioner:
    """Loaded once in a process."""
    if said.captioner == "measured":
        return MeasuredCaptioner()
    from ...models.captioning.openclip.captioner import OpenCLIPCaptioner
    from ...models.captioning.openclip.clip import load
    from ...models.captioning.openclip.sources import from_place

    clip = load(from_place(said.model, said.architecture), said.precision)
    clip.model.to(said.device)
    return OpenCLIPCaptioner(clip, said.batch_size, said.strictness)


def library_of(recipe: FarmRecipe) -> StyleLibrary:
    return load_library(recipe.map_styles.own_styles)


# What of the recipe changes the result: JSON values. Where files lie and on which device is computed does not.


def describing(recipe: FarmRecipe) -> dict[str, Any]:
    said = recipe.describe
    if said.captioner == "measured":
        return {"captioner": MeasuredCaptioner().identity, "rewrite": said.rewrite}
    files = sorted(said.model.iterdir()) if said.model.is_dir() else [said.model]
    stamps = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return {**asdict(said), "model": stamps, "device": ""}


def mapping(recipe: FarmRecipe) -> dict[str, Any]:
    return {**asdict(recipe.map_styles.settings), "library": _digest(library_of(recipe))}


@lru_cache(maxsize=4)
def _digest(library: StyleLibrary) -> str:
    return store_key(asdict(library))


def restyling(recipe: FarmRecipe) -> dict[str, Any]:
    said = recipe.restyle
    return {**asdict(said.stylizer), "device": "", "settings": asdict(said.settings)}


def adjusting(recipe: FarmRecipe) -> str:
    return as_json(recipe.adjust.wanted)
