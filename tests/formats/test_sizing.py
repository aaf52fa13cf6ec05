"""How large a picture is written, for every way of resizing."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from troupe.models.formats.buckets import select_bucket, whole
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.sizing import fit_picture
from troupe.models.geometry import Size

sizes = st.builds(Size, st.integers(64, 5000), st.integers(64, 5000))
resolutions = st.sampled_from((512, 768, 1000, 1024))


@pytest.mark.parametrize(
    "resize, upscale, size, written",
    [
        ("none", True, (3000, 1000), (3000, 1000)),
        ("longest side", False, (2048, 1536), (1024, 768)),
        ("longest side", False, (500, 800), (500, 800)),
        ("longest side", True, (512, 256), (1024, 512)),
        ("shortest side", False, (2048, 1536), (1365, 1024)),
        ("shortest side", False, (2048, 900), (2048, 900)),
        ("shortest side", True, (2048, 512), (4096, 1024)),
        ("bucket", False, (2048, 1536), (1152, 896)),
        ("bucket", False, (700, 700), (640, 640)),
        ("bucket", True, (700, 700), (1024, 1024)),
        ("bucket", False, (8000, 1000), (2560, 320)),
    ],
)
def test_sizes(resize, upscale, size, written):
    settings = WriteSettings("mira", resize=resize, upscale=upscale, resolution=1024)
    assert fit_picture(Size(*size), settings).size == written


@given(sizes, resolutions, st.sampled_from(("none", "longest side", "shortest side", "bucket")))
def test_nothing_grows_unless_asked_for(size, resolution, resize):
    fit = fit_picture(size, WriteSettings("mira", resize=resize, resolution=resolution))
    assert fit.resized.width <= size.width and fit.resized.height <= size.height


@given(sizes, resolutions, st.booleans())
def test_a_picture_written_as_a_bucket_is_cut_no_further_by_the_trainer(size, resolution, upscale):
    settings = WriteSettings("mira", resize="bucket", resolution=resolution, upscale=upscale)
    written = fit_picture(size, settings).size
    assume(written.short > 0)
    assert select_bucket(written, resolution, no_upscale=not upscale) == whole(written)


@given(sizes, resolutions)
def test_only_bucket_cuts(size, resolution):
    for resize in ("none", "longest side", "shortest side"):
        assert fit_picture(size, WriteSettings("mira", resize=resize, resolution=resolution)).cut_away == 0


@given(sizes, resolutions)
def test_a_bucket_cuts_no_more_than_a_tenth_beyond_the_trainers_own_cut(size, resolution):
    settings = WriteSettings("mira", resize="bucket", resolution=resolution)
    cut, own = fit_picture(size, settings), select_bucket(size, resolution, no_upscale=True)
    assert cut.cut_away <= max(0.1, own.cut_away)
