"""A folder in, samples out: nothing is lost without a word, and nothing depends on when or on what it is read."""

import io
import json
import os
import struct
import zlib

import pytest
from PIL import Image

from troupe.models.errors import EmptySet, TroupeError
from troupe.models.picturefiles import MAX_PIXELS
from troupe.models.samples import examining, reading
from troupe.models.samples.reading import ReadOptions, load_notes, read_sample_set
from troupe.models.samples.serial import from_json, to_json


def noise(size=(256, 256), format="JPEG"):
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, format)
    return out.getvalue()


def reasons(root, **options):
    try:
        found = read_sample_set(root, ReadOptions(**options))
    except EmptySet as error:
        return str(error)
    return {r.id: r.reason for r in found.rejected}


# Laws


def test_reading_twice_gives_the_same(album):
    root = album("mira/b.png", "mira/a.png", "bolt/run_01.png", "mira/a.txt=sitting", "mira/bad.json=x")
    (root / "mira/bad.png").write_bytes(b"x")
    first, second = (read_sample_set(root, ReadOptions()) for _ in range(2))
    assert first == second
    assert [s.id for s in first.samples] == ["bolt/run_01", "mira/a", "mira/b"]


def test_neither_the_number_of_threads_nor_the_order_of_the_disk_matters(album, monkeypatch):
    root = album(*(f"mira/{i}.png" for i in range(20)))
    wanted = read_sample_set(root, ReadOptions())
    scandir, ordered_map = os.scandir, reading.ordered_map
    monkeypatch.setattr(os, "scandir", lambda path: reversed(list(scandir(path))))
    for workers in (1, 3, 8):
        monkeypatch.setattr(reading, "ordered_map", lambda f, items, n=workers: ordered_map(f, items, n))
        assert read_sample_set(root, ReadOptions()) == wanted


def test_a_set_that_was_read_survives_json(album):
    found = read_sample_set(album("mira/run_front.png", "mira/run_front.txt=smile, hat"), ReadOptions())
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_every_picture_is_a_sample_or_a_rejection(album):
    root = album(*(f"mira/{i}.png" for i in range(6)))
    (root / "mira/3.png").write_bytes(b"")
    found = read_sample_set(root, ReadOptions())
    assert {s.id for s in found.samples} | {r.id for r in found.rejected} == {f"mira/{i}" for i in range(6)}


def test_the_history_says_where_it_came_from(album):
    (sample,) = read_sample_set(album("mira/run/Front 1.png"), ReadOptions()).samples
    (step,) = sample.history
    assert (step.stage, json.loads(step.settings)) == ("load", {"path": "mira/run/Front 1.png"})
    assert load_notes(sample) == ()
    assert (sample.value("action"), sample.value("angle")) == ("run", "front")


def test_two_pictures_of_one_stem_are_both_kept(album):
    found = read_sample_set(album("mira/a.png", "mira/a.jpg", "mira/a.txt=sitting"), ReadOptions())
    assert [(s.id, s.value("action")) for s in found.samples] == [("mira/a.jpg", "sit"), ("mira/a.png", "sit")]


# Rejections


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.png", b"", "the file is empty (0 bytes)"),
        ("x.png", b"hello", "not a picture, or a format that is not supported here"),
        ("x.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture, or a format that"),
        ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture, or a format that"),
        ("x.jpg", noise()[:-4000], "damaged or incomplete file (image file is truncated"),
        ("x.jpg", noise()[:700], "damaged or incomplete file"),
        ("x.png", noise(format="PNG")[:-4000], "damaged or incomplete file"),
        ("x.webp", noise(format="WEBP")[:-4000], "damaged or incomplete file"),
        ("x.gif", noise(format="GIF")[:-4000], "damaged or incomplete file"),
        ("x.tif", noise(format="TIFF")[:-4000], "damaged or incomplete file"),
        ("x.bmp", noise(format="BMP")[:-4000], "damaged or incomplete file"),
        ("x.png", noise((200, 9), "PNG"), "200x9 pixels are too small; the shorter side must have 16"),
    ],
)
def test_a_bad_file_is_told_with_its_reason(album, name, data, reason):
    root = album("good.png")
    (root / name).write_bytes(data)
    found = read_sample_set(root, ReadOptions())
    (rejection,) = found.rejected
    assert (rejection.id, rejection.stage, rejection.path) == ("x", "load", str(root / name))
    assert rejection.reason.startswith(reason)
    assert [s.id for s in found.samples] == ["good"]


def test_a_giant_is_refused_from_its_header(album):
    """A PNG of 60,000 x 60,000 pixels in 100 bytes must not fill the memory."""
    header = struct.pack(">II5B", 60_000, 60_000, 8, 0, 0, 0, 0)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    root = album("good.png")
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    (root / "x.png").write_bytes(data)
    assert reasons(root) == {"x": "too large to decode safely"}


def test_more_pixels_than_the_limit(album, monkeypatch):
    assert MAX_PIXELS == 200_000_000
    monkeypatch.setattr("troupe.models.picturefiles.MAX_PIXELS", 700)
    root = album("x.png")
    Image.new("RGB", (20, 20)).save(root / "good.png")
    assert reasons(root)["x"].startswith("32x24 pixels are more than the limit of")


def test_a_file_that_is_too_large_is_not_read(album, monkeypatch):
    root = album("good.png")
    (root / "x.jpg").write_bytes(noise())
    monkeypatch.setattr(examining, "LARGEST_FILE", 10_000)
    assert reasons(root)["x"].startswith("the file is larger than")


def test_a_picture_that_shows_nothing(album):
    root = album("good.png")
    Image.new("RGBA", (32, 32), (9, 9, 9, 0)).save(root / "x.png")
    assert reasons(root) == {"x": "the picture is transparent all over"}


def test_a_file_that_vanishes_or_may_not_be_read(album, monkeypatch):
    root = album("a.png", "b.png", "c.png")
    errors = {"a": FileNotFoundError(2, "gone"), "b": PermissionError(13, "no"), "c": OSError(5, "I/O error")}

    def broken_open(path, mode):
        raise errors[os.path.basename(path)[0]]

    monkeypatch.setattr(examining, "open", broken_open, raising=False)
    told = reasons(root)
    assert "a: the file vanished while the folder was read; b: no permission to read the file" in told
    assert "c: the file cannot be read (I/O error)" in told


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_opened(album):
    root = album("mira/a.png", "bolt/b.png")
    os.chmod(root / "bolt", 0)
    try:
        assert reasons(root) == {"bolt": "the folder cannot be opened (Permission denied)"}
    finally:
        os.chmod(root / "bolt", 0o755)


# Errors that stop the step


def test_an_empty_set_says_what_was_seen(album):
    root = album("readme.md=x", "a.png=nonsense", "b.png=nonsense")
    told = reasons(root)
    assert told.startswith("The folder holds no picture that can be used (3 files were seen)")
    assert f"{root}. Left out: a: not a picture" in told
    (root / "empty").mkdir()
    told = reasons(root / "empty")
    assert "(0 files were seen)" in told and "Put PNG, JPEG or WebP files into it" in told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "flat"}, "Unknown layout: 'flat'. Choose one of: auto, one folder per character, one character."),
        ({"captions": "no"}, "Unknown captions: 'no'. Choose one of: as written, ignore."),
        ({"background": "#zz"}, "Not a colour: '#zz'."),
    ],
)
def test_wrong_options(album, options, message):
    with pytest.raises(TroupeError) as error:
        read_sample_set(album("a.png"), ReadOptions(**options))
    assert str(error.value).startswith(message)


# Progress


def test_progress_is_called_once_before_each_picture_and_can_stop_the_reading(album):
    class Cancelled(BaseException):
        pass

    root = album(*(f"{i}.png" for i in range(5)))
    calls = []
    read_sample_set(root, ReadOptions(), lambda *call: calls.append(call))
    assert calls == [(i, 5, str(i)) for i in range(5)]

    def cancel(done, total, name):
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_sample_set(root, ReadOptions(), cancel)
