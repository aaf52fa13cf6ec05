"""What each trainer does to a picture: a table recorded from the trainers' own code, and laws for every size.

Recorded by running `get_bucket_for_image_size` of ai-toolkit 27a03a9, `AspectBucketing` of mgds 3a6994a (OneTrainer)
with quantization 64, `TrainingSample.calculate_target_size` of SimpleTuner bc8e6ab with alignment 64 and crop_aspect
preserve, `BucketSelector` of musubi-tuner 30c658c, and `_find_closest_ar_bucket` of diffusion-pipe 8f83dbf, which does
not tell the size before its crop.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.formats import FORMATS
from troupe.models.formats.catalogue import find_format
from troupe.models.formats.plan import plan_dataset, trainer_rows
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.sizing import fit_picture
from troupe.models.geometry import Size
from troupe.models.samples.sample import ImageFile, Labels, Sample, SampleSet

# Format, resolution, upscale, picture, resized, bucket.
RECORDED = [
    ("ai-toolkit", 512, False, (2048, 1536), (598, 448), (576, 448)),
    ("ai-toolkit", 512, False, (1000, 1500), (448, 672), (448, 576)),
    ("ai-toolkit", 512, False, (1024, 1024), (512, 512), (512, 512)),
    ("ai-toolkit", 512, False, (700, 700), (512, 512), (512, 512)),
    ("ai-toolkit", 512, False, (1024, 768), (598, 448), (576, 448)),
    ("ai-toolkit", 512, False, (333, 1000), (299, 896), (256, 896)),
    ("ai-toolkit", 512, False, (1920, 1080), (683, 384), (640, 384)),
    ("ai-toolkit", 512, False, (100, 90), (143, 128), (64, 128)),
    ("ai-toolkit", 512, False, (1000, 1001), (512, 513), (512, 512)),
    ("ai-toolkit", 1024, False, (2048, 1536), (1195, 896), (1152, 896)),
    ("ai-toolkit", 1024, False, (1000, 1500), (832, 1248), (832, 1216)),
    ("ai-toolkit", 1024, False, (1024, 1024), (1024, 1024), (1024, 1024)),
    ("ai-toolkit", 1024, False, (700, 700), (704, 704), (704, 704)),
    ("ai-toolkit", 1024, False, (1024, 768), (1024, 768), (1024, 768)),
    ("ai-toolkit", 1024, False, (333, 1000), (341, 1024), (320, 1024)),
    ("ai-toolkit", 1024, False, (1920, 1080), (1366, 768), (1344, 768)),
    ("ai-toolkit", 1024, False, (100, 90), (143, 128), (64, 128)),
    ("ai-toolkit", 1024, False, (1000, 1001), (1023, 1024), (960, 1024)),
    ("onetrainer", 512, False, (2048, 1536), (597, 448), (576, 448)),
    ("onetrainer", 512, False, (1000, 1500), (448, 672), (448, 640)),
    ("onetrainer", 512, False, (1024, 1024), (512, 512), (512, 512)),
    ("onetrainer", 512, False, (700, 700), (512, 512), (512, 512)),
    ("onetrainer", 512, False, (1024, 768), (597, 448), (576, 448)),
    ("onetrainer", 512, False, (333, 1000), (320, 961), (320, 896)),
    ("onetrainer", 512, False, (1920, 1080), (704, 396), (704, 384)),
    ("onetrainer", 512, False, (100, 90), (569, 512), (512, 512)),
    ("onetrainer", 512, False, (1000, 1001), (512, 513), (512, 512)),
    ("onetrainer", 1024, False, (2048, 1536), (1195, 896), (1152, 896)),
    ("onetrainer", 1024, False, (1000, 1500), (853, 1280), (832, 1280)),
    ("onetrainer", 1024, False, (1024, 1024), (1024, 1024), (1024, 1024)),
    ("onetrainer", 1024, False, (700, 700), (1024, 1024), (1024, 1024)),
    ("onetrainer", 1024, False, (1024, 768), (1195, 896), (1152, 896)),
    ("onetrainer", 1024, False, (333, 1000), (597, 1792), (576, 1792)),
    ("onetrainer", 1024, False, (1920, 1080), (1365, 768), (1344, 768)),
    ("onetrainer", 1024, False, (100, 90), (1138, 1024), (1024, 1024)),
    ("onetrainer", 1024, False, (1000, 1001), (1024, 1025), (1024, 1024)),
    ("simpletuner", 512, False, (2048, 1536), (597, 448), (576, 448)),
    ("simpletuner", 512, False, (1000, 1500), (448, 672), (448, 640)),
    ("simpletuner", 512, False, (1024, 1024), (512, 512), (512, 512)),
    ("simpletuner", 512, False, (700, 700), (512, 512), (512, 512)),
    ("simpletuner", 512, False, (1024, 768), (597, 448), (576, 448)),
    ("simpletuner", 512, False, (333, 1000), (320, 960), (320, 896)),
    ("simpletuner", 512, False, (1920, 1080), (704, 396), (704, 384)),
    ("simpletuner", 512, False, (100, 90), (568, 512), (512, 512)),
    ("simpletuner", 512, False, (1000, 1001), (512, 513), (512, 512)),
    ("simpletuner", 1024, False, (2048, 1536), (1194, 896), (1152, 896)),
    ("simpletuner", 1024, False, (1000, 1500), (853, 1280), (832, 1280)),
    ("simpletuner", 1024, False, (1024, 1024), (1024, 1024), (1024, 1024)),
    ("simpletuner", 1024, False, (700, 700), (1024, 1024), (1024, 1024)),
    ("simpletuner", 1024, False, (1024, 768), (1194, 896), (1152, 896)),
    ("simpletuner", 1024, False, (333, 1000), (596, 1792), (576, 1792)),
    ("simpletuner", 1024, False, (1920, 1080), (1365, 768), (1344, 768)),
    ("simpletuner", 1024, False, (100, 90), (1088, 979), (1088, 960)),
    ("simpletuner", 1024, False, (1000, 1001), (1024, 1026), (1024, 1024)),
    ("musubi", 512, False, (2048, 1536), (592, 444), (592, 432)),
    ("musubi", 512, False, (1000, 1500), (416, 624), (416, 624)),
    ("musubi", 512, False, (1024, 1024), (512, 512), (512, 512)),
    ("musubi", 512, False, (700, 700), (512, 512), (512, 512)),
    ("musubi", 512, False, (1024, 768), (592, 444), (592, 432)),
    ("musubi", 512, False, (333, 1000), (298, 896), (288, 896)),
    ("musubi", 512, False, (1920, 1080), (683, 384), (672, 384)),
    ("musubi", 512, False, (100, 90), (96, 86), (96, 80)),
    ("musubi", 512, False, (1000, 1001), (512, 513), (512, 512)),
    ("musubi", 1024, False, (2048, 1536), (1184, 888), (1184, 880)),
    ("musubi", 1024, False, (1000, 1500), (832, 1248), (832, 1248)),
    ("musubi", 1024, False, (1024, 1024), (1024, 1024), (1024, 1024)),
    ("musubi", 1024, False, (700, 700), (688, 688), (688, 688)),
    ("musubi", 1024, False, (1024, 768), (1024, 768), (1024, 768)),
    ("musubi", 1024, False, (333, 1000), (330, 992), (320, 992)),
    ("musubi", 1024, False, (1920, 1080), (1365, 768), (1360, 768)),
    ("musubi", 1024, False, (100, 90), (96, 86), (96, 80)),
    ("musubi", 1024, False, (1000, 1001), (992, 993), (992, 992)),
    ("musubi", 512, True, (2048, 1536), (592, 444), (592, 432)),
    ("musubi", 512, True, (1000, 1500), (416, 624), (416, 624)),
    ("musubi", 512, True, (1024, 1024), (512, 512), (512, 512)),
    ("musubi", 512, True, (700, 700), (512, 512), (512, 512)),
    ("musubi", 512, True, (1024, 768), (592, 444), (592, 432)),
    ("musubi", 512, True, (333, 1000), (298, 896), (288, 896)),
    ("musubi", 512, True, (1920, 1080), (683, 384), (672, 384)),
    ("musubi", 512, True, (100, 90), (544, 490), (544, 480)),
    ("musubi", 512, True, (1000, 1001), (512, 513), (512, 512)),
    ("musubi", 1024, True, (2048, 1536), (1184, 888), (1184, 880)),
    ("musubi", 1024, True, (1000, 1500), (832, 1248), (832, 1248)),
    ("musubi", 1024, True, (1024, 1024), (1024, 1024), (1024, 1024)),
    ("musubi", 1024, True, (700, 700), (1024, 1024), (1024, 1024)),
    ("musubi", 1024, True, (1024, 768), (1184, 888), (1184, 880)),
    ("musubi", 1024, True, (333, 1000), (592, 1778), (592, 1760)),
    ("musubi", 1024, True, (1920, 1080), (1365, 768), (1360, 768)),
    ("musubi", 1024, True, (100, 90), (1084, 976), (1072, 976)),
    ("musubi", 1024, True, (1000, 1001), (1024, 1025), (1024, 1024)),
    ("diffusion-pipe", 512, False, (2048, 1536), None, (576, 464)),
    ("diffusion-pipe", 512, False, (1000, 1500), None, (400, 640)),
    ("diffusion-pipe", 512, False, (1024, 1024), None, (512, 512)),
    ("diffusion-pipe", 512, False, (700, 700), None, (512, 512)),
    ("diffusion-pipe", 512, False, (1024, 768), None, (576, 464)),
    ("diffusion-pipe", 512, False, (333, 1000), None, (288, 912)),
    ("diffusion-pipe", 512, False, (1920, 1080), None, (640, 400)),
    ("diffusion-pipe", 512, False, (100, 90), None, (512, 512)),
    ("diffusion-pipe", 512, False, (1000, 1001), None, (512, 512)),
    ("diffusion-pipe", 1024, False, (2048, 1536), None, (1152, 912)),
    ("diffusion-pipe", 1024, False, (1000, 1500), None, (816, 1296)),
    ("diffusion-pipe", 1024, False, (1024, 1024), None, (1024, 1024)),
    ("diffusion-pipe", 1024, False, (700, 700), None, (1024, 1024)),
    ("diffusion-pipe", 1024, False, (1024, 768), None, (1152, 912)),
    ("diffusion-pipe", 1024, False, (333, 1000), None, (576, 1824)),
    ("diffusion-pipe", 1024, False, (1920, 1080), None, (1296, 816)),
    ("diffusion-pipe", 1024, False, (100, 90), None, (1024, 1024)),
    ("diffusion-pipe", 1024, False, (1000, 1001), None, (1024, 1024)),
]

sides = st.integers(64, 4000)
resolutions = st.sampled_from((256, 512, 768, 1024, 1536))


@pytest.mark.parametrize("format, resolution, upscale, picture, resized, bucket", RECORDED)
def test_buckets_are_those_of_the_trainer(format, resolution, upscale, picture, resized, bucket):
    settings = WriteSettings("x", format=format, resolution=resolution, upscale=upscale)
    fit = find_format(format).look(Size(*picture), settings)
    assert fit.size == bucket
    assert resized is None or fit.resized == resized


@pytest.mark.parametrize("format", [f.id for f in FORMATS])
@given(sides, sides, resolutions, st.booleans())
def test_the_crop_is_central_and_inside_the_scaled_picture(format, width, height, resolution, upscale):
    settings = WriteSettings("x", format=format, resolution=resolution, upscale=upscale)
    fit = find_format(format).look(Size(width, height), settings)
    if fit.size.short < 64:
        return  # such a picture is refused by the plan
    assert fit.crop.clipped(fit.resized) == fit.crop
    assert abs(fit.crop.left - (fit.resized.width - fit.crop.right)) <= 1
    assert abs(fit.crop.top - (fit.resized.height - fit.crop.bottom)) <= 1


@given(sides, sides, resolutions)
def test_ai_toolkit_has_never_more_pixels_than_the_resolution_and_musubi_never_enlarges(width, height, resolution):
    size = Size(width, height)
    look = {
        f: find_format(f).look(size, WriteSettings("x", format=f, resolution=resolution))
        for f in ("ai-toolkit", "musubi")
    }
    if look["ai-toolkit"].size.short > 64:
        assert look["ai-toolkit"].size.area <= resolution**2
    if size.area <= resolution**2:
        assert look["musubi"].resized.width <= width and look["musubi"].resized.height <= height


def test_the_host_has_no_buckets_and_cuts_to_the_scale_of_its_vae():
    fit = find_format("comfyui").look(Size(1001, 767), WriteSettings("x", format="comfyui"))
    assert (fit.resized, fit.crop) == ((1001, 767), (0, 3, 1000, 763))


def test_shards_are_cut_by_whoever_reads_them():
    fit = find_format("webdataset").look(Size(1001, 767), WriteSettings("x", format="webdataset"))
    assert fit.size == fit.resized == (1001, 767)


@pytest.mark.parametrize("format", ["onetrainer", "simpletuner", "diffusion-pipe"])
def test_trainers_without_a_switch_against_it_are_said_to_enlarge(format):
    assert any("enlarged by the trainer" in w for w in row(format, (700, 700)).warnings)


@pytest.mark.parametrize("format", ["kohya", "musubi", "ai-toolkit", "comfyui", "webdataset"])
def test_the_others_are_not(format):
    assert not any("enlarged" in w for w in row(format, (700, 700)).warnings)


@pytest.mark.parametrize("format", ["musubi", "ai-toolkit", "simpletuner", "diffusion-pipe", "comfyui", "webdataset"])
def test_only_trainers_that_cut_captions_are_said_to(format):
    long = "mirax, " + "blue sky, " * 60
    assert any("tokens" in w for w in row("kohya", (1024, 1024), long).warnings)
    assert not any("tokens" in w for w in row(format, (1024, 1024), long).warnings)


def row(format, size, caption="mirax, waving"):
    sample = Sample(
        "mira/1", "mira", ImageFile("/nowhere/1.png", "1" * 64, *size), labels=Labels("mirax", caption=caption)
    )
    (only,) = trainer_rows(plan_dataset(SampleSet((sample,)), WriteSettings("mira", format=format, resize="none")))
    return only


@pytest.mark.parametrize("format", [f.id for f in FORMATS if f.id != "huggingface"])
@given(st.integers(256, 4000), st.integers(256, 4000), resolutions, st.booleans())
def test_what_is_written_by_bucket_is_cut_hardly_further(format, width, height, resolution, upscale):
    size = Size(width, height)
    settings = WriteSettings("x", format=format, resolution=resolution, resize="bucket", upscale=upscale)
    written = fit_picture(size, settings)
    assert upscale or (written.size.width <= width and written.size.height <= height)
    if size.long < 3 * size.short:
        look = find_format(format).look
        assert look(written.size, settings).cut_away <= look(size, settings).cut_away + 0.005
