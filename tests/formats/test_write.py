"""Writing: what is planned is on disk, what fails is named, and the manifest tells it all without saying where."""

import hashlib
import json
import os
import shutil
import signal
import time
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from troupe.models import formats
from troupe.models.errors import EmptySet, TroupeError
from troupe.models.formats import staging
from troupe.models.formats.catalogue import find_format
from troupe.models.formats.entries import Entries
from troupe.models.formats.manifest import read_manifest
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import target_fingerprint, write_dataset, written_files
from troupe.models.samples.sample import (
    Description,
    Feature,
    Labels,
    Rejection,
    SampleSet,
    Step,
    StylePair,
    SubStyle,
)

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone.utc)
FORMATS = pytest.mark.parametrize("format", [f.id for f in formats.FORMATS])


@FORMATS
def test_what_is_named_is_what_is_there(make_set, tmp_path, tree, format):
    plan = plan_dataset(make_set(5, masked=True), WriteSettings("mira", format=format, resolution=96))
    result = write_dataset(plan, tmp_path / "out")
    assert (result.pictures, result.captions, result.masks, result.rejected) == (5, 5, 5, ())
    pictures, lists = ({file for p in plan.pictures for file in p.files if file}, described(result.folder, plan))
    packed = find_format(format).packing
    assert set(tree(result.folder)) == lists | ({"train/000000.tar"} if packed else pictures)
    assert not packed or packed.contents(result.folder) >= pictures
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mira"]


def described(folder, plan):
    """The files beside the pictures."""
    lists = find_format(plan.settings.format).lists(Entries(read_manifest(folder).entries), plan.settings)
    return {"manifest.json", *(file.path for file in lists)}


@FORMATS
@pytest.mark.parametrize("cores", [1, 4])
def test_the_number_of_cores_changes_nothing(make_set, tmp_path, tree, monkeypatch, format, cores):
    plan = plan_dataset(make_set(7, masked=True), WriteSettings("mira", format=format, resolution=96))
    first = write_dataset(plan, tmp_path / "a", now=NOW)
    monkeypatch.setattr("troupe.models.parallel.core_count", lambda: cores)
    assert tree(write_dataset(plan, tmp_path / "b", now=NOW).folder) == tree(first.folder)


def test_one_bad_picture_is_left_out_with_the_reason_and_the_rest_is_written(make_set, tmp_path):
    plan = plan_dataset(make_set(4), WriteSettings("mira"))
    (tmp_path / "pictures" / "mira" / "2.png").write_bytes(b"nothing")
    result = write_dataset(plan, tmp_path / "out")
    assert [(r.id, r.stage) for r in result.rejected] == [("mira/pic_2", "write")]
    assert sorted(p.name[:4] for p in result.folder.rglob("*_*.png")) == ["0001", "0003", "0004"]
    assert "mira/pic_2: not a picture" in result.report
    manifest = json.loads((result.folder / "manifest.json").read_text("utf-8"))
    assert manifest["counts"] == {"pictures": 3, "captions": 3, "masks": 0, "rejected": 1}


def test_if_none_can_be_written_nothing_is_there_and_the_error_says_why(make_set, tmp_path):
    plan = plan_dataset(make_set(2), WriteSettings("mira"))
    for path in (tmp_path / "pictures" / "mira").iterdir():
        path.write_bytes(b"")
    with pytest.raises(EmptySet, match="the file is empty"):
        write_dataset(plan, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_progress_is_told_before_every_picture(make_set, tmp_path):
    calls = []
    plan = plan_dataset(make_set(3), WriteSettings("mira"))
    write_dataset(plan, tmp_path / "out", progress=lambda *call: calls.append(call))
    assert calls == [(0, 3, "mira/pic_1"), (1, 3, "mira/pic_2"), (2, 3, "mira/pic_3")]


class Cancelled(BaseException):
    """As the host's interrupt is: no Exception."""


@pytest.mark.parametrize("error", [Cancelled, OSError])
@pytest.mark.parametrize("at", range(4))
def test_what_progress_raises_comes_through_and_leaves_nothing(make_set, tmp_path, error, at):
    def stop(done, total, name):
        if done == at:
            raise error("stop")

    plan = plan_dataset(make_set(4), WriteSettings("mira"))
    with pytest.raises(error, match="^stop$"):
        write_dataset(plan, tmp_path / "out", progress=stop)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("where", ["rendering.encode", "filling._write_new", "write.write_atomically"])
def test_a_full_disk_is_said_and_leaves_nothing(make_set, tmp_path, monkeypatch, where):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"troupe.models.formats.{where}", full)
    with pytest.raises(TroupeError, match="The disk is full"):
        write_dataset(plan_dataset(make_set(3), WriteSettings("mira", resolution=96)), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["../out2", "a/b", "..", "/tmp/x", "C:\\x"])
def test_nothing_is_written_outside_the_root(make_set, tmp_path, name):
    with pytest.raises(TroupeError, match="is a path"):
        write_dataset(plan_dataset(make_set(1), WriteSettings(name)), tmp_path / "out")


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_a_link_in_place_of_the_data_set_is_not_followed(make_set, tmp_path, tree, mode):
    elsewhere = write_dataset(plan_dataset(make_set(1), WriteSettings("mira")), tmp_path / "elsewhere").folder
    before = tree(elsewhere)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mira").symlink_to(elsewhere)
    with pytest.raises(TroupeError, match="link"):
        write_dataset(plan_dataset(make_set(2), WriteSettings("mira", mode=mode)), tmp_path / "out")
    assert tree(elsewhere) == before


def test_a_hand_made_plan_cannot_leave_the_root_either(make_set, tmp_path):
    plan = plan_dataset(make_set(1), WriteSettings("mira", mode="replace"))
    with pytest.raises(TroupeError):
        write_dataset(replace(plan, name="../mira"), tmp_path / "out")


def test_no_file_is_written_over_another(make_set, tmp_path):
    plan = plan_dataset(make_set(2), WriteSettings("mira"))
    with pytest.raises(TroupeError, match="File exists"):
        write_dataset(replace(plan, pictures=plan.pictures * 2), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process to kill")
@pytest.mark.parametrize("mode", ["new", "replace", "add"])
def test_a_killed_run_leaves_the_old_set_and_a_staging_folder(make_set, tmp_path, tree, mode):
    root = tmp_path / "out"
    first = write_dataset(plan_dataset(make_set(2), WriteSettings("mira")), root)
    before = tree(first.folder)
    plan = plan_dataset(make_set(4, first=3), WriteSettings("mira", mode=mode))

    def power_cut(done, total, name):
        if done == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    if (child := os.fork()) == 0:
        write_dataset(plan, root, progress=power_cut)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert tree(first.folder) == before
    names = sorted(p.name for p in root.iterdir())
    assert len(names) == 2 and names[0].startswith(".troupe-staging-") and names[1] == "mira"


def test_the_manifest_tells_where_every_picture_is_from(make_sample, tmp_path):
    style = StylePair(SubStyle("ink", "Ink", "墨", "drawing", "ink"), SubStyle("wash", "Wash", "渲", "drawing", "wash"),
                      "hair.colour=silver")  # fmt: skip
    sample = make_sample(
        2,
        source=make_sample(1),
        style=style,
        features=(Feature("angle", "back", "person"), Feature("shot", "full", "measured")),
        description=Description("a girl", ("girl",)),
        labels=Labels("mirax", ("silver hair",), ("outdoors",), "mirax, outdoors", "person"),
        history=(
            Step("read", json.dumps({"folder": str(tmp_path / "pictures")})),
            Step("describe", '{"captioner": "colour 1"}'),
            Step("restyle", '{"look": "ink"}', 42),
        ),
    )
    earlier = Rejection("mira/0", "read", f"damaged: {tmp_path}/pictures/mira/0.png", str(tmp_path / "0.png"))
    settings = WriteSettings("mira", licence_note="CC0", resolution=96, mask_dilate=4)
    plan = plan_dataset(SampleSet((sample,), (earlier,)), settings)
    result = write_dataset(plan, tmp_path / "out", settings_note=f"from {tmp_path}/flow.json", now=NOW)
    text = (result.folder / "manifest.json").read_text("utf-8")
    assert str(tmp_path) not in text
    manifest = json.loads(text)
    (picture,) = manifest.pop("pictures")
    assert (
        manifest.items()
        >= {
            "troupe_dataset": 1,
            "created": "2026-05-04T03:02:01+00:00",
            "format": "kohya",
            "licence_note": "CC0",
            "note": "from flow.json",
            "trigger_is_in": "the captions",
        }.items()
    )
    assert manifest["settings"]["mask_dilate"] == 4
    assert manifest["rejected"] == [{"id": "mira/0", "stage": "read", "reason": "damaged: 0.png"}]
    written = result.folder / picture["file"]
    assert picture["sha256"] == hashlib.sha256(written.read_bytes()).hexdigest()
    assert picture["made_from"] == {"sample": "mira/pic_2", "file": "2.png", "sha256": sample.image.digest}
    assert picture["restyled_from"] == {"sample": "mira/pic_1", "file": "1.png", "sha256": sample.source.image.digest}
    assert picture["transformations"] == ["scaled from 160x128 to 96x77", "written as png"]
    assert (
        picture.items()
        >= {
            "styles": ["ink", "wash"],
            "style_feature": "hair.colour=silver",
            "seeds": [42],
            "captioner": "colour 1",
            "caption_origin": "person",
            "human_edits": ["angle", "caption"],
            "target": ["silver hair"],
            "non_target": ["outdoors"],
        }.items()
    )
    assert json.loads(picture["history"][0]["settings"]) == {"folder": "pictures"}


def test_leftovers_of_killed_runs_go_after_a_day(make_set, tmp_path):
    root = tmp_path / "out"
    for name, age in (("fresh", 100), ("stale", 2 * staging.DAY)):
        folder = root / f"{staging.STAGING}{name}"
        (folder / "train").mkdir(parents=True)
        os.utime(folder, (NOW.timestamp(), time.time() - age))
    write_dataset(plan_dataset(make_set(1), WriteSettings("mira")), root)
    assert sorted(p.name for p in root.iterdir()) == [f"{staging.STAGING}fresh", "mira"]


def test_the_fingerprint_changes_only_when_the_written_set_is_deleted(make_set, tmp_path):
    root, plan = tmp_path / "out", plan_dataset(make_set(1), WriteSettings("mira"))
    seen = [target_fingerprint(root, "mira")]
    folder = write_dataset(plan, root).folder
    seen += [target_fingerprint(root, "mira"), target_fingerprint(root, "other"), target_fingerprint(root, "../x")]
    shutil.rmtree(folder)
    gone = [target_fingerprint(root, "mira") for _ in range(2)]
    write_dataset(plan, root)
    assert seen == ["0"] * 4
    assert [*gone, target_fingerprint(root, "mira")] == ["1"] * 3


@pytest.mark.parametrize("numbers", [[1, 99, 3], [2, 1, 3], [1, 1, 2], [0], [1, 2, 3, 4, 5]])
def test_entries_that_are_of_another_plan_are_told_and_not_lost(make_set, tmp_path, numbers):
    plan = plan_dataset(make_set(4), WriteSettings("mira"))
    folder = write_dataset(plan, tmp_path / "out").folder
    entry, *_ = read_manifest(folder).entries
    entries = [replace(entry, number=number) for number in numbers]
    with pytest.raises(TroupeError, match="What was written is not what is planned: mira, picture"):
        list(written_files(plan, entries))


def test_files_of_what_was_written_are_in_the_order_of_the_plan(make_set, tmp_path):
    plan = plan_dataset(make_set(4, masked=True), WriteSettings("mira"))
    entries = read_manifest(write_dataset(plan, tmp_path / "out").folder).entries
    wanted = [file for number in (1, 3) for file in plan.pictures[number].files if file]
    assert list(written_files(plan, entries[1::2])) == wanted
