"""What lies in the store is kept elsewhere, whatever becomes of the store; all else stays where it is."""

import errno
import os
import shutil

import pytest

from troupe.models.errors import TroupeError
from troupe.models.picturefiles import file_digest
from troupe.models.samples.sample import ImageFile, MaskFile, Rejection, Sample, SampleSet
from troupe.models.sharding.keeping import Keeper


@pytest.fixture
def keeper(tmp_path):
    return Keeper((str(tmp_path / "store"),), tmp_path / "pictures")


def file(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return ImageFile(str(path), file_digest(path), 8, 8)


@pytest.fixture
def known(tmp_path):
    """Drawn, from a picture that was drawn before, from a person's."""
    mine = Sample("a", "mira", file(tmp_path / "input" / "a.png", b"mine"))
    first = Sample("a", "mira", file(tmp_path / "store" / "ab" / "1.png", b"first"), source=mine)
    drawn = file(tmp_path / "store" / "cd" / "2.png", b"second")
    mask = MaskFile(drawn.path, "", "alpha")
    lost = Rejection("b", "adjust", "too dark", drawn.path, Sample("b", "mira", drawn))
    return SampleSet((Sample("a", "mira", drawn, mask, source=first),), (lost,))


def files(sample):
    while sample:
        yield sample.image.path
        yield from [sample.mask.path] if sample.mask else []
        sample = sample.source


@pytest.mark.parametrize("links", [True, False])
def test_after_the_store_is_gone_every_file_is_there_and_holds_the_same(keeper, known, tmp_path, monkeypatch, links):
    if not links:

        def refuse(*_):
            raise OSError(errno.EXDEV, "another disk")

        monkeypatch.setattr(os, "link", refuse)
    kept = keeper.sample_set(known)
    shutil.rmtree(tmp_path / "store")
    (sample,), (lost,) = kept.samples, kept.rejected
    for path in (*files(sample), lost.path, *files(lost.sample)):
        assert os.path.isfile(path)
    for one in (sample, sample.source, sample.source.source):
        assert file_digest(one.image.path) == one.image.digest
    assert sample.source.source == known.samples[0].source.source  # a person's stays where it is
    assert sample.mask.path == sample.image.path and (links or not list(tmp_path.rglob(".writing-*")))


def test_a_second_time_nothing_is_written_and_the_set_is_the_same(keeper, known):
    first = keeper.sample_set(known)
    times = {path: path.stat().st_mtime_ns for path in keeper.pictures.rglob("*.png")}
    assert keeper.sample_set(known) == keeper.sample_set(first) == first
    assert {path: path.stat().st_mtime_ns for path in keeper.pictures.rglob("*.png")} == times and len(times) == 2


def test_a_picture_that_is_gone_already_keeps_its_path(keeper, known):
    os.unlink(known.samples[0].image.path)
    assert keeper.sample_set(known).samples[0].image == known.samples[0].image


def test_a_full_disk_is_said(keeper, known, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(TroupeError, match=r"cannot be kept: .*2\.png\. No space left on device\. Free disk space"):
        keeper.sample_set(known)
    assert not list(keeper.pictures.rglob("*.png"))


def test_cancel_between_two_pictures_is_heard(keeper, known):
    class Cancelled(BaseException):
        pass

    def progress(*_):
        raise Cancelled

    with pytest.raises(Cancelled):
        keeper.sample_set(known, progress)
