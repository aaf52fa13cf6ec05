"""A file is there whole or not at all, whatever the disk does; and what killed runs left half-written goes."""

import os
import resource
import time
from functools import partial

import numpy as np
import pytest
from PIL import Image

from troupe.models.errors import TroupeError
from troupe.models.picturefiles import encode, write_atomically, write_whole

NOISE = Image.fromarray(np.random.default_rng(1).integers(0, 256, (160, 160, 3), np.uint8))


@pytest.fixture
def quota():
    """`with quota(n)`: no file grows beyond `n` bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.9999])
def test_a_picture_of_which_the_disk_took_a_part_is_none(tmp_path, quota, suffix, share):
    target = tmp_path / f"noise{suffix}"
    write_atomically(target, partial(encode, NOISE, suffix=suffix))
    size = target.stat().st_size
    target.unlink()
    quota(int(size * share))
    with pytest.raises(OSError) as caught:
        write_atomically(target, partial(encode, NOISE, suffix=suffix))
    assert caught.value.errno
    assert not list(tmp_path.iterdir())


def test_what_killed_runs_left_beside_it_goes_after_a_day(tmp_path):
    old, ahead, new = (tmp_path / f".writing-{name}" for name in ("old", "ahead", "new"))
    for path, age in ((old, 90_000), (ahead, -90_000), (new, 60)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    write_whole(tmp_path / "model", lambda file: file.write(b"whole"), "The model")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".writing-new", "model"]


def test_a_disk_that_refuses_is_told_of_with_what_to_do(tmp_path):
    (tmp_path / "folder").write_text("a file where the folder should be")
    with pytest.raises(TroupeError, match="The model cannot be written.*choose another folder"):
        write_whole(tmp_path / "folder" / "model", lambda file: file.write(b"x"), "The model")
