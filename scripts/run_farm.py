"""Run the whole chain from a folder of pictures to a data set, on one machine or in shards on many."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

SECONDS_BETWEEN_LINES = 15


def main(arguments: list[str]) -> int:
    """The exit status. What goes wrong is a sentence on the error stream."""
    wanted = parser().parse_args(arguments)
    errors = importlib.import_module("troupe.models.errors")
    try:
        return run(wanted)
    except errors.TroupeError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What is finished is kept; the same command goes on from there.", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    read = argparse.ArgumentParser(
        prog="troupe.py farm",
        description=__doc__,
        epilog="A recipe is a JSON file: scripts/farm/recipe.py has all of it, scripts/farm/example.json runs on the "
        "samples that come with Troupe. docs/scaling.md says how to share the work out.",
    )
    commands = read.add_subparsers(dest="command", required=True)
    add = commands.add_parser
    whole = add("run", help="all steps in order on this machine; goes on where it was stopped")
    shard = add("shard", help="one shard of one step")
    merge = add("merge", help="join the shards of a step, or do a step that has none")
    status = add("status", help="which steps are done, and which shards are missing")
    ray = add("ray", help="all steps in order on a Ray cluster; goes on where it, or anything else, was stopped")
    for command in (whole, shard, merge, status, ray):
        command.add_argument("recipe", type=Path, metavar="RECIPE")
        command.add_argument("--shards", type=int, metavar="N", help="instead of the recipe's own number")
    for command in (shard, merge):
        command.add_argument("step", metavar="STEP", help="its name, as in status")
    ray.add_argument("--address", default="", metavar="WHERE", help="auto or HOST:PORT; this machine alone without it")
    ray.add_argument("--workers", type=int, metavar="N", help="at most so many (all processors)")
    place = shard.add_mutually_exclusive_group(required=True)
    place.add_argument("index", type=int, nargs="?", metavar="INDEX", help="counted from 0")
    place.add_argument("--index-from-env", metavar="VAR", help="such as SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX")
    return read


def run(wanted: argparse.Namespace) -> int:
    recipe = importlib.import_module("troupe.scripts.farm.recipe").read_recipe(wanted.recipe)
    count = recipe.shards if wanted.shards is None else wanted.shards
    running = importlib.import_module("troupe.scripts.farm.running")
    if wanted.command == "status":
        print("\n".join(running.status_lines(recipe, count)))
    elif wanted.command == "run":
        print(f"written: {running.run_all(recipe, count, Said)}")
    elif wanted.command == "ray":
        with importlib.import_module("troupe.scripts.farm.cluster").cluster(wanted.address, wanted.workers) as workers:
            crew = importlib.import_module("troupe.scripts.farm.onray").OnRay(workers)
            print(f"written: {running.run_all(recipe, count, Said, crew)}")
    else:
        _one(wanted, recipe, count)
    return 0


def _one(wanted: argparse.Namespace, recipe, count: int) -> None:
    steps = importlib.import_module("troupe.scripts.farm.steps")
    step = importlib.import_module("troupe.scripts.farm.chain").find_step(wanted.step)
    if wanted.command == "merge":
        steps.finish(step, recipe, count, Said(step, ""))
        return
    shard = importlib.import_module("troupe.models.sharding.shard").Shard(_index(wanted), count)
    steps.run_shard(step, recipe, shard, Said(step, f"{shard.index + 1} of {count}"))


def _index(wanted: argparse.Namespace) -> int:
    if wanted.index_from_env is None:
        return wanted.index
    said = os.environ.get(wanted.index_from_env, "")
    if not said.isdecimal():
        raise importlib.import_module("troupe.models.errors").TroupeError(
            "The environment does not say which shard this is",
            item=f"{wanted.index_from_env} is {said!r}",
            remedy="It must be a number from 0; in Slurm: sbatch --array=0-7.",
        )
    return int(said)


class Said:
    """Progress of one part of a step: a line when it begins, and one from time to time."""

    def __init__(self, step, part: str) -> None:
        self.name = f"{step.name} {part}".rstrip()
        self.last = time.monotonic()
        print(self.name, flush=True)

    def __call__(self, done: int, total: int, name: str) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN_LINES:
            self.last = time.monotonic()
            print(f"  {self.name}: {done} of {total}: {name}", flush=True)


if __name__ == "__main__":
    from devkit.thepack import name_the_pack

    name_the_pack()
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # After Ctrl-C a picture may still be drawn on another thread, which Python's own way out would abort over.
    os._exit(status)
