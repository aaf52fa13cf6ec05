"""What a step of a farm is: what it reads, what it makes of it, and by which key one knows that this is still so.

A step writes a manifest, `work/NAME.jsonl`. One that is done to EACH picture by itself is run over shards, which leave
their own in `work/NAME/` and are joined; one that asks of the WHOLE set is run once, and looks at no picture. A step's
key is made of its settings and of the digest of the manifest that it reads. So a change of settings makes exactly that
step and those behind it anew, and those behind it only if something came out differently.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...models.errors import TroupeError
from ...models.formats.manifest import troupe_version
from ...models.progress import Progress
from ...models.samples.sample import SampleSet
from ...models.samples.store import store_key
from ...models.sharding.manifest import read_manifest, write_manifest
from ...models.sharding.seal import Seal, found_seal
from ...models.sharding.shard import Shard
from ...models.sharding.work import kept_shard, merge, unfinished
from .recipe import FarmRecipe

VERSION = 1
EACH, WHOLE = "each", "whole"

Make = Callable[[FarmRecipe, SampleSet, Progress], SampleSet]


class NotReady(TroupeError):
    """What a step reads is not there, or was made by other settings."""


class Step(ABC):
    """`kind`: EACH or WHOLE. `again`: it is done whenever it is asked for, because nothing but doing it tells whether
    it is still so."""

    name: str
    kind: str
    again: bool = False

    @abstractmethod
    def key(self, recipe: FarmRecipe) -> str:
        """Raises `NotReady`."""

    @abstractmethod
    def fill(self, recipe: FarmRecipe, shard: Shard | None, path: Path, key: str, progress: Progress) -> Seal:
        """Write the manifest `path` of a shard, or of all."""

    def folder(self, recipe: FarmRecipe) -> Path:
        """Where its shards lie; its manifest lies beside the folder."""
        return recipe.work / self.name

    def is_done(self, recipe: FarmRecipe, key: str) -> bool:
        """Whether its manifest is there and made by `key`."""
        return has_key(manifest_of(self, recipe), key)


@dataclass(frozen=True)
class SampleStep(Step):
    """`make`: a part of a set becomes another. `settings`: what of the recipe changes the result, as JSON
    values. `by_character`: a part must have its characters whole. `draws`: it wants to know which samples of the whole
    decide how a character is drawn."""

    name: str
    before: Step
    make: Make
    settings: Callable[[FarmRecipe], object]
    by_character: bool = False
    draws: bool = False
    kind: str = EACH

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, self.settings(recipe), sealed(self.before, recipe).digest)

    def part(self, recipe: FarmRecipe, shard: Shard) -> SampleSet:
        """What it is given."""
        seal = any_samples(self.before, recipe, self.name)
        places = shard.places_by_character(seal.runs) if self.by_character else shard.places(seal.samples)
        return read_manifest(manifest_of(self.before, recipe), recipe.roots, places, self.draws)

    def fill(self, recipe: FarmRecipe, shard: Shard, path: Path, key: str, progress: Progress) -> Seal:
        part = self.part(recipe, shard)
        made = self.make(recipe, part, progress) if part.samples else part
        return write_manifest(path, made, recipe.roots, key)


def key_of(name: str, settings: object, read: str) -> str:
    return store_key("farm", VERSION, troupe_version(), name, settings, read)


def manifest_of(step: Step, recipe: FarmRecipe) -> Path:
    folder = step.folder(recipe)
    return folder.with_name(f"{folder.name}.jsonl")


def has_key(manifest: Path, key: str) -> bool:
    seal = found_seal(manifest)
    return seal is not None and seal.key == key


def sealed(step: Step, recipe: FarmRecipe) -> Seal:
    """What the step has made, for the one behind it. Raises `NotReady`."""
    seal = found_seal(manifest_of(step, recipe))
    if seal is None or seal.key != step.key(recipe):
        raise NotReady(
            "This step has not been done yet" if seal is None else "This step was done with other settings or pictures",
            item=step.name,
            remedy="Run its shards, then merge it." if step.kind == EACH else "Merge it: that does it.",
        )
    return seal


def any_samples(step: Step, recipe: FarmRecipe, behind: str) -> Seal:
    """The same for a step `behind` it that cannot do without samples. Raises `EmptySet` too."""
    seal = sealed(step, recipe)
    if not seal.samples:
        read_manifest(manifest_of(step, recipe), recipe.roots).require_any(behind)
    return seal


def done(step: Step, recipe: FarmRecipe) -> bool:
    try:
        return step.is_done(recipe, step.key(recipe))
    except NotReady:
        return False


def missing(step: Step, recipe: FarmRecipe, count: int) -> tuple[Shard, ...] | None:
    """The shards that are to be run; None where the step cannot begin."""
    try:
        return unfinished(step.folder(recipe), count, step.key(recipe))
    except NotReady:
        return None


def run_shard(step: Step, recipe: FarmRecipe, shard: Shard, progress: Progress) -> None:
    """One shard of an EACH step; nothing where that is done already, by whomever. Raises `NotReady`."""
    if step.kind != EACH:
        raise TroupeError("This step has no shards", item=step.name, remedy="Merge it: that does it.")
    key = step.key(recipe)
    if not step.is_done(recipe, key):
        kept_shard(step.folder(recipe), shard, key, lambda path: step.fill(recipe, shard, path, key, progress))


def finish(step: Step, recipe: FarmRecipe, count: int, progress: Progress) -> None:
    """Join the shards of an EACH step, or do a WHOLE one. Raises `TroupeError` that names the shards that are missing
    or do not fit."""
    key = step.key(recipe)
    if step.is_done(recipe, key) and not step.again:
        return
    path = manifest_of(step, recipe)
    if step.kind == EACH:
        merge(step.folder(recipe), count, key, path)
    else:
        step.fill(recipe, None, path, key, progress)
