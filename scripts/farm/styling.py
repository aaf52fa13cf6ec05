"""The step that decides about a whole set who gets which sub-styles, and holds none of its samples.

They are gone through twice: once to be counted, and once to be given their pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...models.progress import Progress
from ...models.samples.sample import Sample
from ...models.sharding.manifest import rejection_line, sample_line, write_lines
from ...models.sharding.ondisk import set_on_disk
from ...models.sharding.seal import Seal
from ...models.styles.deciding import decide
from .making import library_of, mapping
from .recipe import FarmRecipe
from .steps import WHOLE, SampleStep, Step, any_samples, key_of, manifest_of, sealed


@dataclass(frozen=True)
class MapStylesStep(Step):
    before: SampleStep
    name: str = "map-styles"
    kind: str = WHOLE

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, mapping(recipe), sealed(self.before, recipe).digest)

    def fill(self, recipe: FarmRecipe, shard: None, path: Path, key: str, progress: Progress) -> Seal:
        """Raises `EmptySet`."""
        before = any_samples(self.before, recipe, self.name)
        whole = set_on_disk(manifest_of(self.before, recipe), recipe.roots)
        twice = 2 * len(whole)

        def looked(done: int, total: int, name: str) -> None:
            progress(done, twice, name)

        decided = decide(whole, library_of(recipe), recipe.map_styles.settings, looked)

        def styled() -> Iterator[Sample]:
            for done, sample in enumerate(whole.samples, len(whole)):
                progress(done, twice, sample.id)
                yield decided.styled(sample, decided.first(sample))

        lines = (sample_line(sample, recipe.roots) for sample in styled())
        rejected = (rejection_line(rejection, recipe.roots) for rejection in whole.rejected)
        return write_lines(path, lines, rejected, key, before.runs)
