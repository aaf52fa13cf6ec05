"""The last three steps: a plan of the whole data set, its pictures rendered, and all of it under its name at once.

output/.troupe-parts-rogues-1a2b.../   one data set in the making; which plan it belongs to is in its name
    pictures/                          what will be the data set's folder
    write/shard-00003-of-00008.jsonl   what a shard has rendered, written when all of it is there
    attempt-x/                         one run of one shard: files move to pictures/ when they are whole
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from ...models.errors import TroupeError
from ...models.formats.catalogue import find_format
from ...models.formats.entry import Entry, entry_from_json, entry_to_json
from ...models.formats.manifest import FILE
from ...models.formats.plan import plan_dataset
from ...models.formats.planned import Plan, PlannedPicture
from ...models.formats.plannedline import planned_from_json, planned_to_json
from ...models.formats.staging import carry_over, disk_errors, staging_folder
from ...models.formats.write import Written, join_dataset, write_pictures, written_already
from ...models.picturefiles import write_atomically
from ...models.progress import Progress
from ...models.samples.sample import Rejection
from ...models.sharding.manifest import (
    json_line,
    parsed_lines,
    read_manifest,
    read_rejected,
    rejection_line,
    write_lines,
)
from ...models.sharding.roots import moved
from ...models.sharding.seal import Seal, read_seal
from ...models.sharding.shard import Shard
from .recipe import FarmRecipe
from .steps import EACH, WHOLE, Step, has_key, key_of, manifest_of, sealed

PARTS = ".troupe-parts-"


@dataclass(frozen=True)
class PlanStep:
    """A line for each picture that will be written: where it goes, at which size, with which caption."""

    before: Step
    name: str = "plan"
    kind: str = WHOLE
    again: bool = False

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, asdict(recipe.write), sealed(self.before, recipe).digest)

    def folder(self, recipe: FarmRecipe) -> Path:
        return recipe.work / self.name

    def is_done(self, recipe: FarmRecipe, key: str) -> bool:
        return has_key(manifest_of(self, recipe), key)

    def plan(self, recipe: FarmRecipe) -> Plan:
        return plan_dataset(read_manifest(manifest_of(self.before, recipe), recipe.roots), recipe.write)

    def fill(self, recipe: FarmRecipe, shard: Shard | None, path: Path, key: str, progress: Progress) -> Seal:
        plan, roots = self.plan(recipe), recipe.roots
        shortened = partial(moved, rename=roots.shortened)
        lines = (json_line(planned_to_json(picture, shortened)) for picture in plan.pictures)
        return write_lines(path, lines, (rejection_line(r, roots) for r in plan.rejected), key, ())


@dataclass(frozen=True)
class WriteStep:
    """Planned pictures become files, and entries of the data set's manifest."""

    before: PlanStep
    name: str = "write"
    kind: str = EACH
    again: bool = False

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, asdict(recipe.write), sealed(self.before, recipe).digest)

    def parts(self, recipe: FarmRecipe) -> Path:
        """What is in the making lies on the disk of the finished, so that a rename is all that is left to do."""
        return recipe.output / f"{PARTS}{recipe.write.name}-{self.key(recipe)[:16]}"

    def pictures(self, recipe: FarmRecipe) -> Path:
        return self.parts(recipe) / "pictures"

    def folder(self, recipe: FarmRecipe) -> Path:
        """Beside the files that it speaks of: both go together, and come again together."""
        return self.parts(recipe) / self.name

    def is_done(self, recipe: FarmRecipe, key: str) -> bool:
        return has_key(manifest_of(self, recipe), key) or published(recipe, self.before) is not None

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


@dataclass(frozen=True)
class PublishStep:
    """All of it appears under its name, with its lists and its manifest, by one rename.

    What it leaves in `work/` is no manifest of samples but the name that the data set got.
    """

    before: PlanStep
    rendered: WriteStep
    name: str = "publish"
    kind: str = WHOLE
    again: bool = False

    def key(self, recipe: FarmRecipe) -> str:
        return _publishing_key(recipe, self.before)

    def folder(self, recipe: FarmRecipe) -> Path:
        return recipe.work / self.name

    def is_done(self, recipe: FarmRecipe, key: str) -> bool:
        return published(recipe, self.before) is not None

    def fill(self, recipe: FarmRecipe, shard: Shard | None, path: Path, key: str, progress: Progress) -> Seal | None:
        plan = self.before.plan(recipe)
        written = written_already(plan, recipe.output) or self._joined(recipe, plan)
        shutil.rmtree(self.rendered.parts(recipe), ignore_errors=True)
        said = {"key": key, "folder": written.folder.name, "report": written.report}
        write_atomically(_published_file(recipe), lambda file: file.write(json.dumps(said, indent=1).encode()))
        return None

    def _joined(self, recipe: FarmRecipe, plan: Plan) -> Written:
        sealed(self.rendered, recipe)
        manifest, pictures = manifest_of(self.rendered, recipe), self.rendered.pictures(recipe)
        entries = tuple(parsed_lines(manifest, range(read_seal(manifest).samples), entry_from_json))
        rejected = tuple(read_rejected(manifest, recipe.roots))
        with disk_errors(plan.name):
            _tidy(pictures, _files(plan, entries), self.rendered.parts(recipe))
        told = {"settings_note": recipe.note, "now": recipe.now}
        if find_format(plan.settings.format).packing is None:
            return join_dataset(pictures, recipe.output, plan, entries, rejected, **told)
        # Packing takes the files away one by one: of links, so that they are there still if it is killed.
        with staging_folder(recipe.output) as links:
            with disk_errors(plan.name):
                carry_over(pictures, links, frozenset())
            return join_dataset(links, recipe.output, plan, entries, rejected, **told)


def published(recipe: FarmRecipe, planned: PlanStep) -> Path | None:
    """The data set that came of this plan, if it is still there. Raises `NotReady` where there is no plan."""
    try:
        said = json.loads(_published_file(recipe).read_bytes())
        folder = recipe.output / said["folder"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return folder if said["key"] == _publishing_key(recipe, planned) and (folder / FILE).is_file() else None


def _published_file(recipe: FarmRecipe) -> Path:
    return recipe.work / "publish.json"


def _publishing_key(recipe: FarmRecipe, planned: PlanStep) -> str:
    return key_of("publish", None, sealed(planned, recipe).digest)


def _move(source: Path, target: Path) -> None:
    """Every file, over one of the same name: that is the same file, made by another run of the same shard."""
    for folder, _, files in os.walk(source):
        to = target / Path(folder).relative_to(source)
        to.mkdir(parents=True, exist_ok=True)
        for file in files:
            os.replace(Path(folder) / file, to / file)


def _files(plan: Plan, entries: Sequence[Entry]) -> frozenset[str]:
    """Of the pictures that were written, below the data set's folder."""
    written = {entry.number for entry in entries}
    return frozenset(file for p in plan.pictures if p.number in written for file in p.files if file)


def _tidy(pictures: Path, wanted: frozenset[str], parts: Path) -> None:
    """Nothing but `wanted` stays: other runs of a shard may have written a picture that the last one could not read.
    Raises `TroupeError` where one of them is missing."""
    there = set()
    for folder, _, files in os.walk(pictures):
        for path in (Path(folder) / file for file in files):
            relative = path.relative_to(pictures).as_posix()
            there.add(relative) if relative in wanted else path.unlink()
    if lost := sorted(wanted - there):
        raise TroupeError(
            f"{len(lost)} files of the data set that were written are gone",
            item=f"{lost[0]}",
            remedy=f"Delete the folder {parts} and run the shards of this step again.",
        )
