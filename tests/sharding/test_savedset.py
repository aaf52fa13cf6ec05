"""Sets under a name: left alone where they are as they should be, and refused by name where they are not."""

import pytest

from troupe.models.errors import TroupeError
from troupe.models.samples.deciding import MOST
from troupe.models.samples.sample import ImageFile, Rejection, Sample, SampleSet
from troupe.models.sharding.recipe import before, recipe, require_same_shard
from troupe.models.sharding.roots import Roots
from troupe.models.sharding.savedset import fingerprint, join, load, path_of, save, set_folder
from troupe.models.sharding.shard import Shard, all_shards

WHOLE = Shard(0, 1)


@pytest.fixture
def roots(tmp_path):
    return Roots((("input", str(tmp_path / "pictures")),))


@pytest.fixture
def known(tmp_path, roots):
    """Ten pictures of two characters, one after the other in turn."""
    (tmp_path / "pictures").mkdir()

    def sample(number):
        path = tmp_path / "pictures" / f"{number}.png"
        path.write_bytes(b"a picture")
        return Sample(str(number), ("mira", "bram")[number % 2], ImageFile(str(path), f"{number:064}", 8, 8))

    return SampleSet(tuple(map(sample, range(10))), (Rejection("lost", "load", "the file is empty"),))


@pytest.fixture
def folder(tmp_path):
    return set_folder(tmp_path / "sets", "ours")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "/a", " a", "a ", "a\n", "c:", "a\0b", "x" * 81])
def test_a_name_that_is_no_folders_is_refused(tmp_path, name):
    with pytest.raises(TroupeError, match="cannot be a folder's"):
        set_folder(tmp_path, name)


@pytest.mark.parametrize("name", ["mira", "my set-2", "角色", "é_1"])
def test_a_name_is_one_folder(tmp_path, name):
    assert set_folder(tmp_path, name).parent == tmp_path


def test_what_was_saved_is_loaded_and_its_own_pictures_decide_how_it_looks(folder, known, roots):
    assert save(folder, WHOLE, known, "key", roots).anew
    found = load(folder, WHOLE, roots)
    assert (found.samples, found.rejected) == (known.samples, known.rejected)
    assert {s.id for s in found.deciding} == {s.id for s in known.samples} and len(known) <= MOST


@pytest.mark.parametrize("count", [1, 3, 10])
def test_parts_that_are_saved_as_they_are_loaded_join_to_the_set(folder, known, roots, tmp_path, count):
    save(folder, WHOLE, known, "key", roots)
    other = tmp_path / "sets" / "other"
    for shard in all_shards(count):
        save(other, shard, load(folder, shard, roots), "key", roots)
    join(other)
    assert path_of(other, WHOLE).read_bytes() == path_of(folder, WHOLE).read_bytes()


def test_every_part_has_the_deciding_samples_of_the_whole_for_its_characters(folder, known, roots):
    save(folder, WHOLE, known, "key", roots)
    whole = load(folder, WHOLE, roots).deciding
    for shard in all_shards(4):
        part = load(folder, shard, roots)
        assert set(part.deciding) == {s for s in whole if s.character in part.characters}


@pytest.mark.parametrize("change", ["nothing", "key", "set", "file", "seal"])
def test_only_what_is_as_it_should_be_is_left_alone(folder, known, roots, change):
    path = save(folder, WHOLE, known, "key", roots).path
    good = path.read_bytes()
    if change == "file":
        path.write_bytes(good.replace(b"bram", b"bran"))  # as long as before
    if change == "seal":
        path.with_name(path.name + ".done").unlink()
    wanted = SampleSet(known.samples[1:]) if change == "set" else known
    again = save(folder, WHOLE, wanted, "other" if change == "key" else "key", roots)
    assert again.anew == (change != "nothing")
    assert (path.read_bytes() == good) == (change != "set")


def test_those_are_joined_that_most_others_fit_to(folder, known, roots):
    for shard in all_shards(3):
        save(folder, shard, known, "old" if shard.index == 1 else "new", roots)
    with pytest.raises(TroupeError, match=r"1 of 3 shards were made with other settings.*shard-00001-of-00003"):
        join(folder)
    save(folder, Shard(1, 3), known, "new", roots)
    assert join(folder).samples == 30


def test_a_number_of_shards_is_needed_where_there_are_several(folder, known, roots):
    with pytest.raises(TroupeError, match="there is no finished shard"):
        join(folder)
    for count in (2, 3):
        for shard in all_shards(count):
            save(folder, shard, known, "key", roots)
    with pytest.raises(TroupeError, match="there are shards of 2 and of 3"):
        join(folder)
    assert join(folder, 2).samples == 20


def test_what_cannot_be_loaded_is_said(folder, known, roots):
    with pytest.raises(TroupeError, match="no such manifest"):
        load(folder, WHOLE, roots)
    save(folder, Shard(0, 2), known, "key", roots)
    with pytest.raises(TroupeError, match="in shards that are not joined: ours"):
        load(folder, WHOLE, roots)
    save(folder, WHOLE, known, "key", roots)
    with pytest.raises(TroupeError, match=r"10 pictures cannot be cut into 11 shards: ours\. Choose 10 shards at most"):
        load(folder, Shard(0, 11), roots)


def test_a_part_whose_deciding_picture_is_gone_is_refused(folder, known, roots, tmp_path):
    """It would be drawn, and look otherwise than on a machine that has the picture."""
    save(folder, WHOLE, known, "key", roots)
    (tmp_path / "pictures" / "8.png").unlink()
    with pytest.raises(TroupeError, match=r"1 of \d+ files of this set are not there: .*8\.png"):
        load(folder, Shard(0, 5), roots)


def test_a_fingerprint_changes_with_the_manifests_alone(folder, known, roots):
    seen = [fingerprint(folder)]
    path = save(folder, WHOLE, known, "key", roots).path
    seen.append(fingerprint(folder))
    save(folder, WHOLE, known, "key", roots)
    (folder / "notes.txt").write_text("mine")
    assert fingerprint(folder) == seen[-1] and seen[0] != seen[1]
    path.unlink()
    assert fingerprint(folder) not in seen


def graph(index=0, count=4, seed=1, name="styled"):
    load = {"class_type": "Load", "inputs": {"name": name, "shard_index": index, "shard_count": count}}
    draw = {"class_type": "Draw", "inputs": {"samples": ["a", 0], "seed": seed, "size": [64, 64]}}
    return {"a": load, "b": draw, "c": {"class_type": "Else", "inputs": {"seed": index}}}


def made(prompt, own=None, link=("b", 0), stamp=lambda node: ""):
    return recipe(prompt, list(link), own or Shard(0, 4), stamp)


def test_shards_of_one_graph_have_one_recipe():
    assert len({made(graph(index), Shard(index, 4)) for index in range(4)}) == 1


def test_a_whole_run_has_the_recipe_of_its_shards():
    assert made(graph(0, 1), WHOLE) == made(graph(3, 4), Shard(3, 4))


def test_numbers_of_nodes_do_not_count_and_all_else_does():
    renamed = {{"a": "10", "b": "11", "c": "12"}[id]: node for id, node in graph().items()}
    renamed["11"] = {**renamed["11"], "inputs": {**renamed["11"]["inputs"], "samples": ["10", 0]}}
    assert made(renamed, link=("11", 0)) == made(graph())
    others = [made(graph(seed=2)), made(graph(name="other")), made(graph(), link=("b", 1))]
    others += [made(graph(), link=("a", 0)), made(graph(), stamp=lambda node: node["class_type"])]
    assert len({made(graph()), *others}) == 1 + len(others)


def test_without_a_wire_there_is_no_recipe():
    assert recipe({}, None, WHOLE, lambda node: "") == ""


def test_what_stands_before_a_node_is_found_once():
    prompt = graph()
    prompt["b"]["inputs"]["mask"] = ["a", 1]
    assert [node["class_type"] for node in before(prompt, ["b", 0])] == ["Draw", "Load"]


def test_another_shard_than_the_loaded_is_refused_unless_a_part_becomes_a_set_of_its_own():
    require_same_shard(graph(2), ["b", 0], Shard(2, 4))
    require_same_shard(graph(2), ["b", 0], WHOLE)
    for own in (Shard(1, 4), Shard(2, 5)):
        with pytest.raises(TroupeError, match="shard 2 of 4, and shard"):
            require_same_shard(graph(2), ["b", 0], own)
