"""All steps one after the other, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ...models.progress import Progress
from ...models.sharding.seal import found_seal
from ...models.sharding.shard import Shard
from .chain import PLAN, PUBLISH, STEPS
from .published import published
from .recipe import FarmRecipe
from .steps import EACH, Step, done, finish, manifest_of, missing, run_shard

Watch = Callable[[Step, str], Progress]


class Crew(Protocol):
    """Who does the work of a step."""

    def run(self, step: Step, recipe: FarmRecipe, shards: Sequence[Shard], watch: Watch) -> None:
        """Run these shards of an EACH step."""

    def finish(self, step: Step, recipe: FarmRecipe, count: int, progress: Progress) -> None:
        """As `steps.finish`."""


class Here:
    """This process, one shard after the other."""

    def run(self, step: Step, recipe: FarmRecipe, shards: Sequence[Shard], watch: Watch) -> None:
        for shard in shards:
            run_shard(step, recipe, shard, watch(step, f"{shard.index + 1} of {shard.count}"))

    def finish(self, step: Step, recipe: FarmRecipe, count: int, progress: Progress) -> None:
        finish(step, recipe, count, progress)


def run_all(recipe: FarmRecipe, count: int, watch: Watch, crew: Crew | None = None) -> Path:
    """The data set's folder. What is done is not done again, so this goes on where it was stopped. `watch(step, part)`
    is asked before each part of the work, and gives what is told of every picture."""
    crew = crew or Here()
    for step in STEPS:
        if done(step, recipe) and not step.again:
            continue
        if step.kind == EACH and (shards := missing(step, recipe, count)):
            crew.run(step, recipe, shards, watch)
        crew.finish(step, recipe, count, watch(step, ""))
    return published(recipe, PLAN)


def status_lines(recipe: FarmRecipe, count: int) -> Iterator[str]:
    for step in STEPS:
        yield f"{step.name:<12} {step.kind:<6} {_state(step, recipe, count)}"
    folder = published(recipe, PLAN) if done(PUBLISH, recipe) else None
    if folder:
        yield f"The data set: {folder}"


def _state(step: Step, recipe: FarmRecipe, count: int) -> str:
    left = missing(step, recipe, count)
    if left is None:
        return "waits for the step before it"
    if done(step, recipe):
        seal = found_seal(manifest_of(step, recipe))
        return f"done: {seal.samples}, and {seal.rejected} left out" if seal else "done"
    if step.kind != EACH:
        return "to do"
    named = ", ".join(str(shard.index) for shard in left[:10])
    more = f" and {len(left) - 10} more" if len(left) > 10 else ""
    return f"{count - len(left)} of {count} shards" + (f"; missing: {named}{more}" if left else "; to be merged")
