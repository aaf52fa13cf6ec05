"""One picture's bytes: upright, opaque, at its size; the same bytes where nothing would change."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from troupe.models.errors import BadPicture
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.rendering import bare_pixels, render
from troupe.models.formats.settings import WriteSettings
from troupe.models.picturefiles import encode
from troupe.models.samples.sample import ImageFile, SampleSet


class Rendered(NamedTuple):
    picture: bytes
    mask: Image.Image | None
    transformations: tuple[str, ...]


@pytest.fixture
def rendered(tmp_path):
    """Render one sample with settings; returns what came out, and the picture opened."""

    def run(sample, **settings):
        settings = WriteSettings("mira", **settings)
        (picture,) = plan_dataset(SampleSet((sample,)), settings).pictures
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        made = render(picture, settings, folder)
        image = Image.open(folder / picture.files.picture)
        image.load()
        mask = Image.open(folder / picture.files.mask) if picture.files.mask else None
        return Rendered((folder / picture.files.picture).read_bytes(), mask, made.transformations), image

    return run


def saved(image, sample, path, **options):
    image.save(path, **options)
    return replace(sample, image=ImageFile(str(path), "", *image.size))


@pytest.mark.parametrize("resize", ["longest side", "shortest side", "bucket"])
def test_the_size_is_the_planned_one(rendered, make_sample, resize):
    _, image = rendered(make_sample(1, (640, 400)), resize=resize, resolution=256)
    assert image.size == {"longest side": (256, 160), "shortest side": (410, 256), "bucket": (320, 192)}[resize]


def test_scaling_is_lanczos(rendered, make_sample):
    sample = make_sample(1, (640, 400))
    _, image = rendered(sample, resolution=320)
    slow = Image.open(sample.image.path).resize((320, 200), Image.Resampling.LANCZOS)
    assert np.array_equal(np.asarray(image), np.asarray(slow))


def test_a_bucket_is_the_scaled_picture_cut_around_its_centre(rendered, make_sample):
    sample = make_sample(1, (640, 400))
    _, image = rendered(sample, resize="bucket", resolution=256)
    slow = Image.open(sample.image.path).resize((320, 200), Image.Resampling.LANCZOS).crop((0, 4, 320, 196))
    assert np.abs(np.asarray(image, int) - np.asarray(slow)).max() <= 1


def test_a_large_jpeg_is_decoded_coarsely_without_a_difference_that_counts(rendered, make_sample):
    sample = make_sample(1, (2048, 1536), suffix=".jpg")
    _, image = rendered(sample, resolution=256)
    slow = Image.open(sample.image.path).resize((256, 192), Image.Resampling.LANCZOS)
    assert np.abs(np.asarray(image, int) - np.asarray(slow)).mean() < 0.5


@pytest.mark.parametrize("format, kind", [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_formats(rendered, make_sample, format, kind):
    _, image = rendered(make_sample(1), picture_format=format)
    assert (image.format, image.mode) == (kind, "RGB")


def test_a_store_picture_is_copied(rendered, make_sample, tmp_path):
    sample = make_sample(1, (128, 96))
    with open(sample.image.path, "wb") as file:
        encode(Image.new("RGB", (128, 96), "teal"), file, ".png")
    result, _ = rendered(sample)
    assert result.picture == open(sample.image.path, "rb").read()
    assert result.transformations == ("copied",)


def test_a_jpeg_is_not_compressed_twice(rendered, make_sample, tmp_path):
    sample = saved(Image.new("RGB", (128, 96), "teal"), make_sample(1), tmp_path / "a.jpg", quality=80)
    result, _ = rendered(sample, picture_format="jpg")
    assert result.transformations == ("copied",)


@pytest.mark.parametrize(
    "settings", [{"picture_format": "jpg"}, {"resolution": 96}, {"resize": "bucket", "resolution": 128}]
)
def test_a_picture_that_changes_is_not_copied(rendered, make_sample, settings):
    result, _ = rendered(make_sample(1, (128, 96)), **settings)
    assert "copied" not in result.transformations


def test_text_inside_a_file_is_not_copied(rendered, make_sample, tmp_path):
    text = PngImagePlugin.PngInfo()
    text.add_text("workflow", '{"folder": "/home/jo"}')
    sample = saved(Image.new("RGB", (128, 96), "teal"), make_sample(1), tmp_path / "a.png", pnginfo=text)
    result, image = rendered(sample)
    assert b"jo" not in result.picture and image.info == {}
    assert image.getpixel((5, 5)) == (0, 128, 128)


def upside_down():
    exif = Image.Exif()
    exif[0x0112] = 3
    return exif.tobytes()


@pytest.mark.parametrize(
    "mode, suffix, options, bare",
    [
        ("RGB", ".png", {}, ".png"),
        ("RGBA", ".png", {}, ""),
        ("L", ".png", {}, ""),
        ("P", ".png", {}, ""),
        ("RGB", ".png", {"dpi": (72, 72)}, ""),
        ("RGB", ".png", {"icc_profile": b"x"}, ""),
        ("RGB", ".jpg", {}, ".jpg"),
        ("L", ".jpg", {}, ""),
        ("CMYK", ".jpg", {}, ""),
        ("RGB", ".jpg", {"exif": upside_down()}, ""),
        ("RGB", ".jpg", {"comment": "made by jo"}, ""),
        ("RGB", ".jpg", {"icc_profile": b"x"}, ""),
        ("RGB", ".webp", {}, ""),
    ],
)
def test_which_files_hold_pixels_and_nothing_else(tmp_path, mode, suffix, options, bare):
    path = tmp_path / f"a{suffix}"
    Image.new(mode, (16, 8)).save(path, **options)
    assert bare_pixels(path.read_bytes()) == bare


def test_exif_rotation_is_in_the_pixels(rendered, make_sample, tmp_path):
    image = Image.new("RGB", (128, 96), "red")
    image.paste("blue", (0, 0, 128, 48))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise: what was on top is right
    image.save(tmp_path / "a.jpg", exif=exif, quality=95)
    sample = replace(make_sample(1), image=ImageFile(str(tmp_path / "a.jpg"), "", 96, 128))
    result, upright = rendered(sample, picture_format="jpg")
    assert upright.size == (96, 128) and not upright.getexif()
    assert upright.getpixel((90, 64))[2] > 200 and upright.getpixel((5, 64))[0] > 200


def test_alpha_is_laid_over_the_samples_background(rendered, make_sample):
    sample = make_sample(1, (128, 96), masked=True)
    sample = replace(sample, image=replace(sample.image, background="#0000ff"))
    result, image = rendered(sample, masks=False)
    assert image.mode == "RGB" and image.getpixel((2, 2)) == (0, 0, 255)
    assert result.transformations[0] == "laid over #0000ff"


def test_a_mask_is_cut_like_its_picture(rendered, make_sample):
    result, image = rendered(make_sample(1, (640, 400), masked=True), resize="bucket", resolution=256, mask_dilate=0)
    mask = result.mask
    assert (mask.mode, mask.size) == ("L", image.size)
    left, top, right, bottom = mask.point(lambda v: 255 if v > 127 else 0).getbbox()
    # The middle half of 320 x 200, of which 4 rows are cut off at the top.
    assert (left, top, right, bottom) == pytest.approx((80, 46, 240, 146), abs=1)


def test_masks_reach_past_the_subject(rendered, make_sample):
    sample = make_sample(1, (256, 256), masked=True)
    white = [np.count_nonzero(np.asarray(rendered(sample, mask_dilate=d)[0].mask) > 127) for d in (0, 8)]
    assert white[0] == pytest.approx(128**2, rel=0.05) and white[1] > 140**2


def broken(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "harm, reason",
    [
        (lambda path: path.unlink(), "cannot be opened"),
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_bytes(b"hello"), "not a picture"),
        (broken, "damaged"),
        (lambda path: Image.new("RGB", (300, 100)).save(path), "not 160x128 any more"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(make_sample, tmp_path, harm, reason):
    sample = make_sample(1)
    settings = WriteSettings("mira")
    (picture,) = plan_dataset(SampleSet((sample,)), settings).pictures
    harm(tmp_path / "pictures" / "mira" / "1.png")
    with pytest.raises(BadPicture, match=reason):
        render(picture, settings, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.*"))


def test_a_size_that_the_format_cannot_hold_is_a_reason_too(rendered, make_sample, tmp_path):
    with pytest.raises(BadPicture, match="cannot be written as webp"):
        rendered(make_sample(1, (17000, 80)), picture_format="webp", resize="none")
    assert not list(tmp_path.rglob("*.webp"))
