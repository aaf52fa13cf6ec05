"""New, replace, add: what was there is never half changed, and nobody's work is lost."""

import json
import os
import shutil
import time

import pytest

from troupe.models import formats
from troupe.models.errors import TroupeError
from troupe.models.formats import staging
from troupe.models.formats.manifest import LARGEST
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.progress import silent
from troupe.models.samples.sample import Labels, SampleSet

FORMATS = pytest.mark.parametrize("format", [f.id for f in formats.FORMATS if not f.packing])


@pytest.fixture
def put(tmp_path):
    """Write a set below `out`, with settings."""

    def write(samples, progress=silent, root="out", **settings):
        plan = plan_dataset(samples, WriteSettings(**{"name": "mira", "resolution": 96, **settings}))
        return write_dataset(plan, tmp_path / root, progress=progress)

    return write


def numbers(folder):
    pictures = (p for p in (folder / "train").rglob("*.png") if not p.stem.endswith("-masklabel"))
    return sorted(int(p.name[:4]) for p in pictures)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_new_never_touches_what_is_there(make_set, put, tree):
    first = put(make_set(2))
    before = tree(first.folder)
    assert [put(make_set(1, first=n)).folder.name for n in (1, 2)] == ["mira_2", "mira_3"]
    assert tree(first.folder) == before


@FORMATS
def test_replace_leaves_only_the_new_set(make_set, put, tree, tmp_path, format):
    put(make_set(4, masked=True), format=format)
    second = put(make_set(2, first=3), mode="replace", format=format)
    assert second.folder.name == "mira" and numbers(second.folder) == [1, 2]
    assert set(tree(second.folder)) == set(tree(put(make_set(2, first=3), root="fresh", format=format).folder))
    assert os.listdir(tmp_path / "out") == ["mira"]


class Cancelled(BaseException):
    pass


@pytest.mark.parametrize("mode", ["replace", "add"])
@pytest.mark.parametrize("at", range(5))
def test_a_cancel_at_any_picture_leaves_the_old_set_as_it_was(make_set, put, tree, tmp_path, mode, at):
    first = put(make_set(3, masked=True))
    before = tree(first.folder)

    def stop(done, total, name):
        if done == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        put(make_set(5, first=4), mode=mode, progress=stop)
    assert tree(first.folder) == before
    assert os.listdir(tmp_path / "out") == ["mira"]


@pytest.mark.parametrize("mode", ["replace", "add"])
@pytest.mark.parametrize("renames", [1, 2])
def test_a_rename_that_fails_leaves_the_old_set_as_it_was(make_set, put, tree, tmp_path, monkeypatch, mode, renames):
    first = put(make_set(3))
    before, left, rename = tree(first.folder), [renames], type(first.folder).rename

    def failing(self, target):
        left[0] -= 1
        if left[0] == 0:
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(type(first.folder), "rename", failing)
    with pytest.raises(TroupeError, match="in use"):
        put(make_set(2, first=9), mode=mode)
    assert tree(first.folder) == before
    assert os.listdir(tmp_path / "out") == ["mira"]


def test_a_set_that_a_kill_moved_aside_comes_back(make_set, put, tree, tmp_path):
    first = put(make_set(2), name="my-mira")
    before = tree(first.folder)
    aside = first.folder.with_name(f"{staging.OLD}token-my-mira")
    first.folder.rename(aside)
    os.utime(aside, (0, time.time() - 2 * staging.MINUTE))
    put(make_set(1), name="other")
    assert tree(first.folder) == before and not aside.exists()


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_a_folder_that_is_not_ours_is_left_alone(make_set, put, tree, tmp_path, mode):
    mine = tmp_path / "out" / "mira" / "holiday.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(TroupeError, match="left alone"):
        put(make_set(1), mode=mode)
    assert sorted(tree(tmp_path / "out")) == ["mira/holiday.txt"]


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_an_empty_folder_or_none_is_filled(make_set, put, tmp_path, mode):
    assert put(make_set(2), mode=mode).folder.name == "mira"
    (tmp_path / "out" / "empty").mkdir()
    assert numbers(put(make_set(2), mode=mode, name="empty").folder) == [1, 2]


@FORMATS
def test_add_goes_on_counting_and_leaves_every_file_alone(make_set, put, tree, format):
    first = put(make_set(3, masked=True), format=format)
    before = tree(first.folder)
    second = put(make_set(2, first=4, masked=True), mode="add", format=format)
    after = tree(second.folder)
    assert second.folder == first.folder and numbers(second.folder) == [1, 2, 3, 4, 5]
    lists = {f for f in before if f.endswith((".toml", ".json", ".jsonl"))}
    assert {f: after[f] for f in set(before) - lists} == {f: before[f] for f in set(before) - lists}
    assert manifest(second.folder)["counts"] == {"pictures": 5, "captions": 5, "masks": 5, "rejected": 0}
    assert len({os.path.dirname(f) for f in after if f.startswith("train/") and f.endswith(".png")}) == 1


@FORMATS
def test_add_does_not_write_a_picture_twice(make_set, put, tree, format):
    put(make_set(3), format=format)
    second = put(make_set(5), mode="add", format=format)
    assert (second.pictures, numbers(second.folder)) == (2, [1, 2, 3, 4, 5])
    assert "3 were not added because the data set has them" in second.report
    before = tree(second.folder)
    third = put(make_set(5), mode="add", format=format)
    assert third.pictures == 0
    assert {f for f, digest in tree(third.folder).items() if before.get(f) != digest} <= {"manifest.json"}


def test_replacing_and_adding_make_the_same_set_as_writing_at_once(make_set, put, tree):
    parts = make_set(3), make_set(2, first=4)
    put(parts[0], repeats=2)
    added = put(parts[1], repeats=2, mode="add")
    once = put(SampleSet(parts[0].samples + parts[1].samples), repeats=2, name="once")
    left, right = tree(added.folder), tree(once.folder)
    assert {f: d for f, d in left.items() if f != "manifest.json"} == {
        f: d for f, d in right.items() if f != "manifest.json"
    }


def test_added_pictures_join_the_folder_of_their_character_with_its_repeats(make_set, put):
    first = put(make_set(3), target_steps=600)
    second = put(make_set(1, first=9), mode="add", target_steps=600)
    (folder,) = (second.folder / "train").iterdir()
    assert folder.name == f"{manifest(first.folder)['subsets'][0]['repeats']}_mirax"


def test_files_of_a_person_stay_when_pictures_are_added(make_set, put):
    folder = put(make_set(2)).folder
    (folder / "notes.md").write_text("mine")
    (picture,) = (p for p in (folder / "train").iterdir())
    shutil.copy(next(picture.glob("0001*.png")), picture / "0007_own.png")
    put(make_set(1, first=5), mode="add")
    assert (folder / "notes.md").read_text() == "mine"
    assert numbers(folder) == [1, 2, 7, 8]


def test_what_a_person_deleted_stays_deleted(make_set, put):
    folder = put(make_set(3)).folder
    for path in (folder / "train").rglob("0002*"):
        path.unlink()
    put(make_set(1, first=5), mode="add")
    assert [p["number"] for p in manifest(folder)["pictures"]] == [1, 3, 4]


def test_another_format_is_not_added(make_set, put):
    put(make_set(1))
    with pytest.raises(TroupeError, match="of the format kohya"):
        put(make_set(1, first=2), mode="add", format="huggingface")


def test_a_link_inside_is_not_carried_along(make_set, put, tmp_path):
    folder = put(make_set(1)).folder
    (folder / "train" / "5_link").symlink_to(tmp_path)
    with pytest.raises(TroupeError, match="holds a link"):
        put(make_set(1, first=2), mode="add")


def edit(folder, number, text):
    """Change a caption as its owner would, in a text editor."""
    rows = folder / "train" / "metadata.jsonl"
    if rows.exists():
        lines = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
        lines = [{**r, "text": text} if r["file_name"].startswith(f"{number:04d}") else r for r in lines]
        rows.write_text("".join(json.dumps(r) + "\n" for r in lines), "utf-8")
        return
    for file in folder.glob("metadata_*.json"):
        known = json.loads(file.read_text("utf-8"))
        changed = {k: {**row, "caption": text} if k.startswith(f"{number:04d}") else row for k, row in known.items()}
        file.write_text(json.dumps(changed), "utf-8")
        return
    next((folder / "train").rglob(f"{number:04d}*.txt")).write_text(text, "utf-8")


@FORMATS
@pytest.mark.parametrize("mode", ["replace", "add"])
def test_a_caption_that_a_person_edited_in_the_folder_is_kept(make_set, put, format, mode):
    folder = put(make_set(3), format=format).folder
    edit(folder, 2, "mirax, on a horse")
    for _ in range(2):  # the second time the manifest itself says so
        put(make_set(4), format=format, mode=mode)
    pictures = manifest(folder)["pictures"]
    captions = ["mirax, picture 1", "mirax, on a horse", "mirax, picture 3", "mirax, picture 4"]
    assert [p["caption"] for p in pictures] == captions
    assert [p["edited_in_folder"] for p in pictures] == [False, True, False, False]
    lists = (*folder.rglob("metadata.jsonl"), *folder.glob("metadata_*.json"), *folder.rglob("0002*.txt"))
    assert "on a horse" in lists[0].read_text("utf-8")


def test_a_persons_newer_caption_wins_over_the_one_in_the_folder(make_sample, put):
    folder = put(SampleSet((make_sample(1),))).folder
    edit(folder, 1, "mirax, old words")
    newer = make_sample(1, labels=Labels("mirax", caption="mirax, new words", origin="person"))
    put(SampleSet((newer,)), mode="replace")
    assert manifest(folder)["pictures"][0]["caption"] == "mirax, new words"


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_two_runs_at_once_do_not_mix(make_set, put, tree, mode):
    put(make_set(2))
    during = []

    def another_run(done, total, name):
        if not during:
            during.append(put(make_set(1, first=8), mode="replace"))

    with pytest.raises(TroupeError, match="Another run changed the data set"):
        put(make_set(3, first=4), mode=mode, progress=another_run)
    (other,) = during
    assert set(tree(other.folder)) == set(tree(put(make_set(1, first=8), root="fresh").folder))


def test_two_new_runs_at_once_take_two_names(make_set, put):
    names = []

    def another_run(done, total, name):
        if not names:
            names.append("")
            names.append(put(make_set(1)).folder.name)

    names.append(put(make_set(2), progress=another_run).folder.name)
    assert names == ["", "mira", "mira_2"]


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_a_manifest_that_cannot_be_read_is_said_with_the_reason(make_set, put, tree, monkeypatch, mode):
    folder = put(make_set(2)).folder
    before = tree(folder)
    monkeypatch.setattr("troupe.models.formats.manifest.LARGEST", 100)
    with pytest.raises(TroupeError, match=r"left alone \(manifest.json: it is larger than .* MB\): mira"):
        put(make_set(3), mode=mode)
    assert tree(folder) == before


def test_sets_of_a_hundred_thousand_pictures_can_be_added_to(make_set, put):
    folder = put(make_set(3)).folder
    assert (folder / "manifest.json").stat().st_size / 3 * 100_000 < LARGEST / 2


@pytest.mark.parametrize("mode", ["replace", "add"])
def test_a_set_that_a_kill_had_moved_aside_a_moment_ago_is_what_is_read(make_set, put, tmp_path, monkeypatch, mode):
    """Whoever adds to it must not find nothing there: what people wrote into it would be lost a day later."""
    monkeypatch.setattr(staging, "MOMENT", 0.2)
    put(make_set(3))
    caption = next((tmp_path / "out" / "mira" / "train").rglob("*.txt"))
    caption.write_text("mirax, in my words")
    (tmp_path / "out" / "mira").rename(tmp_path / "out" / ".troupe-staging-old-x1-mira")
    put(make_set(4), mode=mode)
    assert os.listdir(tmp_path / "out") == ["mira"]
    assert [e["caption"] for e in manifest(tmp_path / "out" / "mira")["pictures"]][0] == "mirax, in my words"


def test_files_that_vanish_while_they_are_written_are_no_data_set(make_set, put, tmp_path):
    def tidy_up(done, total, name):
        if done == 2:
            first = next((tmp_path / "out").rglob("0001*.txt"), None)
            while first is None:  # another thread is at it
                time.sleep(0.01)
                first = next((tmp_path / "out").rglob("0001*.txt"), None)
            first.unlink()

    with pytest.raises(TroupeError, match="1 of 6 files vanished.*run again"):
        put(make_set(3), progress=tidy_up)
    assert os.listdir(tmp_path / "out") == []
