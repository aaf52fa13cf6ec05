"""Which files of a folder are pictures, masks and texts, in which order, and when a folder counts as changed."""

import os
import random
import sys

import pytest

from troupe.models.errors import TroupeError
from troupe.models.samples.listing import find_pictures, folder_fingerprint, list_folder
from troupe.models.samples.walking import natural

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def names(root):
    return [p.relative_to(root).as_posix() for p in find_pictures(root)]


# Laws


def test_numbers_sort_by_value_and_case_does_not_matter():
    wanted = ["A/1.png", "a/2.png", "a/10.png", "B/img.png", "b/Img1.png", "b/img2.png", "b/img10.png", "img02.png"]
    for seed in range(20):
        shuffled = random.Random(seed).sample(wanted, len(wanted))
        assert sorted(shuffled, key=natural) == wanted


def test_equal_keys_still_have_one_order():
    """`A.png` and `a.png`, `1.png` and `01.png` are different files."""
    for one, other in (("A.png", "a.png"), ("1.png", "01.png"), ("img1a2.png", "img01A2.png")):
        assert sorted([one, other], key=natural) == sorted([other, one], key=natural)


def test_the_order_of_the_file_system_does_not_matter(album, monkeypatch):
    root = album("b/2.png", "b/10.png", "a/x.png", "a/y/z.png")
    wanted, stamp = names(root), folder_fingerprint(root)
    assert wanted == ["a/x.png", "a/y/z.png", "b/2.png", "b/10.png"]
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: reversed(list(scandir(path))))
    assert (names(root), folder_fingerprint(root)) == (wanted, stamp)


# What counts as a picture


def test_suffixes_in_any_case_and_nothing_else(album):
    root = album("a.PNG", "b.Jpg", "c.webp", "notes.md=x", "model.safetensors=x", "movie.mp4=x")
    assert names(root) == ["a.PNG", "b.Jpg", "c.webp"]
    assert list_folder(root).seen == 6


def test_hidden_files_and_litter_are_skipped(album):
    root = album("a.png", ".hidden.png", ".cache/b.png", "__MACOSX/c.png", "mira/@eaDir/d.png", "mira/._e.png")
    assert names(root) == ["a.png"]


@pytest.mark.parametrize("mask", ["a.mask.png", "a_mask.png", "a-masklabel.png", "masks/a.png"])
def test_a_mask_is_no_picture(album, mask):
    listing = list_folder(album("mira/a.jpg", f"mira/{mask}"))
    assert listing.pictures == ("mira/a.jpg",)
    assert listing.masks == {"mira/a": f"mira/{mask}"}


def test_a_name_that_only_looks_like_a_mask_is_a_picture(album):
    """`gas_mask.png` shows a gas mask; `masks/` without pictures beside it is a character of that name."""
    root = album("mira/gas_mask.png", "masks/a.png")
    assert names(root) == ["masks/a.png", "mira/gas_mask.png"]


def test_texts_belong_to_pictures(album):
    listing = list_folder(album("a.png", "a.TXT=x", "a.json={}", "readme.txt=x", "sub/metadata.jsonl={}"))
    assert listing.texts == {"a.txt": "a.TXT", "a.json": "a.json"}
    assert listing.tables == ("sub/metadata.jsonl",)


# Links


@POSIX
def test_link_loops_end(album):
    root = album("mira/a.png")
    (root / "mira" / "again").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    assert names(root) == ["mira/a.png"]


@POSIX
def test_links_do_not_leave_the_folder_and_say_so(album, tmp_path):
    root = album("mira/a.png")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.png").write_bytes((root / "mira/a.png").read_bytes())
    (root / "mira" / "b.png").symlink_to(outside / "secret.png")
    (root / "far").symlink_to(outside)
    (root / "mira" / "gone.png").symlink_to(root / "nowhere.png")
    listing = list_folder(root)
    assert listing.pictures == ("mira/a.png",)
    assert {r.id: r.reason for r in listing.left_out} == {
        "far": "a link that leads out of the folder is not followed",
        "mira/b": "a link that leads out of the folder is not followed",
        "mira/gone": "a link to a file that is not there",
    }


@POSIX
def test_a_link_to_a_picture_inside_is_a_picture(album):
    root = album("mira/a.png")
    (root / "mira" / "b.png").symlink_to(root / "mira" / "a.png")
    assert names(root) == ["mira/a.png", "mira/b.png"]


@POSIX
def test_the_folder_itself_may_be_a_link(album, tmp_path):
    album("mira/a.png")
    (tmp_path / "link").symlink_to(tmp_path / "album")
    assert names(tmp_path / "link") == ["mira/a.png"]


@POSIX
def test_a_pipe_with_the_name_of_a_picture_does_not_block(album):
    root = album("a.png")
    os.mkfifo(root / "b.png")
    assert names(root) == ["a.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_told(album):
    root = album("a.png")
    os.link(root / "a.png", os.fsencode(root) + b"/caf\xe9.png")
    listing = list_folder(root)
    assert listing.pictures == ("a.png",)
    assert [(r.id, r.reason) for r in listing.left_out] == [("caf?", "its name is not readable text; rename it")]


# Fingerprint


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ("a.png", True),
        ("a.txt=from behind", True),
        ("a.json={}", True),
        ("a.mask.png", True),
        ("metadata.jsonl={}", True),
        ("b.png", True),
        ("readme.md=x", False),
        ("other.txt=x", False),
        (".hidden.png", False),
    ],
)
def test_the_fingerprint_sees_what_reading_would_see(album, change, differs):
    root = album("a.png", "a.txt=from the side")
    os.utime(root / "a.png", ns=(1, 1))
    before = folder_fingerprint(root)
    album(change)
    assert (folder_fingerprint(root) != before) == differs
    assert folder_fingerprint(root) == folder_fingerprint(str(root))


def test_a_deleted_sidecar_changes_the_fingerprint(album):
    root = album("a.png", "a.txt=from the side")
    before = folder_fingerprint(root)
    (root / "a.txt").unlink()
    assert folder_fingerprint(root) != before


def test_no_folder(tmp_path, album):
    assert folder_fingerprint(tmp_path / "nowhere") == "missing"
    with pytest.raises(TroupeError, match="There is no such folder: .*nowhere"):
        list_folder(tmp_path / "nowhere")
    with pytest.raises(TroupeError, match="a file, not a folder"):
        list_folder(album("a.png") / "a.png")
