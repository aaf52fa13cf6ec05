"""The steps of a farm on a Ray cluster: shards on actors, questions to the whole set as map and reduce.

What comes of it lies in the same folders under the same seals as when shards are run by hand. So the two can be mixed,
and whatever is killed is gone on from. A worker that dies is replaced, and its shard is run again.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...models.errors import TroupeError
from ...models.labelling.part import Part, Verdict
from ...models.labelling.told import Told
from ...models.progress import Progress, silent
from ...models.sharding.shard import Shard
from .recipe import FarmRecipe
from .running import Watch
from .steps import Step, done, finish, run_shard
from .tagging import TagStep

# Shards that wait at each worker: the next one is there when it has done one.
AHEAD = 2


@dataclass(frozen=True)
class OnRay:
    """How `run_all` has a recipe worked on by `workers` of the cluster that is connected to."""

    workers: int

    def run(self, step: Step, recipe: FarmRecipe, shards: Sequence[Shard], watch: Watch) -> None:
        """Raises the first `TroupeError` that a shard has raised."""
        import ray

        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)  # it has its own, for every step
        rows = ray.data.from_items([{"place": place} for place in range(len(shards))], override_num_blocks=len(shards))
        needs = {"num_gpus": 1} if _on_gpu(step, recipe) else {"num_cpus": 1}
        size = min(self._limit(ray, step, **needs), len(shards))
        pool = ray.data.ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=AHEAD)
        said = rows.map_batches(
            ShardWork,
            fn_constructor_args=(step, recipe, tuple(shards)),
            batch_size=1,
            compute=pool,
            **needs,
        )
        progress = watch(step, f"{len(shards)} shards")
        for number, row in enumerate(said.iter_rows(), 1):
            _raised(Failure(row["what"], row["item"], row["remedy"]) if row["failed"] else None)
            progress(number, len(shards), shards[row["place"]].name)

    def _limit(self, ray, step: Step, num_cpus: int = 0, num_gpus: int = 0) -> int:
        if not num_gpus:
            return self.workers
        gpus = int(ray.cluster_resources().get("GPU", 0))
        if not gpus:
            remedy = 'Say "device": "cpu" for this step, or add a machine that has one.'
            raise TroupeError("The recipe asks for a GPU, and the cluster has none", item=step.name, remedy=remedy)
        return min(self.workers, gpus)

    def finish(self, step: Step, recipe: FarmRecipe, count: int, progress: Progress) -> None:
        if not isinstance(step, TagStep) or done(step, recipe):
            finish(step, recipe, count, progress)
            return
        parts = step.parts(recipe)

        def ask(question: Callable[[Part], Any]) -> Iterator[Any]:
            return self._each(_answer, parts, step, recipe, question)

        def label(verdict: Verdict, key: str) -> Iterator[Told]:
            return self._each(_label, parts, step, recipe, verdict, key)

        step.fill_elsewhere(recipe, ask, label)

    def _each(self, work: Callable, parts: Iterable[Shard], *said: Any) -> Iterator[Any]:
        """`work(part, *said)` of every part in order, a few of them under way."""
        import ray

        task = ray.remote(num_cpus=1)(_answered)
        held = ray.put(said)
        waiting: deque = deque()
        for part in parts:
            waiting.append(task.remote(work, part, held))
            if len(waiting) > AHEAD * self.workers:
                yield _raised(ray.get(waiting.popleft()))
        while waiting:
            yield _raised(ray.get(waiting.popleft()))


class Failure(NamedTuple):
    """A `TroupeError` on its way from another process."""

    what: str
    item: str
    remedy: str


class ShardWork:
    """One worker: it keeps its models from shard to shard."""

    def __init__(self, step: Step, recipe: FarmRecipe, shards: Sequence[Shard]) -> None:
        self._step, self._recipe, self._shards = step, recipe, shards

    def __call__(self, rows: dict[str, Any]) -> dict[str, list]:
        outcomes = [self._run(self._shards[place]) for place in rows["place"].tolist()]
        texts = [failure or Failure("", "", "") for failure in outcomes]
        columns = {name: [getattr(text, name) for text in texts] for name in Failure._fields}
        return {"place": rows["place"], "failed": [failure is not None for failure in outcomes], **columns}

    def _run(self, shard: Shard) -> Failure | None:
        return _attempted(lambda: run_shard(self._step, self._recipe, shard, silent))


def _answered(work: Callable, part: Shard, said: tuple) -> Any:
    return _attempted(lambda: work(part, *said))


def _answer(shard: Shard, step: TagStep, recipe: FarmRecipe, question: Callable[[Part], Any]) -> Any:
    return question(step.part(recipe, shard))


def _label(shard: Shard, step: TagStep, recipe: FarmRecipe, verdict: Verdict, key: str) -> Told:
    return step.label_part(recipe, shard, verdict, key)


def _attempted(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except TroupeError as error:
        return Failure(error.what, error.item, error.remedy)


def _raised(outcome: Any) -> Any:
    if isinstance(outcome, Failure):
        raise TroupeError(outcome.what, item=outcome.item, remedy=outcome.remedy)
    return outcome


def _on_gpu(step: Step, recipe: FarmRecipe) -> bool:
    """Whether the recipe has this step computed on one."""
    said = getattr(recipe, step.name, None)
    return getattr(said, "device", "cpu").startswith("cuda")
