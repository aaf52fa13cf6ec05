"""A plan of the whole data set, and its pictures rendered in parts.

output/.troupe-parts-rogues-1a2b.../   one data set in the making; which plan it belongs to is in its name
    pictures/                          what will be the data set's folder
    write/shard-00003-of-00008.jsonl   what a shard has rendered, written when all of it is there
    attempt-x/                         one run of one shard: files move to pictures/ when they are whole
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from ...models.formats.entry import Entry, entry_to_json
from ...models.formats.filling import write_pictures
from ...models.formats.naming import data_set_name
from ...models.formats.plan import planned_pictures, survey
from ...models.formats.planned import Plan, PlannedPicture
from ...models.formats.plannedline import planned_from_json, planned_to_json
from ...models.formats.staging import disk_errors
from ...models.progress import Progress
from ...models.samples.sample import Rejection
from ...models.sharding.manifest import (
    json_line,
    parsed_lines,
    read_rejected,
    rejection_line,
    write_lines,
)
from ...models.sharding.ondisk import all_of, set_on_disk
from ...models.sharding.roots import moved
from ...models.sharding.seal import Seal
from ...models.sharding.shard import Shard
from .published import published
from .recipe import FarmRecipe
from .steps import EACH, WHOLE, Step, key_of, manifest_of, sealed

PARTS = ".troupe-parts-"


@dataclass(frozen=True)
class PlanStep(Step):
    """A line for each picture that will be written: where it goes, at which size, with which caption."""

    before: Step
    name: str = "plan"
    kind: str = WHOLE

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, asdict(recipe.write), sealed(self.before, recipe).digest)

    def plan(self, recipe: FarmRecipe) -> Plan:
        """As it was made, and read picture by picture. Raises `NotReady`."""
        sealed(self, recipe)
        path, roots = manifest_of(self, recipe), recipe.roots
        earlier = read_rejected(manifest_of(self.before, recipe), roots)
        pictures = all_of(path, partial(planned_from_json, moved=partial(moved, rename=roots.found)))
        return Plan(
            data_set_name(recipe.write.name), recipe.write, pictures, tuple(read_rejected(path, roots)), tuple(earlier)
        )

    def fill(self, recipe: FarmRecipe, shard: Shard | None, path: Path, key: str, progress: Progress) -> Seal:
        roots = recipe.roots
        surveyed = survey(set_on_disk(manifest_of(self.before, recipe), roots), recipe.write)
        shortened = partial(moved, rename=roots.shortened)
        lines = (json_line(planned_to_json(picture, shortened)) for picture in planned_pictures(surveyed))
        return write_lines(path, lines, (rejection_line(r, roots) for r in surveyed.rejected), key, ())


@dataclass(frozen=True)
class WriteStep(Step):
    """Planned pictures become files, and entries of the data set's manifest."""

    before: PlanStep
    name: str = "write"
    kind: str = EACH

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, asdict(recipe.write), sealed(self.before, recipe).digest)

    def parts(self, recipe: FarmRecipe) -> Path:
        """What is in the making lies on the disk of the finished, so that a rename is all that is left to do."""
        return recipe.output / f"{PARTS}{data_set_name(recipe.write.name)}-{self.key(recipe)[:16]}"

    def pictures(self, recipe: FarmRecipe) -> Path:
        return self.parts(recipe) / "pictures"

    def folder(self, recipe: FarmRecipe) -> Path:
        """Beside the files that it speaks of: both go together, and come again together."""
        return self.parts(recipe) / self.name

    def is_done(self, recipe: FarmRecipe, key: str) -> bool:
        return super().is_done(recipe, key) or published(recipe, self.before) is not None

    def part(self, recipe: FarmRecipe, shard: Shard) -> tuple[PlannedPicture, ...]:
        path = manifest_of(self.before, recipe)
        places = shard.places(sealed(self.before, recipe).samples)
        found = partial(moved, rename=recipe.roots.found)
        return tuple(parsed_lines(path, places, partial(planned_from_json, moved=found)))

    def fill(self, recipe: FarmRecipe, shard: Shard, path: Path, key: str, progress: Progress) -> Seal:
        pictures = self.part(recipe, shard)
        with self._attempt(recipe) as attempt:
            results = tuple(write_pictures(pictures, recipe.write, attempt, progress))
            with disk_errors(recipe.write.name):
                _move(attempt, self.pictures(recipe))
        entries = (json_line(entry_to_json(r)) for r in results if isinstance(r, Entry))
        rejected = (rejection_line(r, recipe.roots) for r in results if isinstance(r, Rejection))
        return write_lines(path, entries, rejected, key, ())

    @contextmanager
    def _attempt(self, recipe: FarmRecipe) -> Iterator[Path]:
        """An empty folder: the same shard may run on another machine just now, or have been killed half-way."""
        parts = self.parts(recipe)
        with disk_errors(recipe.write.name):
            parts.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="attempt-", dir=parts))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _move(source: Path, target: Path) -> None:
    """Every file, over one of the same name: that is the same file, made by another run of the same shard."""
    for folder, _, files in os.walk(source):
        to = target / Path(folder).relative_to(source)
        to.mkdir(parents=True, exist_ok=True)
        for file in files:
            os.replace(Path(folder) / file, to / file)
