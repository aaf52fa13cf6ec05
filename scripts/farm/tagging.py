"""The step that decides about a whole set what is its characters' own, and holds only a part of the set at a time.

Each part is asked a few questions, its answers are small and add up (`models/labelling/settle.py`), and then each part
is labelled. So the parts may as well be asked and labelled on other machines. The report lies in `work/tag.txt`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path

from ...models.labelling.label import outcome
from ...models.labelling.part import Part, Verdict
from ...models.labelling.settle import Ask, Settled, settle
from ...models.labelling.told import Told, told_together
from ...models.picturefiles import write_atomically
from ...models.progress import Progress
from ...models.samples.sample import Sample, SampleSet
from ...models.sharding.manifest import (
    read_rejected,
    read_samples,
    rejection_line,
    sample_line,
    write_lines,
    write_manifest,
)
from ...models.sharding.ondisk import samples_on_disk
from ...models.sharding.seal import Seal, read_seal
from ...models.sharding.shard import Shard, all_shards
from ...models.sharding.work import merge, shard_path
from .recipe import FarmRecipe
from .steps import WHOLE, SampleStep, Step, any_samples, key_of, manifest_of, sealed

# Of a part here: its samples take some 10 MB while they are looked at, and what is kept of them 1 MB. And of one that
# is worked on elsewhere, to where all that a question says is sent.
SAMPLES, ELSEWHERE = 1_000, 10_000
# Parts that are kept from question to question. Those beyond are looked at anew for each.
KEPT = 100


# Has every part labelled by the verdict under a key, and hands on what was told of each, in their order.
Label = Callable[[Verdict, str], Iterable[Told]]


@dataclass(frozen=True)
class TagStep(Step):
    before: SampleStep
    name: str = "tag"
    kind: str = WHOLE

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, asdict(recipe.tag), sealed(self.before, recipe).digest)

    def fill(self, recipe: FarmRecipe, shard: None, path: Path, key: str, progress: Progress) -> Seal:
        """Part after part, here."""
        before, whole = manifest_of(self.before, recipe), any_samples(self.before, recipe, self.name)
        parts, total = all_shards(-(-whole.samples // SAMPLES)), whole.samples
        kept: dict[Shard, Part] = {}

        def opened(shard: Shard) -> Part:
            part = kept.get(shard)
            if part is None:
                part = Part(samples_on_disk(before, recipe.roots, shard.places(total), whole), recipe.tag)
                if len(kept) < KEPT:
                    kept[shard] = part
            return part

        settled = settle(lambda question: (question(opened(part)) for part in parts), recipe.tag)
        told: list[Told] = []

        def labelled() -> Iterator[Sample]:
            for part in parts:
                start = part.places(total).start
                samples, more = opened(part).label(settled.verdict, _from(start, total, progress))
                told[:] = [reduce(_together, [*told, more])]
                yield from samples

        lines = (sample_line(sample, recipe.roots) for sample in labelled())
        rejected = (rejection_line(r, recipe.roots) for r in read_rejected(before, recipe.roots))
        seal = write_lines(path, lines, rejected, key, whole.runs)
        self._report(recipe, settled, *told)
        return seal

    def parts(self, recipe: FarmRecipe) -> tuple[Shard, ...]:
        """For others. Raises `EmptySet`."""
        return all_shards(-(-any_samples(self.before, recipe, self.name).samples // ELSEWHERE))

    def fill_elsewhere(self, recipe: FarmRecipe, ask: Ask, label: Label) -> None:
        """The same by others: `ask` puts a question to every `part`, `label` has `label_part` run for each."""
        key, count = self.key(recipe), len(self.parts(recipe))
        settled = settle(ask, recipe.tag)
        told = reduce(_together, label(settled.verdict, key))
        merge(self.folder(recipe), count, key, manifest_of(self, recipe))
        self._report(recipe, settled, told)

    def part(self, recipe: FarmRecipe, shard: Shard) -> Part:
        """With its samples: for one question."""
        path = manifest_of(self.before, recipe)
        seal = read_seal(path)
        return Part(tuple(read_samples(path, recipe.roots, shard.places(seal.samples), seal)), recipe.tag)

    def label_part(self, recipe: FarmRecipe, shard: Shard, verdict: Verdict, key: str) -> Told:
        """Leaves the manifest of a shard."""
        samples, told = self.part(recipe, shard).label(verdict)
        before = manifest_of(self.before, recipe)
        rejected = tuple(read_rejected(before, recipe.roots)) if shard.index == 0 else ()
        write_manifest(shard_path(self.folder(recipe), shard), SampleSet(samples, rejected), recipe.roots, key)
        return told

    def _report(self, recipe: FarmRecipe, settled: Settled, told: Told) -> None:
        text = outcome(settled, [told], recipe.tag).report.encode()
        write_atomically(recipe.work / f"{self.name}.txt", lambda file: file.write(text))


def _together(before: Told, more: Told) -> Told:
    return told_together([before, more])


def _from(start: int, total: int, progress: Progress) -> Progress:
    return lambda done, _, name: progress(start + done, total, name)
