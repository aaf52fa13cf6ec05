"""The farm on a Ray cluster of two workers: the data set of one run, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from random import Random

import psutil
import pytest

from support.farming import files_of, manifests
from troupe.models.errors import TroupeError
from troupe.models.progress import silent
from troupe.models.samples.sample import Feature, ImageFile, Sample, SampleSet
from troupe.models.sharding.manifest import write_manifest
from troupe.models.sharding.shard import Shard, all_shards
from troupe.models.sharding.work import shard_path
from troupe.models.vocabulary import vocabulary
from troupe.scripts.farm import tagging
from troupe.scripts.farm.chain import LIST, LOAD, PLAN, RESTYLE, STEPS, TAG
from troupe.scripts.farm.cluster import cluster
from troupe.scripts.farm.onray import OnRay
from troupe.scripts.farm.running import run_all
from troupe.scripts.farm.steps import EACH, finish, manifest_of, missing, run_shard
from troupe.scripts.farm.writing import published

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")

COUNT = 4


@pytest.fixture(scope="module")
def crew():
    with cluster(workers=2) as workers:
        yield OnRay(workers)


def told(step, part):
    return silent


def outcome(recipe):
    return {**manifests(recipe), **files_of(published(recipe, PLAN))}


def before(last, recipe):
    """All that comes before `last`, by hand."""
    for step in STEPS[: STEPS.index(last)]:
        for shard in all_shards(COUNT) if step.kind == EACH else ():
            run_shard(step, recipe, shard, silent)
        finish(step, recipe, COUNT, silent)


def workers(title: str) -> list[psutil.Process]:
    """The cluster's own processes whose title begins so."""
    return [child for child in psutil.Process().children(recursive=True) if titled(child).startswith(title)]


def titled(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has ended
        return ""


def test_a_cluster_makes_what_one_run_makes(crew, farm, single):
    """From an empty store; with a shard that was run by hand before, which is not run again."""
    recipe = farm()
    finish(LIST, recipe, COUNT, silent)
    run_shard(LOAD, recipe, Shard(2, COUNT), silent)
    stamp = shard_path(LOAD.folder(recipe), Shard(2, COUNT)).stat().st_mtime_ns
    run_all(recipe, COUNT, told, crew)
    assert outcome(recipe) == single()[1]
    assert shard_path(LOAD.folder(recipe), Shard(2, COUNT)).stat().st_mtime_ns == stamp


def test_a_killed_worker_is_replaced(crew, farm, single):
    recipe, killed = farm(), []
    before(RESTYLE, recipe)

    def kill_one():
        end = time.monotonic() + 300
        while not killed and time.monotonic() < end:
            if any(recipe.store.root.glob("??/*.png")):  # the first shard has begun
                killed.extend(worker.pid for worker in workers("ray::MapWorker"))
                for pid in killed:
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    watcher = threading.Thread(target=kill_one)
    watcher.start()
    crew.run(RESTYLE, recipe, missing(RESTYLE, recipe, COUNT), told)
    watcher.join()
    assert killed and not any(map(psutil.pid_exists, killed))
    assert missing(RESTYLE, recipe, COUNT) == ()
    run_all(recipe, COUNT, told)
    assert outcome(recipe) == single()[1]


def test_what_a_worker_cannot_do_is_said_here(crew, drawn):
    recipe = drawn()
    before(RESTYLE, recipe)
    nothing = replace(recipe, work=recipe.work / "elsewhere")
    with pytest.raises(TroupeError, match="This step has not been done yet: map-styles. Merge it"):
        crew.run(RESTYLE, nothing, all_shards(COUNT), told)


def test_a_step_that_wants_a_gpu_says_so_where_there_is_none(crew, drawn):
    recipe = drawn(restyle={"device": "cuda:0"})
    with pytest.raises(TroupeError, match="asks for a GPU, and the cluster has none: restyle"):
        crew.run(RESTYLE, recipe, all_shards(COUNT), told)


def tagged_cast(number: int) -> SampleSet:
    """Samples without pictures: 20 features each, of three characters who change their clothes."""
    random = Random(number)
    slots = [s.id for s in vocabulary().slots if vocabulary().values(s.id)][:20]
    words = {slot: vocabulary().values(slot)[:4] for slot in slots}
    samples = []
    for n in range(number):
        features = tuple(Feature(slot, random.choice(words[slot]).value, "captioner", 0.9) for slot in slots)
        who, image = f"c{3 * n // number}", ImageFile("/pictures/any.png", "0" * 64, 64, 64)
        samples.append(Sample(f"{who}/{n}", who, image, features=features))
    return SampleSet(tuple(samples))


def tagged_by_hand(recipe, sample_set):
    """Manifests of all steps before Tag Features, the last of these samples."""
    for step in STEPS[: STEPS.index(TAG)]:
        some = sample_set if step is TAG.before else SampleSet()
        write_manifest(manifest_of(step, recipe), some, recipe.roots, step.key(recipe))


def peak(process: psutil.Process) -> int:
    """The most memory that it ever had, in bytes."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="Linux tells how much memory was in use")
def test_a_set_is_tagged_in_parts_and_never_held_whole(crew, farm, monkeypatch):
    recipe = farm(input="/pictures")
    tagged_by_hand(recipe, tagged_cast(400))
    monkeypatch.setattr(tagging, "ELSEWHERE", 200)
    crew.finish(TAG, recipe, COUNT, silent)  # the workers have imported what they need
    for worker in workers("ray::"):
        Path(f"/proc/{worker.pid}/clear_refs").write_text("5")
    small = max(map(peak, workers("ray::")))

    tagged_by_hand(recipe, tagged_cast(10_000))
    crew.finish(TAG, recipe, COUNT, silent)
    assert max(map(peak, workers("ray::"))) - small < 40e6
    whole, report = manifest_of(TAG, recipe), recipe.work / "tag.txt"
    in_parts = whole.read_bytes(), report.read_bytes()
    for file in (whole, report, Path(f"{whole}.done")):
        file.unlink()
    monkeypatch.undo()
    finish(TAG, recipe, COUNT, silent)
    assert (whole.read_bytes(), report.read_bytes()) == in_parts
