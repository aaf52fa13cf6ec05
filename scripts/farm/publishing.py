"""The last step: what the shards have written gets its lists and its manifest, and its name."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...models.errors import TroupeError
from ...models.formats.catalogue import find_format
from ...models.formats.entries import Entries
from ...models.formats.entry import entry_from_json
from ...models.formats.planned import Plan
from ...models.formats.staging import carry_over, disk_errors, staging_folder
from ...models.formats.write import Written, join_dataset, looked_for, written_already, written_files
from ...models.picturefiles import write_atomically
from ...models.progress import Progress
from ...models.sharding.manifest import read_rejected
from ...models.sharding.ondisk import all_of
from ...models.sharding.seal import Seal
from ...models.sharding.shard import Shard
from .published import published, published_file, publishing_key
from .recipe import FarmRecipe
from .steps import WHOLE, Step, manifest_of, sealed
from .writing import PlanStep, WriteStep


@dataclass(frozen=True)
class PublishStep(Step):
    """All of it appears under its name, with its lists and its manifest, by one rename.

    What it leaves in `work/` is no manifest of samples but the name that the data set got.
    """

    before: PlanStep
    rendered: WriteStep
    name: str = "publish"
    kind: str = WHOLE

    def key(self, recipe: FarmRecipe) -> str:
        return publishing_key(recipe, self.before)

    def is_done(self, recipe: FarmRecipe, key: str) -> bool:
        return published(recipe, self.before) is not None

    def fill(self, recipe: FarmRecipe, shard: Shard | None, path: Path, key: str, progress: Progress) -> Seal | None:
        plan = self.before.plan(recipe)
        written = written_already(plan, recipe.output) or self._joined(recipe, plan)
        shutil.rmtree(self.rendered.parts(recipe), ignore_errors=True)
        said = {"key": key, "folder": written.folder.name, "report": written.report}
        write_atomically(published_file(recipe), lambda file: file.write(json.dumps(said, indent=1).encode()))
        return None

    def _joined(self, recipe: FarmRecipe, plan: Plan) -> Written:
        sealed(self.rendered, recipe)
        manifest, pictures = manifest_of(self.rendered, recipe), self.rendered.pictures(recipe)
        entries = Entries(all_of(manifest, entry_from_json))
        rejected = tuple(read_rejected(manifest, recipe.roots))
        with disk_errors(plan.name):
            _tidy(pictures, plan, entries, self.rendered.parts(recipe))
        told = {"settings_note": recipe.note, "now": recipe.now}
        if find_format(plan.settings.format).packing is None:
            return join_dataset(pictures, recipe.output, plan, entries, rejected, **told)
        # Packing takes the files away one by one: of links, so that they are there still if it is killed.
        with staging_folder(recipe.output) as links:
            with disk_errors(plan.name):
                carry_over(pictures, links, frozenset())
            return join_dataset(links, recipe.output, plan, entries, rejected, **told)


def _tidy(pictures: Path, plan: Plan, entries: Entries, parts: Path) -> None:
    """Nothing but what was written stays: other runs of a shard may have written a picture that the last one could not
    read. Raises `TroupeError` where something is missing."""
    count, lost = looked_for(pictures, written_files(plan, entries))
    if lost:
        raise TroupeError(
            f"{len(lost)} files of the data set that were written are gone",
            item=lost[0],
            remedy=f"Delete the folder {parts} and run the shards of this step again.",
        )
    if count < sum(1 for _ in _files_in(pictures)):
        wanted = frozenset(written_files(plan, entries))
        for path in _files_in(pictures):
            if path.relative_to(pictures).as_posix() not in wanted:
                path.unlink()


def _files_in(folder: Path) -> Iterator[Path]:
    for above, _, files in os.walk(folder):
        yield from (Path(above) / file for file in files)
