"""Whatever lies in the folder, each file is a sample or a rejection with a reason, at once and with nothing read
outside."""

import os
import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from support import hostile
from support.pictures import figure
from troupe.models.compositing.groups.straight import decode_opaque, decode_straight, head_of
from troupe.models.errors import BadPicture
from troupe.models.picturefiles import decode
from troupe.models.samples.examining import examine
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import read_picture

WHOLE = {format: hostile.whole(format) for format in hostile.FORMATS.values()}
SECONDS = 5  # of the processor, for one bad file
MEGABYTES = 300


@pytest.fixture
def filled(tmp_path):
    """`filled({"a.png": b"..."})`: a folder with these files and one whole picture."""

    def write(files):
        root = tmp_path / "album"
        root.mkdir()
        figure(0, 64).save(root / "whole.png")
        for name, data in files.items():
            (root / name).write_bytes(data)
        return root

    return write


def outcomes(root):
    """What each file came to, by its name: `Sample` or the reason."""
    found = read_sample_set(root, ReadOptions())
    told = {os.path.basename(s.image.path): s for s in found.samples}
    return told | {os.path.basename(r.path): r.reason for r in found.rejected}


@pytest.fixture
def frugal():
    """Bad files cost neither time nor memory."""
    spent, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - spent < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most) >> 10 < MEGABYTES


def test_every_cut_off_picture_is_a_sample_or_has_a_reason(filled):
    """A file that lacks nothing but its last mark is whole to every viewer."""
    files = hostile.cut_off()
    told = outcomes(filled(files))
    assert told.keys() == {"whole.png", *files}
    reasons = {name: outcome for name, outcome in told.items() if isinstance(outcome, str)}
    assert len(files) > 80 and all(r.startswith(("damaged or incomplete", "not a picture")) for r in reasons.values())
    for name in files.keys() - reasons.keys():
        assert len(files[name]) == len(hostile.whole(hostile.FORMATS[os.path.splitext(name)[1]])) - 1


def test_what_is_no_picture_is_told_by_its_bytes(filled, frugal):
    files = hostile.no_pictures()
    told = outcomes(filled(files))
    assert told.keys() == {"whole.png", *files}
    assert {told[name] for name in files} == {
        "the file is empty (0 bytes)",
        "not a picture, or a format that is not supported here",
    }


@pytest.mark.parametrize("name", hostile.bombs())
def test_a_bomb_is_refused_before_it_is_decoded(filled, frugal, name):
    (reason,) = (r for r in outcomes(filled({name: hostile.bombs()[name]})).values() if isinstance(r, str))
    assert "too large" in reason or "megapixels" in reason or "damaged" in reason


@pytest.mark.parametrize("name", hostile.swelling_text())
def test_texts_that_swell_are_no_bombs_either(filled, frugal, name):
    assert len(outcomes(filled({name: hostile.swelling_text()[name]}))) == 2


def test_odd_pictures_are_samples_that_can_be_read_again(filled):
    files = hostile.odd()
    told = outcomes(filled(files))
    assert told.keys() == {"whole.png", *files}
    assert {name: outcome for name, outcome in told.items() if isinstance(outcome, str)} == {}
    for name, sample in told.items():
        pixels = read_picture(sample).rgb
        assert tuple(pixels.shape) == (sample.image.height, sample.image.width, 3), name
        assert pixels.isfinite().all(), name
    assert [told[f"turned_{n}.jpg"].image.size for n in range(1, 9)] == [(96, 64)] * 4 + [(64, 96)] * 4


@pytest.mark.parametrize("name", ["dot.png", "pixel.png"])
def test_pictures_of_a_pixel_are_too_small(filled, name):
    told = outcomes(filled({name: hostile.encoded(Image.new("RGB", (1, 1)), "PNG")}))
    assert told[name].startswith("1x1 pixels are too small")


def test_odd_names_lose_no_picture(filled):
    files = {name: hostile.encoded(figure(n, 64), "PNG") for n, name in enumerate(hostile.NAMES)}
    root = filled({})
    for name, data in files.items():
        (root / name).write_bytes(data)
    told = outcomes(root)
    hidden = {name for name in files if name.startswith(".")}
    assert told.keys() == {"whole.png", *files} - hidden


@given(
    st.sampled_from(sorted(hostile.FORMATS.values())),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_changed_in_a_picture_are_read_or_told(tmp_path_factory, format, changes):
    """Near the beginning more often, where the heads are."""
    data = bytearray(WHOLE[format])
    for place, change in changes:
        data[int(place**3 * (len(data) - 1))] ^= change
    path = tmp_path_factory.mktemp("changed") / "a.png"
    path.write_bytes(data)
    for read in (decode, decode_straight, head_of, lambda file: examine(str(file))):
        try:
            read(path)
        except BadPicture as bad:
            assert bad.what


def test_a_picture_that_vanishes_while_the_folder_is_read_is_told(filled):
    """The first half is read, then the rest is gone or has become a folder."""
    files = {f"{n:02}.png": hostile.encoded(figure(n, 64), "PNG") for n in range(40)}
    root = filled(files)

    def gone(done, total, name):
        if done == 20:
            for file in sorted(root.glob("3*.png")):
                file.unlink()
                if int(file.stem) % 2:
                    file.mkdir()

    found = read_sample_set(root, ReadOptions(), gone)
    assert {r.id: r.reason for r in found.rejected} == {
        f"{n}": "the file cannot be read (Is a directory)" if n % 2 else "the file vanished while the folder was read"
        for n in range(30, 40)
    }
    assert len(found) == 31


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="rights mean nothing to root")
def test_what_may_not_be_read_is_told(filled):
    root = filled({"a.png": hostile.whole("PNG")})
    (root / "closed").mkdir()
    (root / "a.png").chmod(0)
    (root / "closed").chmod(0)
    try:
        told = outcomes(root)
    finally:
        (root / "closed").chmod(0o700)
    assert told["a.png"] == "no permission to read the file"
    assert told["closed"].startswith("the folder cannot be opened")


def test_the_group_readers_refuse_all_of_it_with_a_reason(filled, frugal):
    files = {**hostile.cut_off(), **hostile.no_pictures(), **hostile.bombs()}
    root = filled(files)
    for name in files:
        for read in (head_of, decode_opaque, decode_straight, decode):
            try:
                read(root / name)
            except BadPicture as bad:
                assert bad.what, name
