"""Shards in any order, killed and run again, twice at the same time: the data set is that of one run."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from support.alive import Alive
from support.farming import files_of, manifests, recipe_text
from troupe.models.errors import TroupeError
from troupe.models.progress import silent
from troupe.models.samples.sample import Sample
from troupe.models.sharding import ondisk
from troupe.models.sharding.seal import read_seal
from troupe.models.sharding.shard import Shard, all_shards
from troupe.models.sharding.work import shard_path
from troupe.scripts.farm import publishing, tagging, writing
from troupe.scripts.farm.chain import ADJUST, DESCRIBE, LIST, LOAD, PLAN, PUBLISH, RESTYLE, STEPS, TAG, WRITE
from troupe.scripts.farm.published import published
from troupe.scripts.farm.recipe import recipe_of
from troupe.scripts.farm.running import run_all, status_lines
from troupe.scripts.farm.steps import EACH, NotReady, done, finish, manifest_of, run_shard

ROOT = Path(__file__).resolve().parents[2]


class Log:
    """Which parts of which steps were worked on."""

    def __init__(self):
        self.parts = []

    def __call__(self, step, part):
        self.parts.append((step.name, part))
        return silent

    @property
    def steps(self):
        return list(dict.fromkeys(name for name, _ in self.parts))


def up_to(last, recipe, count=2):
    """All that comes before `last`, and its own shards."""
    for step in STEPS:
        if step.kind == EACH:
            for shard in all_shards(count):
                run_shard(step, recipe, shard, silent)
        if step is last:
            return
        finish(step, recipe, count, silent)


def outcome(recipe):
    return {**manifests(recipe), **files_of(published(recipe, PLAN))}


def test_shards_make_what_one_run_makes(farm, single):
    """From an empty store: each shard draws as the whole set would be drawn."""
    recipe = farm()
    run_all(recipe, 2, Log())
    assert outcome(recipe) == single()[1]
    assert any("close-up" in file for file in outcome(recipe)), "a crop"


@pytest.mark.parametrize("count", [1, 5, 7, 40])
def test_in_any_number_and_any_order(drawn, single, count):
    recipe, chance = drawn(), Random(count)
    for step in STEPS:
        shards = list(all_shards(count)) if step.kind == EACH else []
        chance.shuffle(shards)
        for shard in shards:
            run_shard(step, recipe, shard, silent)
        finish(step, recipe, count, silent)
    assert outcome(recipe) == single()[1]
    assert [p.name for p in recipe.output.iterdir()] == ["rogues"]


PAIRS = {"format": "ai-toolkit", "pairs": True, "minimum_structure": 0, "resolution": 128}


@pytest.mark.parametrize("change", [{"format": "webdataset"}, PAIRS], ids=["packed", "pairs"])
def test_packed_and_paired(drawn, single, change):
    write = {"name": "rogues", "resolution": 90, "upscale": True, **change}
    recipe = drawn(write=write)
    run_all(recipe, 3, Log())
    assert outcome(recipe) == single(write=write)[1]


def test_a_process_that_was_stopped_or_killed_is_gone_on_from(farm, single, tmp_path):
    recipe, file = farm(), tmp_path / "recipe.json"
    file.write_text(json.dumps(recipe_text(recipe.input)))
    shards = [shard_path(RESTYLE.folder(recipe), shard) for shard in all_shards(3)]
    told = stopped_when(shards[0].exists, signal.SIGINT, 130, file)
    assert told.strip() == "Stopped. What is finished is kept; the same command goes on from there."
    stopped_when(shards[1].exists, signal.SIGKILL, -signal.SIGKILL, file)
    log = Log()
    run_all(recipe, 3, log)
    assert ("restyle", "1 of 3") not in log.parts and ("describe", "") not in log.parts
    assert outcome(recipe) == single()[1]


def stopped_when(condition, by, status, file, seconds=120):
    """What it says on the error stream."""
    command = [sys.executable, ROOT / "scripts" / "run_farm.py", "run", str(file), "--shards", "3"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + seconds
    while not condition():
        assert child.poll() is None and time.monotonic() < end
        time.sleep(0.01)
    child.send_signal(by)
    told = child.communicate()[1]
    assert child.returncode == status
    return told


def test_nothing_of_a_killed_attempt_gets_into_the_data_set(drawn, single):
    recipe = drawn()
    up_to(PLAN, recipe)
    finish(PLAN, recipe, 2, silent)
    left = WRITE.parts(recipe) / "attempt-left" / "train" / "half.png"
    stray = WRITE.pictures(recipe) / "train" / "from_a_shard_that_could_not_read_it_later.png"
    for file in (left, stray):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"half")
    run_all(recipe, 2, Log())
    assert outcome(recipe) == single()[1]
    assert [p.name for p in recipe.output.iterdir()] == ["rogues"]


@pytest.mark.parametrize("step", [LOAD, RESTYLE, WRITE], ids=lambda step: step.name)
def test_stopping_keeps_what_is_whole(drawn, single, step):
    recipe, seen = drawn(), []

    def watch(now, part):
        def progress(place, total, name):
            seen.append(name)
            if now is step and part == "2 of 2" and place == 2:
                raise KeyboardInterrupt

        return progress

    with pytest.raises(KeyboardInterrupt):
        run_all(recipe, 2, watch)
    assert not list(recipe.output.glob(".troupe-parts-*/attempt-*"))
    log = Log()
    run_all(recipe, 2, log)
    assert log.parts[:2] == [("list", ""), (step.name, "2 of 2")]
    assert outcome(recipe) == single()[1]


def test_the_same_shard_twice_at_the_same_time(drawn, single):
    recipe = drawn()
    for step in STEPS:
        if step.kind == EACH:
            shards = [shard for shard in all_shards(2) for _ in range(2)]
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda shard, step=step: run_shard(step, recipe, shard, silent), shards))
        finish(step, recipe, 2, silent)
    assert outcome(recipe) == single()[1]


def test_done_is_done(finished, single):
    log, folder = Log(), finished.output / "rogues"
    assert run_all(finished, 2, log) == folder and log.steps == ["list"]
    assert run_all(finished, 5, log) == folder and log.steps == ["list"]
    assert outcome(finished) == single()[1]


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({"tag": {"trigger": "someone_else"}}, ["tag", "plan", "write", "publish"]),
        ({"adjust": {"preset": "my wishes only"}}, ["adjust", "tag", "plan", "write", "publish"]),
        ({"write": {"name": "rogues", "resolution": 96}}, ["plan", "write", "publish"]),
        ({"describe": {"rewrite": "replace machine text"}}, ["describe", "map-styles", "restyle", "adjust", "tag",
                                                             "plan", "write", "publish"]),
        # Nothing comes out differently, so nothing behind it is touched.
        ({"restyle": {"new_character": "moonlit rogue", "minimum_structure": 0, "closer": 0.3}}, ["restyle"]),
        ({"map_styles": {"first_scope": "character"}}, []),
        ({"note": "another"}, []),
    ],
)  # fmt: skip
def test_other_settings_make_exactly_the_steps_behind_them_anew(finished, farm, changed, anew):
    log = Log()
    run_all(farm(**changed), 2, log)
    assert log.steps == ["list", *anew]


def test_another_picture_is_noticed(finished, farm, pictures, tmp_path):
    log, copy = Log(), copied(pictures, tmp_path / "pictures")
    run_all(farm(input=str(copy)), 2, log)
    assert log.steps == ["list"]
    shutil.copy(copy / "ada" / "front_stand_full_0.png", copy / "ada" / "front_stand_full_9.png")
    run_all(farm(input=str(copy)), 2, log)
    assert log.steps[:3] == ["list", "load", "describe"]


def copied(pictures, to):
    """With the times of the files."""
    copy = shutil.copytree(pictures, to, symlinks=True)
    for path in copy.rglob("*"):
        if path.is_file() and not path.is_symlink():
            stat = (pictures / path.relative_to(copy)).stat()
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return copy


def test_a_data_set_that_was_deleted_is_written_again(finished, single):
    log = Log()
    shutil.rmtree(finished.output / "rogues")
    run_all(finished, 2, log)
    assert log.steps == ["list", "write", "publish"]
    assert outcome(finished) == single()[1]


@pytest.mark.parametrize("note", [None, b"", b"[]", b'{"folder": "rogues"}'])
def test_killed_between_the_rename_and_the_note_of_it(finished, single, note):
    """And a note that somebody spoilt."""
    (finished.work / "publish.json").unlink()
    if note is not None:
        (finished.work / "publish.json").write_bytes(note)
    run_all(finished, 2, Log())
    assert [p.name for p in finished.output.iterdir()] == ["rogues"]
    assert outcome(finished) == single()[1]


def test_files_that_somebody_deleted_are_missed(drawn):
    recipe = drawn()
    up_to(WRITE, recipe)
    finish(WRITE, recipe, 2, silent)
    next(WRITE.pictures(recipe).rglob("*close-up.txt")).unlink()
    with pytest.raises(TroupeError, match=r"1 files of the data set .* are gone: train/.*close-up\.txt"):
        finish(PUBLISH, recipe, 2, silent)


def test_a_step_that_cannot_begin_says_what_it_waits_for(drawn):
    recipe = drawn()
    with pytest.raises(NotReady, match="not been done yet: load"):
        run_shard(DESCRIBE, recipe, Shard(0, 2), silent)
    up_to(LOAD, recipe)
    finish(LOAD, recipe, 2, silent)
    other = drawn(read={"minimum_side": 32})
    with pytest.raises(NotReady, match="other settings or pictures: load"):
        run_shard(DESCRIBE, other, Shard(0, 2), silent)
    with pytest.raises(TroupeError, match="has no shards: list"):
        run_shard(LIST, recipe, Shard(0, 2), silent)


def test_merging_names_the_shards_that_are_missing_or_do_not_fit(drawn):
    recipe = drawn()
    up_to(DESCRIBE, recipe, 3)
    shard_path(DESCRIBE.folder(recipe), Shard(1, 3)).unlink()
    with pytest.raises(TroupeError, match="1 of 3 shards are missing: shard-00001-of-00003"):
        finish(DESCRIBE, recipe, 3, silent)
    run_shard(DESCRIBE, drawn(describe={"rewrite": "replace machine text"}), Shard(1, 3), silent)
    with pytest.raises(TroupeError, match="1 of 3 shards were made with other settings.*: shard-00001-of-00003"):
        finish(DESCRIBE, recipe, 3, silent)
    assert "\n".join(status_lines(recipe, 3)).count("2 of 3 shards; missing: 1") == 1
    assert not done(DESCRIBE, recipe) and not manifest_of(DESCRIBE, recipe).exists()


def test_shard_after_shard_holds_nothing(drawn):
    """A process that goes through shards keeps no sample of the earlier ones."""
    recipe = drawn()
    up_to(RESTYLE, recipe, 7)
    for step in (LOAD, DESCRIBE, RESTYLE, ADJUST):
        shutil.rmtree(step.folder(recipe), ignore_errors=True)
        if step is not ADJUST:
            manifest_of(step, recipe).unlink(missing_ok=True)
    up_to(ADJUST, recipe, 7)
    gc.collect()
    held = [s.image.path for s in gc.get_objects() if isinstance(s, Sample)]
    assert not [path for path in held if path.startswith((str(recipe.work), str(recipe.input)))]


def test_the_last_steps_hold_one_picture_at_a_time(drawn, single, monkeypatch):
    """Of the samples, of what is planned of them, and of what was written: for sets of any size."""
    recipe = drawn()
    up_to(PLAN, recipe)
    samples = counting(monkeypatch, ondisk, "moved")
    finish(PLAN, recipe, 2, silent)
    up_to(WRITE, recipe)
    finish(WRITE, recipe, 2, silent)
    planned = counting(monkeypatch, writing, "planned_from_json")
    entries = counting(monkeypatch, publishing, "entry_from_json")
    finish(PUBLISH, recipe, 2, silent)
    assert outcome(recipe) == single()[1]
    left_out = read_seal(manifest_of(PLAN, recipe)).rejected  # which are told at the end, with all that they were
    assert samples.most <= left_out + 3 < 14 <= samples.built
    assert max(planned.most, entries.most) <= 2 and min(planned.built, entries.built) >= 14


@pytest.mark.parametrize("kept", [0, 2, 100])
def test_tagging_holds_the_samples_of_a_part(drawn, single, monkeypatch, kept):
    """What is kept is looked at once, the rest for each of two questions and for labels; all are read for labels."""
    recipe = drawn()
    up_to(TAG, recipe)
    monkeypatch.setattr(tagging, "SAMPLES", 3)
    monkeypatch.setattr(tagging, "KEPT", kept)
    samples = counting(monkeypatch, ondisk, "moved")
    finish(TAG, recipe, 2, silent)
    assert manifests(recipe)["tag"] == single()[1]["tag"]
    count = read_seal(manifest_of(TAG, recipe)).samples
    held = sum(len(shard.places(count)) for shard in all_shards(-(-count // 3))[:kept])
    assert (samples.built, samples.most) == (4 * count - 2 * held, 3)


def counting(monkeypatch, module, build):
    alive = Alive(getattr(module, build))
    monkeypatch.setattr(module, build, alive)
    return alive


def test_a_full_disk_is_said_and_gone_on_from(drawn, single, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    recipe = drawn()
    with monkeypatch.context() as patch:
        patch.setattr("troupe.models.formats.rendering.encode", full)
        with pytest.raises(TroupeError, match="The disk is full: rogues"):
            run_all(recipe, 2, Log())
    assert not list(recipe.output.glob(".troupe-parts-*/attempt-*"))
    run_all(recipe, 2, Log())
    assert outcome(recipe) == single()[1]


def test_nothing_is_left_is_said(drawn):
    recipe = drawn(adjust={"preset": "my wishes only", "wishes": {"minimum_side": 500}})
    with pytest.raises(TroupeError, match="tag was given a sample set with no picture left.*too small"):
        run_all(recipe, 2, Log())


def test_machines_with_other_paths_make_the_same(finished, single, pictures, tmp_path):
    elsewhere = shutil.copytree(finished.work, tmp_path / "mounted" / "work")
    moved = copied(pictures, tmp_path / "mounted" / "pictures")
    log = Log()
    other = recipe_of(recipe_text(moved, work=str(elsewhere)), tmp_path / "mounted")
    run_all(other, 2, log)
    assert log.steps == ["list", "write", "publish"]
    assert outcome(other) == single()[1]
