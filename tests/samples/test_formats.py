"""Every picture format comes in upright, with its size as displayed and its transparency told."""

import hashlib

import numpy as np
import pytest
from PIL import Image, features

from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import MaskFile, read_mask, read_picture

AVIF = pytest.param("AVIF", ".avif", marks=pytest.mark.skipif(not features.check("avif"), reason="Pillow without AVIF"))


def read(root, **options):
    (sample,) = read_sample_set(root, ReadOptions(**options)).samples
    return sample


@pytest.mark.parametrize(
    ("format", "suffix"),
    [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp"), ("BMP", ".bmp"), ("TIFF", ".tif"), ("GIF", ".gif"), AVIF],
)
def test_a_format(album, format, suffix):
    path = album() / f"a{suffix}"
    Image.new("RGB", (48, 36), (200, 100, 50)).save(path, format)
    sample = read(path.parent)
    assert (sample.image.path, sample.image.size) == (str(path), (48, 36))
    assert sample.image.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert sample.mask is None
    assert np.allclose(read_picture(sample).rgb.mean((0, 1)) * 255, (200, 100, 50), atol=3)


def test_the_content_counts_not_the_suffix(album):
    root = album()
    Image.new("RGB", (48, 36)).save(root / "a.png", "JPEG")
    assert read(root).image.size == (48, 36)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(album, orientation):
    """The size is the displayed one, and the mark in the corner ends where a viewer shows it."""
    root = album()
    image = Image.new("RGB", (48, 32), "white")
    image.paste("black", (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(root / "a.jpg", exif=exif)
    sample = read(root)
    assert sample.image.size == ((32, 48) if orientation >= 5 else (48, 32))
    rgb = read_picture(sample).rgb[..., 0]
    corners = (rgb[4, 4], rgb[4, -4], rgb[-4, -4], rgb[-4, 4])  # clockwise from the top left
    dark = [i for i, value in enumerate(corners) if value < 0.5]
    assert dark == [{1: 0, 2: 1, 3: 2, 4: 3, 5: 0, 6: 1, 7: 2, 8: 3}[orientation]]


def test_sixteen_bits_are_not_clipped(album):
    root = album()
    Image.fromarray(np.full((24, 24), 32768, np.uint16)).save(root / "a.png")
    assert abs(float(read_picture(read(root)).rgb.mean()) - 0.5) < 0.01


@pytest.mark.parametrize("mode_and_suffix", ["CMYK .jpg", "L .png", "1 .png", "P .gif", "F .tif"])
def test_other_colour_modes(album, mode_and_suffix):
    mode, suffix = mode_and_suffix.split()
    root = album()
    Image.new("RGB", (24, 24), "white").convert(mode).save(root / f"a{suffix}")
    assert read_picture(read(root)).rgb.shape == (24, 24, 3)


def transparent(mode):
    image = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 16, 32))
    return image.quantize() if mode == "P" else image.convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_a_mask_and_shows_the_background(album, mode):
    root = album()
    transparent(mode).save(root / "a.png")
    sample = read(root, background="#00ff00")
    assert sample.mask == MaskFile(sample.image.path, sample.image.digest, "alpha")
    mask = np.asarray(read_mask(sample, sample.image.size))
    assert mask[:, :16].min() == 255 and mask[:, 16:].max() == 0
    assert read_picture(sample).rgb[5, 25].tolist() == [0, 1, 0]


def test_an_opaque_alpha_channel_is_no_mask(album):
    root = album()
    Image.new("RGBA", (32, 32), "red").save(root / "a.png")
    assert read(root).mask is None


def test_of_an_animation_the_first_frame(album):
    root = album()
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    for name in ("a.gif", "b.webp", "c.png"):
        frames[0].save(root / name, save_all=True, append_images=frames[1:])
    for sample in read_sample_set(root, ReadOptions()).samples:
        assert np.allclose(read_picture(sample).rgb.mean((0, 1)), (1, 0, 0), atol=0.02), sample.id


# Masks in files of their own


def test_a_mask_file_is_the_subject_in_white(album):
    root = album("a.png")
    mask = Image.new("L", (32, 24), 0)
    mask.paste(255, (0, 0, 8, 24))
    mask.save(root / "a.mask.png")
    sample = read(root)
    assert (sample.mask.path, sample.mask.channel) == (str(root / "a.mask.png"), "grey")
    assert np.asarray(read_mask(sample, sample.image.size)).mean() == pytest.approx(255 / 4)


def test_a_mask_of_another_size_is_fine_of_another_shape_is_not(album):
    root = album("a.png", "b.png")
    Image.new("L", (320, 241), 255).save(root / "a.mask.png")
    Image.new("L", (32, 32), 255).save(root / "b.mask.png")
    a, b = read_sample_set(root, ReadOptions()).samples
    assert a.mask and b.mask is None
    assert "mask ignored: another aspect ratio (32x32 for 32x24)" in b.history[0].settings


def test_a_damaged_mask_falls_back_to_the_alpha_channel(album):
    root = album()
    transparent("RGBA").save(root / "a.png")
    (root / "a.mask.png").write_bytes(b"nonsense")
    sample = read(root)
    assert sample.mask.channel == "alpha"
    assert "mask ignored: not a picture" in sample.history[0].settings
