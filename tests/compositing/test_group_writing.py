"""What is written reads back: the same boxes, the same pixels to 8 bits, under names that any system takes."""

import json

import pytest
import torch
from PIL import Image

from troupe.models.compositing.groups import writing
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.reading import read_group
from troupe.models.compositing.groups.writing import NamedGroup, file_name, write_groups
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

BOX = Box(6, 4, 14, 12)


def pixels(seed=0, box=BOX):
    noise = torch.Generator().manual_seed(seed)
    foreground, background, composite = (torch.rand(s, generator=noise) for s in ((7, 9, 4), (16, 24, 3), (16, 24, 3)))
    return GroupPixels(foreground, background, composite, box)


def bytes_of(values):
    return (values.clamp(0, 1) * 255).round().to(torch.uint8)


def changed(**parts):
    return pixels()._replace(**parts)


# Laws


def test_written_groups_read_back(tmp_path):
    boxes = (Box(6, 4, 14, 12), Box(-3, 0, 9, 16), Box(23, 15, 24, 16))
    given = [NamedGroup(f"cup {n}", pixels(n, box), "cup", "Küche", bool(n % 2)) for n, box in enumerate(boxes)]
    written = write_groups(tmp_path / "set", given)
    found = read_manifest(tmp_path / "set")
    assert found == written and found.faults == ()
    for group, wanted in zip(found.groups, given, strict=True):
        assert (group.id, group.category, group.scene, group.position_only) == (wanted.id, *wanted[2:])
        read = read_group(group)
        assert read.box == wanted.pixels.box
        for ours, theirs in zip(read[:3], wanted.pixels[:3], strict=True):
            assert torch.equal(bytes_of(ours), bytes_of(theirs))


def test_writing_what_was_read_writes_the_same_files(tmp_path):
    first = write_groups(tmp_path / "a", [NamedGroup("x", pixels())])
    write_groups(tmp_path / "b", [NamedGroup(g.id, read_group(g)) for g in first.groups])
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == ["groups.json", "x_background.png", "x_composite.png", "x_foreground.png"]
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def test_an_opaque_foreground_still_has_its_alpha_channel(tmp_path):
    foreground = pixels().foreground
    foreground[..., 3] = 1
    (group,) = write_groups(tmp_path, [NamedGroup("x", changed(foreground=foreground))]).groups
    assert Image.open(group.foreground).mode == "RGBA" and len(read_manifest(tmp_path)) == 1


def test_groups_are_taken_one_after_the_other(tmp_path):
    """The pictures of one group are on the disk before the next is asked for."""

    def stream():
        for n in range(4):
            assert len(list(tmp_path.glob("*.png"))) == 3 * n
            yield NamedGroup(str(n), pixels(n))

    assert len(write_groups(tmp_path, stream())) == 4


def test_what_was_interrupted_has_no_list_and_can_be_written_again(tmp_path):
    class Cancel(BaseException):
        pass

    def cancel(done, total, name):
        if done == 1:
            raise Cancel

    groups = [NamedGroup(str(n), pixels(n)) for n in range(3)]
    with pytest.raises(Cancel):
        write_groups(tmp_path, groups, cancel)
    assert not (tmp_path / "groups.json").exists() and len(list(tmp_path.glob("0_*.png"))) == 3
    assert len(write_groups(tmp_path, groups)) == 3
    assert not list(tmp_path.glob(".writing-*"))


def test_progress_knows_the_number_where_there_is_one(tmp_path):
    told = []
    groups = [NamedGroup(str(n), pixels(n)) for n in range(2)]
    write_groups(tmp_path / "a", groups, lambda *said: told.append(said))
    write_groups(tmp_path / "b", (g for g in groups), lambda *said: told.append(said))
    assert told == [(0, 2, "0"), (1, 2, "1"), (0, 1, "0"), (1, 2, "1")]


# Names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("cup 01", "cup 01"),
        ("娜娜 Ünï", "娜娜 Ünï"),
        ("U\u0308", "Ü"),
        ("a/b\\c:d", "a_b_c_d"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("...", "group"),
        ("", "group"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("console", "console"),
        ("a\0b\nc", "a_b_c"),
        ("\ud800x", "_x"),
        (" dots. ", "dots"),
    ],
)
def test_an_id_becomes_a_name_that_any_system_takes(given, name):
    assert file_name(given, set()) == name


def test_long_ids_are_cut_between_letters():
    name = file_name("ü" * 500, set())
    assert name == "ü" * 60


def test_names_are_unlike_each_other_whatever_the_case(tmp_path):
    ids = ["Cup", "cup", "cup-2", "a/b", "a:b"]
    written = write_groups(tmp_path, [NamedGroup(i, pixels(n)) for n, i in enumerate(ids)])
    assert [g.id for g in written.groups] == ["Cup", "cup-2", "cup-2-2", "a_b", "a_b-2"]
    assert read_manifest(tmp_path) == written


def test_texts_are_kept_as_the_list_can_hold_them(tmp_path):
    written = write_groups(tmp_path, [NamedGroup("x", pixels(), "a\ncup\ud800 " + "x" * 300, "\t")])
    assert read_manifest(tmp_path).groups == written.groups
    assert written.groups[0].category.startswith("a cup") and written.groups[0].scene == ""


# What cannot be written


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (changed(foreground=torch.rand(4, 4, 3)), r"the foreground must be \(height, width, 4\), not \(4, 4, 3\)"),
        (changed(foreground=torch.zeros(4, 4, 4)), "transparent all over"),
        (changed(foreground=torch.rand(0, 4, 4)), "the foreground must be"),
        (changed(background=torch.full((16, 24, 3), float("nan"))), "the background has values that are no numbers"),
        (changed(composite=torch.rand(16, 23, 3)), "background and composite differ in size"),
        (changed(composite=torch.rand(16, 24)), "the composite must be"),
        (changed(box=Box(5, 5, 5, 9)), "the box is empty"),
        (changed(box=Box(30, 5, 35, 9)), "lies outside"),
        (changed(box=Box(-9, 5, 1, 9)), "only 10% of it lies inside"),
    ],
)
def test_a_group_that_could_not_be_read_back_is_a_fault(tmp_path, bad, words):
    written = write_groups(tmp_path, [NamedGroup("bad", bad), NamedGroup("good", pixels())])
    assert [g.id for g in written.groups] == ["good"] and read_manifest(tmp_path).groups == written.groups
    assert [f.id for f in written.faults] == ["bad"]
    with pytest.raises(TroupeError, match=words):
        write_groups(tmp_path / "none", [NamedGroup("bad", bad)])
    assert not (tmp_path / "none/groups.json").exists()


def test_groups_that_are_there_are_not_touched(tmp_path):
    write_groups(tmp_path, [NamedGroup("x", pixels())])
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(TroupeError, match="has composite groups already"):
        write_groups(tmp_path, [NamedGroup("y", pixels(1))])
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path):
    outside = tmp_path / "outside.png"
    outside.write_bytes(b"mine")
    (tmp_path / "set").mkdir()
    (tmp_path / "set/x_composite.png").symlink_to(outside)
    write_groups(tmp_path / "set", [NamedGroup("x", pixels())])
    assert outside.read_bytes() == b"mine" and not (tmp_path / "set/x_composite.png").is_symlink()


def test_a_full_disk_is_an_error_that_says_so(tmp_path, monkeypatch):
    def full(path, write):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write_atomically", full)
    with pytest.raises(TroupeError, match="No space left on device"):
        write_groups(tmp_path, [NamedGroup("x", pixels())])


def test_the_list_is_plain_json(tmp_path):
    write_groups(tmp_path, [NamedGroup("é", pixels(), category="cup")])
    assert json.loads((tmp_path / "groups.json").read_text(encoding="utf-8")) == {
        "groups": [
            {
                "id": "é",
                "background": "é_background.png",
                "composite": "é_composite.png",
                "foreground": "é_foreground.png",
                "box": [6, 4, 8, 8],
                "category": "cup",
            }
        ]
    }
