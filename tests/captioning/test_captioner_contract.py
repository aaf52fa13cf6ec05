"""What every captioner promises. To add one, add it to CAPTIONERS."""

import pytest
import torch

from support import tinyclip
from troupe.models.captioning.measured import MeasuredCaptioner
from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
from troupe.models.captioning.openclip.clip import load
from troupe.models.captioning.openclip.sources import from_folder
from troupe.models.pixels import Picture
from troupe.models.samples.sample import ImageFile, Sample
from troupe.models.vocabulary import vocabulary


def open_clip(family):
    """Made as a node makes it: from a folder, with the shipped prompts."""

    def make(folder):
        pytest.importorskip("open_clip", reason="the package open_clip_torch is not installed")
        config = tinyclip.FAMILIES[family]
        if not folder.exists():
            tinyclip.save_folder(folder, tinyclip.fresh_model(config), config, prompts=False)
        return OpenCLIPCaptioner(load(from_folder(folder)))

    return make


CAPTIONERS = {
    "measured": lambda folder: MeasuredCaptioner(),
    "open_clip CLIP": open_clip("CLIP"),
    "open_clip SigLIP": open_clip("SigLIP"),
    "open_clip CoCa": open_clip("CoCa"),
}


def picture(seed=0, height=60, width=80):
    rgb = torch.rand(height, width, 3, generator=torch.Generator().manual_seed(seed))
    return Picture(rgb, (rgb[..., 0] > 0.5).float())


def sample(shown):
    return Sample("c/p", "c", ImageFile("p.png", "d", shown.rgb.shape[1], shown.rgb.shape[0]))


@pytest.fixture(scope="module", params=CAPTIONERS)
def make(request, tmp_path_factory):
    """Call it for a captioner, again and again the same one."""
    folder = tmp_path_factory.mktemp("captioner") / "model"
    return lambda: CAPTIONERS[request.param](folder)


@pytest.fixture(scope="module")
def captioner(make):
    return make()


PICTURES = [picture(), picture(1, 1, 1), picture(2, 7, 5), Picture(torch.zeros(32, 32, 3)), Picture(picture(3).rgb)]


def test_one_observation_for_each_picture_in_order(captioner):
    together = captioner.observe(PICTURES, [sample(p) for p in PICTURES])
    alone = [captioner.observe([p], [sample(p)])[0] for p in PICTURES]
    assert list(together) == alone


def test_features_are_values_of_the_vocabulary_with_a_confidence(captioner):
    for seen in captioner.observe(PICTURES, [sample(p) for p in PICTURES]):
        for feature in seen.features:
            words = vocabulary().values(feature.slot)
            assert vocabulary().slot(feature.slot), feature
            assert not words or feature.value in {w.value for w in words}, feature
            assert 0 <= feature.confidence <= 1
            assert feature.origin in ("measured", "captioner")


def test_an_exclusive_slot_gets_one_value(captioner):
    for seen in captioner.observe(PICTURES, [sample(p) for p in PICTURES]):
        slots = [f.slot for f in seen.features if vocabulary().slot(f.slot).exclusive]
        assert len(slots) == len(set(slots))


def test_identity_is_stable_and_the_batch_is_a_number(captioner, make):
    assert captioner.identity == make().identity
    assert captioner.batch >= 1
