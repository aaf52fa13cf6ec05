"""Small painted samples, and the files of a data set as a plain table."""

import hashlib

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from troupe.models.samples.sample import ImageFile, Labels, MaskFile, Sample, SampleSet

# A busy machine may take its time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def make_sample(tmp_path):
    """Paint a picture and wrap it: `make_sample(3, size=(200, 100), masked=True)`; smooth, so that JPEG keeps it."""

    def make(n, size=(160, 128), character="mira", caption=None, masked=False, suffix=".png", trigger="mirax", **rest):
        path = tmp_path / "pictures" / character / f"{n}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = painted(n, size)
        if masked:
            image.putalpha(subject(size))
        image.save(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        mask = MaskFile(str(path), digest, "alpha") if masked else None
        caption = f"{trigger}, picture {n}" if caption is None else caption
        labels = Labels(trigger, ("silver hair",), ("outdoors",), caption)
        file = ImageFile(str(path), digest, *size)
        return Sample(f"{character}/pic_{n}", character, file, mask=mask, **{"labels": labels, **rest})

    return make


@pytest.fixture
def make_set(make_sample):
    """`make_set(4)`: four samples of mira, numbered from 1."""
    return lambda count, first=1, **rest: SampleSet(tuple(make_sample(n, **rest) for n in range(first, first + count)))


def painted(n, size):
    """Two slopes of colour that are another for every `n`."""
    width, height = size
    x, y = np.linspace(0, 1, width), np.linspace(0, 1, height)[:, None]
    red, green = np.broadcast_to(x, (height, width)), np.broadcast_to(y, (height, width))
    blue = np.full((height, width), hash_byte(n) / 255)
    return Image.fromarray((np.dstack((red, green, blue)) * 255).round().astype(np.uint8))


def hash_byte(n):
    return hashlib.sha256(str(n).encode()).digest()[0]


def subject(size):
    """The middle half of the picture."""
    mask = Image.new("L", size, 0)
    mask.paste(255, (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4))
    return mask


@pytest.fixture
def tree():
    """`tree(folder)`: every file below it, as path -> SHA-256."""

    def listed(folder):
        files = (p for p in sorted(folder.rglob("*")) if p.is_file())
        return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    return listed
