"""kohya's bucket rule: a table recorded from sd-scripts itself, and laws that hold for every size."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from troupe.models.formats.buckets import Fit, bucket_sizes, select_bucket, side_limits
from troupe.models.geometry import Box, Size

# What BucketManager.select_bucket of sd-scripts 48d368f answered: resolution, no_upscale, picture, resized, bucket.
RECORDED = [
    (512, False, (2048, 1536), (597, 448), (576, 448)),
    (512, False, (1000, 1500), (427, 640), (384, 640)),
    (512, False, (1024, 1024), (512, 512), (512, 512)),
    (512, False, (700, 700), (512, 512), (512, 512)),
    (512, False, (1024, 768), (597, 448), (576, 448)),
    (512, False, (4000, 500), (2048, 256), (1024, 256)),
    (512, False, (333, 1000), (277, 832), (256, 832)),
    (512, False, (1920, 1080), (683, 384), (640, 384)),
    (512, False, (1216, 832), (655, 448), (576, 448)),
    (512, False, (100, 90), (569, 512), (512, 512)),
    (512, True, (2048, 1536), (512, 384), (512, 384)),
    (512, True, (1000, 1500), (384, 576), (384, 576)),
    (512, True, (1024, 1024), (512, 512), (512, 512)),
    (512, True, (700, 700), (512, 512), (512, 512)),
    (512, True, (1024, 768), (512, 384), (512, 384)),
    (512, True, (4000, 500), (1024, 128), (1024, 128)),
    (512, True, (333, 1000), (256, 769), (256, 768)),
    (512, True, (1920, 1080), (683, 384), (640, 384)),
    (512, True, (1216, 832), (576, 394), (576, 384)),
    (512, True, (100, 90), (100, 90), (64, 64)),
    (1024, False, (2048, 1536), (1195, 896), (1152, 896)),
    (1024, False, (1000, 1500), (832, 1248), (832, 1216)),
    (1024, False, (1024, 1024), (1024, 1024), (1024, 1024)),
    (1024, False, (700, 700), (1024, 1024), (1024, 1024)),
    (1024, False, (1024, 768), (1195, 896), (1152, 896)),
    (1024, False, (4000, 500), (4096, 512), (2048, 512)),
    (1024, False, (333, 1000), (576, 1730), (576, 1728)),
    (1024, False, (1920, 1080), (1365, 768), (1344, 768)),
    (1024, False, (1216, 832), (1216, 832), (1216, 832)),
    (1024, False, (100, 90), (1088, 979), (1088, 960)),
    (1024, True, (2048, 1536), (1109, 832), (1088, 832)),
    (1024, True, (1000, 1500), (832, 1248), (832, 1216)),
    (1024, True, (1024, 1024), (1024, 1024), (1024, 1024)),
    (1024, True, (700, 700), (700, 700), (640, 640)),
    (1024, True, (1024, 768), (1024, 768), (1024, 768)),
    (1024, True, (4000, 500), (2560, 320), (2560, 320)),
    (1024, True, (333, 1000), (333, 1000), (320, 960)),
    (1024, True, (1920, 1080), (1365, 768), (1344, 768)),
    (1024, True, (1216, 832), (1216, 832), (1216, 832)),
    (1024, True, (100, 90), (100, 90), (64, 64)),
]

sizes = st.builds(Size, st.integers(64, 5000), st.integers(64, 5000))
resolutions = st.sampled_from((64, 512, 600, 768, 1024, 1536))


@pytest.mark.parametrize("resolution, no_upscale, picture, resized, bucket", RECORDED)
def test_buckets_are_those_of_the_trainer(resolution, no_upscale, picture, resized, bucket):
    fit = select_bucket(Size(*picture), resolution, no_upscale)
    assert (fit.resized, fit.size) == (resized, bucket)


def test_the_fixed_buckets_of_512_are_those_of_the_trainer():
    wide = [(512, 512), (576, 448), (640, 384), (704, 320), (768, 320), (832, 256), (896, 256), (960, 256), (1024, 256)]
    assert bucket_sizes(512) == tuple(sorted({*wide, *((h, w) for w, h in wide)}))


@given(resolutions)
def test_the_limits_are_steps_around_the_resolution(resolution):
    least, most = side_limits(resolution)
    assert least <= resolution <= most and least % 64 == 0 and most % 64 == 0


@given(sizes, resolutions, st.booleans())
def test_the_crop_is_central_and_inside_the_scaled_picture(size, resolution, no_upscale):
    fit = select_bucket(size, resolution, no_upscale)
    assume(fit.size.short > 0)
    assert fit.crop.clipped(fit.resized) == fit.crop
    assert abs(fit.crop.left - (fit.resized.width - fit.crop.right)) <= 1
    assert abs(fit.crop.top - (fit.resized.height - fit.crop.bottom)) <= 1
    assert 0 <= fit.cut_away < 1


@given(sizes, resolutions)
def test_without_upscaling_nothing_grows_and_everything_is_a_step(size, resolution):
    fit = select_bucket(size, resolution, no_upscale=True)
    assert fit.resized.width <= size.width and fit.resized.height <= size.height
    assert fit.size.width % 64 == 0 and fit.size.height % 64 == 0
    assert fit.size.area <= resolution**2


@given(resolutions, st.booleans(), st.data())
def test_a_bucket_stays_what_it_is(resolution, no_upscale, data):
    size = data.draw(st.sampled_from(bucket_sizes(resolution)))
    assert select_bucket(size, resolution, no_upscale) == Fit(size, Box.of(size))


def test_a_crop_is_told_in_the_pixels_of_the_picture_before_scaling():
    fit = Fit(Size(100, 50), Box(10, 0, 90, 50))
    assert fit.crop_in(Size(400, 200)) == (40, 0, 360, 200)
    assert fit.cut_away == pytest.approx(0.2)
