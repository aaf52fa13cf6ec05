"""A list of composite groups is judged as a whole: what can be used goes on, all that is wrong is said at once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from troupe.models.compositing.groups import manifestfiles
from troupe.models.compositing.groups.group import CompositeGroup, GroupFault
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.manifestrows import Entry, entry_of, group_of
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda values: st.lists(values, max_size=5) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=12,
)
NAMES = st.sampled_from(
    "id background composite box foreground mask category scene other_boxes gain exposure_gain position_only".split()
)
GOOD = {"background": "bg.png", "composite": "comp.png", "box": [8, 4, 10, 12], "mask": "mask.png"}


@pytest.fixture
def scene(tmp_path):
    """A folder with the pictures of one 40 x 30 group, sound and unsound."""
    return paint(tmp_path / "scene")


def paint(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("bg.png", "comp.png"):
        Image.new("RGB", (40, 30), "grey").save(folder / name)
    mask = Image.new("L", (40, 30))
    mask.save(folder / "empty.png")
    mask.paste(1, (8, 4, 18, 16))
    mask.save(folder / "ones.png")
    mask.paste(255, (8, 4, 18, 16))
    mask.save(folder / "mask.png")
    Image.new("L", (41, 30), 255).save(folder / "large_mask.png")
    Image.new("RGB", (30, 40)).save(folder / "turned.png")
    Image.new("RGBA", (10, 12), (9, 9, 9, 255)).save(folder / "cutout.png")
    Image.new("RGBA", (10, 12), (9, 9, 9, 0)).save(folder / "clear.png")
    (folder / "text.png").write_text("no picture")
    return folder


def write(folder: Path, *groups, **members) -> Path:
    (folder / "groups.json").write_text(json.dumps({"groups": groups, **members}), encoding="utf-8")
    return folder


def without(*names, **changes):
    return {k: v for k, v in {**GOOD, **changes}.items() if k not in names}


def reason(folder, group):
    """Why `group` is left out, beside one that is sound."""
    found = read_manifest(write(folder, {**GOOD, "id": "sound"}, group))
    assert [g.id for g in found.groups] == ["sound"]
    (fault,) = found.faults
    return fault.reason


# Laws


def test_an_entry_of_a_group_reads_as_the_group(scene):
    files = {"background": scene / "bg.png", "composite": scene / "comp.png"}
    plain = CompositeGroup("a", box=Box(8, 4, 18, 16), foreground=scene / "cutout.png", **files)
    full = replace(
        plain, foreground=None, mask=scene / "mask.png", category="cup", scene="Küche", position_only=True,
        gain=(1.1, 0.9, 1.0), other_boxes=(Box(-3, 0, 5, 5), Box(30, 20, 44, 30)),
    )  # fmt: skip
    for group in (plain, full):
        assert group_of(Entry(1, json.loads(json.dumps(entry_of(group, scene))), scene)) == group


def test_every_group_is_read_or_at_fault(scene):
    groups = [{**GOOD, "id": f"g{n}", "box": [8, 4, 10, 12 if n % 3 else 0]} for n in range(20)]
    found = read_manifest(write(scene, *groups))
    assert [g.id for g in found.groups] == [f"g{n}" for n in range(20) if n % 3]
    assert [f.id for f in found.faults] == [f"g{n}" for n in range(20) if not n % 3]


@given(JSON | st.dictionaries(NAMES, JSON | st.lists(st.floats() | st.integers(), min_size=4, max_size=4)))
def test_whatever_an_entry_holds_is_answered_in_words(value):
    """No picture has a name that chance finds, so each is a fault, with a reason and a printable name."""
    fault = group_of(Entry(1, value, Path("nowhere")))
    assert isinstance(fault, GroupFault) and fault.reason and str(fault.id).encode()


def test_lines_read_as_the_list_does(scene):
    groups = [{**GOOD, "id": "a"}, {**GOOD, "category": "cup"}]
    expected = read_manifest(write(scene, *groups)).groups
    (scene / "groups.json").unlink()
    (scene / "groups.jsonl").write_text("\n".join(map(json.dumps, groups)) + "\n\n")
    assert read_manifest(scene).groups == read_manifest(scene / "groups.jsonl").groups == expected


def test_progress_is_told_of_each_group_and_may_cancel(scene):
    told = []
    read_manifest(write(scene, GOOD, GOOD), lambda done, total, name: told.append((done, total, name)))
    assert told == [(0, 2, "group 1"), (1, 2, "group 2")]

    class Cancel(BaseException):
        pass

    def cancel(done, total, name):
        raise Cancel

    with pytest.raises(Cancel):
        read_manifest(scene, cancel)


# What an entry says


def test_a_group_takes_its_number_for_a_name_and_the_scene_of_the_list(scene):
    named = {**GOOD, "id": 7, "scene": "hall", "frame": 3, "source": ["whatever"]}
    found = read_manifest(write(scene, GOOD, named, scene="kitchen"))
    assert [(g.id, g.scene) for g in found.groups] == [("1", "kitchen"), ("7", "hall")]
    assert found.root == scene and found.groups[0].box == Box(8, 4, 18, 16)
    assert found.groups[0].mask == scene / "mask.png" and found.groups[0].foreground is None


@pytest.mark.parametrize(
    ("said", "gain"),
    [
        ({}, (1, 1, 1)),
        ({"gain": 2}, (2, 2, 2)),
        ({"gain": [1.5, 1, 0.5]}, (1.5, 1, 0.5)),
        ({"exposure_gain": 0.5}, (0.5, 0.5, 0.5)),
        ({"exposure_gain": 0.5, "gain": 2}, (2, 2, 2)),
        ({"exposure_gain": 0.5, "exposure_gain_rgb": [0.5, 0.6, 0.7]}, (0.5, 0.6, 0.7)),
    ],
)
def test_gain_has_three_names_and_the_one_per_channel_wins(scene, said, gain):
    assert read_manifest(write(scene, {**GOOD, **said})).groups[0].gain == gain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([8.4, 3.6, 10, 12], Box(8, 4, 18, 16)),
        ([-5, 4, 14, 12], Box(-5, 4, 9, 16)),
        ([0, 0, 80, 60], Box(0, 0, 80, 60)),  # exactly a quarter inside
    ],
)
def test_a_box_may_leave_the_frame(scene, written, read):
    Image.new("L", (40, 30), 255).save(scene / "all.png")
    assert read_manifest(write(scene, {**GOOD, "box": written, "mask": "all.png"})).groups[0].box == read


def test_paths_of_windows_and_links_inside_the_folder_are_followed(scene):
    (scene / "sub").mkdir()
    (scene / "sub/link.png").symlink_to(scene / "bg.png")
    group = {**GOOD, "background": "sub\\link.png", "composite": "sub/../comp.png"}
    assert read_manifest(write(scene, group)).groups[0].background == scene / "sub/link.png"


def test_pictures_count_as_they_are_displayed(scene):
    turned, exif = Image.new("RGB", (30, 40)), Image.Exif()
    exif[0x0112] = 6
    turned.save(scene / "turned.jpg", exif=exif)
    assert len(read_manifest(write(scene, {**GOOD, "composite": "turned.jpg"}))) == 1


# What is wrong with it

NOT_A_BOX = '"box" must be four numbers'


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ([], "must be an object"),
        (without("background"), '"background" is missing'),
        (without("composite", box=None), '"composite" is missing; "box" is missing'),
        (without("mask"), '"foreground" or "mask" is missing'),
        (without(background="gone.png"), "\"background\" names a file that is missing: 'gone.png'"),
        (without(background="."), "names a file that is missing"),
        (without(background="x" * 5000), "names a file that is missing"),
        (without(background="text.png"), '"background" text.png: not a picture'),
        (without(background=""), '"background" must be the path of a picture'),
        (without(background=7), '"background" must be the path of a picture, not 7'),
        (without(background="/etc/hostname"), "must be a path relative to the manifest's folder"),
        (without(background="C:\\bg.png"), "must be a path relative to the manifest's folder"),
        (without(background="\\\\server\\bg.png"), "must be a path relative to the manifest's folder"),
        (without(background="../outside.png"), "leads out of the manifest's folder"),
        (without(mask="link.png"), '"mask" leads out of the manifest\'s folder'),
        (without(background="a\0b"), "leads out of the manifest's folder"),
        (without(background="\ud800"), "names a file that is missing"),
        (without(composite="turned.png"), '"composite" has 30x40 pixels, the background 40x30'),
        (without(mask="large_mask.png"), '"mask" has 41x30 pixels, the background 40x30'),
        (without(mask="empty.png"), '"mask" empty.png is empty inside the box: its brightest value is 0'),
        (without(mask="ones.png"), "its brightest value is 1, the subject is 255"),
        (without(box=[30, 20, 5, 5]), "is empty inside the box"),
        (without("mask", foreground="bg.png"), '"foreground" bg.png has no alpha channel'),
        (without("mask", foreground="clear.png"), '"foreground" clear.png is transparent all over'),
        (without(box=[1, 2, 3]), NOT_A_BOX),
        (without(box="1,2,3,4"), NOT_A_BOX),
        (without(box=[1, 2, 3, "4"]), NOT_A_BOX),
        (without(box=[1, 2, 3, True]), NOT_A_BOX),
        (without(box=[float("nan"), 2, 3, 4]), NOT_A_BOX),
        (without(box=[1, 2, float("inf"), 4]), NOT_A_BOX),
        (without(box=[1, 2, 10**400, 4]), NOT_A_BOX),
        (without(box=[1, 2, 1e7, 4]), NOT_A_BOX),
        (without(box=[1, 2, 0, 4]), "must have a width and a height above 0"),
        (without(box=[1, 2, 3, -4]), "must have a width and a height above 0"),
        (without(box=[1.1, 2, 0.2, 4]), "is less than one pixel large"),
        (without(box=[40, 0, 5, 5]), "lies outside of the background of 40x30 pixels"),
        (without(box=[-8, -9, 10, 10]), "only 2% of it lies inside the background; 25% must"),
        (without(gain="bright"), '"gain" must be a number above 0'),
        (without(gain=[1, 2]), '"gain" must be a number above 0'),
        (without(exposure_gain=0), '"exposure_gain" must be a number above 0'),
        (without(other_boxes=[1, 2, 3, 4]), '"other_boxes" must be four numbers'),
        (without(other_boxes="none"), '"other_boxes" must be a list of boxes'),
        (without(position_only="yes"), '"position_only" must be true or false'),
        (without(id=""), '"id" is empty'),
        (without(id=["a"]), '"id" must be one line'),
        (without(id="a\nb"), '"id" must be one line'),
        (without(category="c" * 201), '"category" must be one line of at most 200 characters'),
        (without(id="sound"), "its id is the id of an earlier group"),
    ],
)
def test_a_fault_says_what_is_wrong(scene, group, words):
    Image.new("RGB", (40, 30)).save(scene.parent / "outside.png")
    (scene / "link.png").symlink_to(scene.parent / "outside.png")
    assert words in reason(scene, group)


def test_all_faults_of_a_group_are_said_together(scene):
    said = reason(scene, without("mask", background="gone.png", box=[1], gain="x", position_only=1))
    assert [said.count(word) for word in ("background", "mask", "box", "gain", "position_only")] == [1] * 5


def test_a_broken_line_costs_only_itself(scene):
    (scene / "groups.jsonl").write_text(json.dumps(GOOD) + "\n{oops\n" + json.dumps(GOOD))
    found = read_manifest(scene)
    assert [g.id for g in found.groups] == ["1", "2"]
    assert [(f.id, f.reason.split(" (")[0]) for f in found.faults] == [("line 2", "broken JSON")]


# What is wrong with all of it


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"groups": [\n{"id": 1},\n{"id" 2}]}', "groups.json: broken JSON (line 3"),
        ("", "broken JSON (line 1"),
        ("[" * 200_000, "JSON too deep or too large"),
        ('{"groups": [' + "9" * 1_000_000 + "]}", "1: must be an object|too large"),
        ("[]", 'no object with a list of "groups"'),
        ('{"images": []}', 'no object with a list of "groups"'),
        ('{"groups": []}', "the list is empty"),
        (b"\xff\xff\x00", "it is not UTF-8 text"),
    ],
)
def test_a_list_that_cannot_be_read_is_an_error(tmp_path, text, words):
    (tmp_path / "groups.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TroupeError) as error:
        read_manifest(tmp_path)
    assert any(word in str(error.value) for word in words.split("|"))
    assert "the format is described" in str(error.value) and len(str(error.value)) < 1000


def test_a_giant_list_is_not_read(tmp_path):
    with open(tmp_path / "groups.json", "wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(TroupeError, match="larger than 64 MB"):
        read_manifest(tmp_path)


def test_a_list_of_too_many_groups_is_not_read(scene, monkeypatch):
    monkeypatch.setattr(manifestfiles, "MOST_GROUPS", 2)
    with pytest.raises(TroupeError, match="more than 2 groups"):
        read_manifest(write(scene, GOOD, GOOD, GOOD))


def test_when_nothing_can_be_used_the_first_twenty_faults_are_listed(scene):
    with pytest.raises(TroupeError) as error:
        read_manifest(write(scene, *[without(id=f"g{n}", box=[1]) for n in range(23)]))
    lines = str(error.value).splitlines()
    assert lines[0].startswith("No composite group can be used") and lines[1].startswith("- g0: ")
    assert len(lines) == 22 and lines[-1].startswith("and 3 more. Correct the list")


def test_a_folder_without_a_list_is_an_error(tmp_path):
    (tmp_path / "sub").mkdir()
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(TroupeError):
            read_manifest(folder)


def test_two_lists_in_one_folder_are_an_error(scene):
    (write(scene, GOOD) / "groups.jsonl").touch()
    with pytest.raises(TroupeError, match="Two lists in one folder"):
        read_manifest(scene)


# Several scenes


def test_scenes_are_joined_in_natural_order(tmp_path):
    for name, gid in (("s10", "a"), ("s2", "b"), ("s1", "c")):
        write(paint(tmp_path / name), {**GOOD, "id": gid})
    found = read_manifest(tmp_path)
    assert [(g.id, g.scene) for g in found.groups] == [("c", "s1"), ("b", "s2"), ("a", "s10")]
    assert found.root == tmp_path


def test_ids_of_several_scenes_get_their_folder_where_they_are_not_unique(tmp_path):
    write(paint(tmp_path / "hall"), GOOD, without(box=[1]))
    write(paint(tmp_path / "yard"), GOOD)
    found = read_manifest(tmp_path)
    assert [g.id for g in found.groups] == ["hall/1", "yard/1"]
    assert [f.id for f in found.faults] == ["hall/2"]


def test_a_path_may_not_lead_into_another_scene(tmp_path):
    write(paint(tmp_path / "hall"), {**GOOD, "background": "../yard/bg.png"})
    write(paint(tmp_path / "yard"), GOOD)
    found = read_manifest(tmp_path)
    assert len(found) == 1 and "leads out" in found.faults[0].reason


def test_a_linked_scene_is_not_followed_and_not_lost_without_a_word(tmp_path):
    write(paint(tmp_path / "elsewhere/yard"), GOOD)
    write(paint(tmp_path / "set/hall"), GOOD)
    (tmp_path / "set/yard").symlink_to(tmp_path / "elsewhere/yard")
    found = read_manifest(tmp_path / "set")
    assert [g.id for g in found.groups] == ["1"] and found.faults[0].id == "yard"


def test_one_broken_list_among_several_is_named(tmp_path):
    write(paint(tmp_path / "hall"), GOOD)
    (paint(tmp_path / "yard") / "groups.json").write_text("{")
    with pytest.raises(TroupeError, match=r"- yard/groups.json: broken JSON \(line 1"):
        read_manifest(tmp_path)


# Real ones


def test_the_shared_plates_read_without_a_fault(shared_data):
    plates = shared_data / "plates"
    if not plates.is_dir():
        pytest.skip(f"no plates in {shared_data}")
    found = read_manifest(plates)
    listed = [g for file in plates.glob("*/groups.json") for g in json.loads(file.read_text())["groups"]]
    assert found.faults == () and {g.id for g in found.groups} == {g["id"] for g in listed}
    assert all(g.scene and g.category and g.mask for g in found.groups)
    assert len({g.gain for g in found.groups}) > 1 and any(g.other_boxes for g in found.groups)
