"""Saved sets in the host: in shards or at once, the same set; what does not fit together is refused by name."""

import json
import shutil
from pathlib import Path

import pytest

from support.pictures import character_folder

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
PICTURES = 7


@pytest.fixture(scope="module")
def sets(host_inprocess):
    """The folder of saved sets; `styled` is one of them, of two characters, one picture of which nobody can read."""
    host_inprocess.use_core_nodes("nodes_preview_any.py")
    folder = host_inprocess.base / "input" / "two"
    character_folder(folder / "hero", count=4, side=64)
    character_folder(folder / "villain", count=3, side=64, seed=50)
    (folder / "hero" / "broken.png").write_bytes(b"no picture")
    run(host_inprocess, save_styled("styled", folder))
    return host_inprocess.base / "output" / "troupe_sets"


def shipped(name):
    """A shipped workflow, and the inputs of its nodes by their kind."""
    prompt = json.loads((WORKFLOWS / f"{name}.api.json").read_text(encoding="utf-8"))
    return prompt, {node["class_type"].removeprefix("Troupe"): node["inputs"] for node in prompt.values()}


def save_styled(name, folder):
    prompt, of = shipped("save_for_shards")
    of["LoadSampleSet"]["folder"] = str(folder)
    of["SaveSampleSet"]["name"] = name
    return prompt


def draw(index, count, **changes):
    """`changes` of inputs, each as `Kind__input`."""
    prompt, of = shipped("restyle_in_shards")
    of["LoadSavedSampleSet"] |= {"name": "styled", "shard_index": index, "shard_count": count}
    of["SaveSampleSet"]["name"] = "drawn"
    of["Restyle"]["minimum_structure"] = 0.0
    for name, value in changes.items():
        kind, _, widget = name.partition("__")
        assert widget in of[kind]
        of[kind][widget] = value
    return prompt


def joining(name="drawn", count=0):
    prompt, of = shipped("join_shards")
    merge = of["MergeSampleSetShards"]
    merge |= {"name": name, "shard_count": count}
    return {id: node for id, node in prompt.items() if node["class_type"] in ("TroupeMergeSampleSetShards",)}


def facts(result, stage):
    return next(out["troupe"][0] for out in result.outputs.values() if out.get("troupe", [{}])[0].get("stage") == stage)


def run(host, prompt, executor=None):
    result = host.execute(prompt, executor)
    assert result.ok, result.error["exception_message"] if result.executor else result.valid
    return result


def refused(host, prompt):
    """What the host says; of a prompt with one good branch it refuses the others alone."""
    result = host.execute(prompt)
    if result.node_errors:
        return json.dumps(result.node_errors)
    assert not result.ok
    return result.error["exception_message"]


@pytest.fixture
def another_machine(host_inprocess, monkeypatch, tmp_path_factory):
    """Call it for an empty store, as on a machine that drew nothing yet."""
    import folder_paths

    def move():
        monkeypatch.setattr(folder_paths, "user_directory", str(tmp_path_factory.mktemp("user")))

    return move


def whole(folder):
    return (folder / "set.jsonl").read_bytes()


def test_in_any_number_of_shards_the_set_is_the_same_byte_for_byte(host_inprocess, sets, another_machine):
    """Drawn anew for each number: no shard finds a picture that another run has drawn."""
    drawn = {}
    for count in (1, 2, 3, PICTURES):
        another_machine()
        shutil.rmtree(sets / "drawn", ignore_errors=True)
        computed = 0
        for index in reversed(range(count)):
            result = run(host_inprocess, draw(index, count))
            computed += facts(result, "restyle")["computed"]
        assert computed == PICTURES
        if count > 1:
            assert facts(run(host_inprocess, joining()), "merge")["samples"] == PICTURES
        drawn[count] = whole(sets / "drawn")
    assert len(set(drawn.values())) == 1
    lines = drawn[1].decode().splitlines()
    assert len(lines) == 1 + PICTURES + 1 and "broken" in lines[-1]
    assert str(host_inprocess.base) not in drawn[1].decode()


def test_a_second_run_leaves_every_shard_alone(host_inprocess, sets):
    for index in (0, 1):
        run(host_inprocess, draw(index, 2))
    shards = sorted(sets.joinpath("drawn").glob("shard-*-of-00002.jsonl*"))
    before = [path.stat().st_mtime_ns for path in shards]
    assert len(shards) == 4
    for index in (0, 1):
        again = run(host_inprocess, draw(index, 2))
        assert facts(again, "restyle")["computed"] == 0 and not facts(again, "save")["anew"]
    assert [path.stat().st_mtime_ns for path in shards] == before


def test_a_shard_that_was_deleted_or_changed_is_saved_again(host_inprocess, sets):
    first = run(host_inprocess, draw(0, 2))
    path = Path(facts(first, "save")["file"])
    good = path.read_bytes()
    for spoil in (lambda: path.unlink(), lambda: path.write_bytes(good.replace(b"hero", b"hers"))):
        spoil()
        again = run(host_inprocess, draw(0, 2), first.executor)
        assert facts(again, "save")["anew"] and path.read_bytes() == good


def test_shards_of_other_settings_are_refused_by_name(host_inprocess, sets):
    shutil.rmtree(sets / "drawn", ignore_errors=True)
    for index in range(3):
        run(host_inprocess, draw(index, 3, Restyle__seed=5 if index == 1 else 0))
    said = refused(host_inprocess, joining())
    assert "1 of 3 shards were made with other settings" in said and "shard-00001-of-00003" in said
    run(host_inprocess, draw(1, 3))
    assert run(host_inprocess, joining()).ok


def test_shards_of_another_input_are_refused_by_name(host_inprocess, sets):
    """The set that they are drawn from was saved anew under its name, with one picture more."""
    folder = shutil.copytree(host_inprocess.base / "input" / "two", host_inprocess.base / "input" / "changing")
    run(host_inprocess, save_styled("changing", folder))
    first = {"LoadSavedSampleSet__name": "changing", "SaveSampleSet__name": "changed"}
    run(host_inprocess, draw(0, 2, **first))
    character_folder(folder / "hero", count=5, side=64)
    run(host_inprocess, save_styled("changing", folder))
    run(host_inprocess, draw(1, 2, **first))
    assert "other settings or from another input" in refused(host_inprocess, joining("changed"))
    run(host_inprocess, draw(0, 2, **first))
    assert facts(run(host_inprocess, joining("changed")), "merge")["samples"] == PICTURES + 1


def test_missing_shards_are_named_and_a_number_is_asked_for_where_it_is_not_clear(host_inprocess, sets):
    shutil.rmtree(sets / "drawn", ignore_errors=True)
    assert "there is no finished shard" in refused(host_inprocess, joining())
    run(host_inprocess, draw(2, 3))
    assert "2 of 3 shards are missing: shard-00000-of-00003, shard-00001-of-00003" in refused(host_inprocess, joining())
    run(host_inprocess, draw(0, 2))
    assert "there are shards of 2 and of 3" in refused(host_inprocess, joining())
    for index in range(2):
        run(host_inprocess, draw(index, 2))
    assert facts(run(host_inprocess, joining(count=2)), "merge")["samples"] == PICTURES


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc", "a\\b", ".hidden", "x" * 81, " a", "c:a"])
def test_a_name_that_leads_out_of_the_folder_is_refused_before_the_run(host_inprocess, sets, name):
    for prompt in (draw(0, 1, LoadSavedSampleSet__name=name), draw(0, 1, SaveSampleSet__name=name), joining(name)):
        assert "cannot be a folder's" in refused(host_inprocess, prompt)


REFUSED = {
    "no such shard": {"index": 3, "count": 3},
    "7 pictures cannot be cut into 8 shards": {"index": 0, "count": 8},
    "There is no such manifest": {"LoadSavedSampleSet__name": "nobody"},
    "cannot replace the one that it is made from": {"SaveSampleSet__name": "styled"},
    "shard 0 of 2, and shard 1 of 2": {"count": 2, "SaveSampleSet__shard_index": 1, "SaveSampleSet__shard_count": 2},
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_is_said(host_inprocess, sets, said):
    wanted = {"index": 0, "count": 1, **REFUSED[said]}
    assert said in refused(host_inprocess, draw(wanted.pop("index"), wanted.pop("count"), **wanted))


def test_a_set_in_shards_cannot_be_loaded_before_they_are_joined(host_inprocess, sets):
    shutil.rmtree(sets / "half", ignore_errors=True)
    run(host_inprocess, draw(0, 2, SaveSampleSet__name="half"))
    said = refused(host_inprocess, draw(0, 1, LoadSavedSampleSet__name="half"))
    assert "in shards that are not joined: half" in said


def test_pictures_outside_of_the_hosts_folders_are_refused(host_inprocess, sets, tmp_path):
    said = refused(host_inprocess, save_styled("outside", character_folder(tmp_path / "hero", count=1, side=64)))
    assert "lies outside of the folders" in said and not (sets / "outside" / "set.jsonl").exists()


def test_what_was_drawn_is_kept_for_other_machines_and_for_when_the_store_is_emptied(
    host_inprocess, sets, another_machine
):
    """Drawn on one machine, drawn over on another one."""
    run(host_inprocess, draw(0, 1, SaveSampleSet__name="here"))
    another_machine()
    again = run(host_inprocess, draw(1, 2, LoadSavedSampleSet__name="here", SaveSampleSet__name="twice"))
    assert facts(again, "restyle")["computed"] == PICTURES // 2
    lines = (sets / "twice" / "shard-00001-of-00002.jsonl").read_text().splitlines()
    assert len(lines) == 1 + PICTURES // 2 and not [line for line in lines if '"store:' in line]


def test_pictures_that_are_gone_are_named(host_inprocess, sets):
    run(host_inprocess, draw(0, 1, SaveSampleSet__name="here"))
    kept = sets.parent / "troupe_pictures"
    aside = kept.rename(sets.parent / "aside")
    said = refused(host_inprocess, draw(0, 1, LoadSavedSampleSet__name="here"))
    assert f"{PICTURES} of {PICTURES} files of this set are not there" in said and "must share" in said
    aside.rename(kept)


def test_a_saved_set_can_be_loaded_in_the_graph_that_saves_it(host_inprocess, sets):
    prompt = save_styled("at_once", host_inprocess.base / "input" / "two")
    save = next(id for id, node in prompt.items() if node["class_type"] == "TroupeSaveSampleSet")
    inputs = {"name": [save, 1], "shard_index": 0, "shard_count": 1}
    prompt["load"] = {"class_type": "TroupeLoadSavedSampleSet", "inputs": inputs}
    prompt["look"] = {"class_type": "PreviewAny", "inputs": {"source": ["load", 3]}}
    assert (
        f"at_once, whole: {PICTURES} pictures of hero, villain"
        in run(host_inprocess, prompt).outputs["look"]["text"][0]
    )
