"""The OpenCLIP Captioner with a model that was trained here on drawn figures: it truly tags pictures it never saw."""

from dataclasses import replace

import pytest
import torch
from PIL import Image

from support import tinyclip
from troupe.models.captioning.describe import describe
from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
from troupe.models.captioning.openclip.clip import load
from troupe.models.captioning.openclip.sources import from_folder
from troupe.models.picturefiles import file_digest
from troupe.models.pixels import Picture, from_pillow
from troupe.models.samples.sample import ImageFile, Sample, SampleSet
from troupe.models.samples.store import Store

UNSEEN = 99  # the training's pictures come from seed 1


@pytest.fixture
def captioner(trained_clip):
    return OpenCLIPCaptioner(trained_clip)


def album(count, seed=UNSEEN, side=tinyclip.SIDE):
    pairs = tinyclip.pictures(count, seed, side)
    return [facts for facts, _ in pairs], [Picture(from_pillow(image)) for _, image in pairs]


def seen_by(captioner, pictures):
    return [{(f.slot, f.value) for f in o.features if f.confidence >= 0.5} for o in captioner.observe(pictures, ())]


def accuracy(facts, seen):
    """Mean over all questions of its vocabulary of the share of right answers."""
    found = {}
    for told, said in zip(facts, seen, strict=True):
        for slot, values in tinyclip.ONE.items():
            right = [(slot, v) in said for v in values] == [told[slot] == v for v in values]
            found.setdefault(slot, []).append(right)
        for slot, values in tinyclip.ANY.items():
            found.setdefault(slot, []).extend(((slot, v) in said) == (v in told[slot]) for v in values)
    return {slot: sum(right) / len(right) for slot, right in found.items()}


def test_it_tags_pictures_that_it_never_saw(captioner):
    facts, pictures = album(200)
    found = accuracy(facts, seen_by(captioner, pictures))
    assert sum(found.values()) / len(found) >= 0.9, found


def test_size_and_shape_of_a_picture_hardly_matter(captioner):
    """Larger, and set into a wide frame: nothing is cut off, so the answers stay."""
    facts, pictures = album(60, side=150)
    found = accuracy(facts, seen_by(captioner, pictures))
    assert sum(found.values()) / len(found) >= 0.85, found


def test_batches_and_order_change_nothing(captioner):
    _, pictures = album(7)
    together = captioner.observe(pictures, ())
    assert replace(captioner, batch=3).observe(pictures, ()) == together
    assert captioner.observe(pictures[::-1], ()) == together[::-1]


def test_strictness_says_less_and_never_more(captioner):
    _, pictures = album(20)
    counts = [
        sum(f.confidence >= 0.5 for o in replace(captioner, strictness=s).observe(pictures, ()) for f in o.features)
        for s in (-3.0, 0.0, 3.0, 8.0)
    ]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1]


def test_vectors_of_like_pictures_are_alike(captioner):
    facts, pictures = album(40)
    vectors = captioner.embed(pictures)
    assert vectors.shape == (40, 64) and torch.allclose(vectors.norm(dim=1), torch.ones(40), atol=1e-5)
    alike = vectors @ vectors.T
    same = torch.tensor([[a["place"] == b["place"] for b in facts] for a in facts])
    assert alike[same].mean() > alike[~same].mean() + 0.1
    assert captioner.embed([]).numel() == 0


def test_identity_changes_with_all_that_changes_answers(captioner, trained_folder, tmp_path):
    other_words = replace(captioner.clip.prompts, templates=("{}",))
    first = captioner.clip.prompts.groups[0]
    other_limit = replace(captioner.clip.prompts, groups=(replace(first, threshold=0.9),))
    grey = {**tinyclip.PREPROCESS, "mean": [0.4] * 3}
    other_mean = tinyclip.save_folder(tmp_path / "mean", captioner.clip.model, preprocess=grey)
    other_weights = tinyclip.save_folder(tmp_path / "weights", tinyclip.fresh_model(seed=5))
    changed = [
        replace(captioner, strictness=0.5),
        replace(captioner, clip=replace(captioner.clip, prompts=other_words)),
        replace(captioner, clip=replace(captioner.clip, prompts=other_limit)),
        *(OpenCLIPCaptioner(load(from_folder(folder))) for folder in (other_mean, other_weights)),
        OpenCLIPCaptioner(load(from_folder(trained_folder), "bf16")),
    ]
    assert len({c.identity for c in [captioner, *changed]}) == len(changed) + 1
    moved = tinyclip.save_folder(tmp_path / "moved", captioner.clip.model)
    same = [replace(captioner, batch=3), OpenCLIPCaptioner(load(from_folder(moved)))]
    assert {c.identity for c in same} == {captioner.identity}


def test_half_precision_sees_the_same(captioner, trained_folder):
    facts, pictures = album(60)
    half = OpenCLIPCaptioner(load(from_folder(trained_folder), "bf16"))
    found = accuracy(facts, seen_by(half, pictures))
    assert next(half.clip.model.parameters()).dtype == torch.bfloat16
    assert sum(found.values()) / len(found) >= 0.85, found


def test_the_prompts_are_encoded_once_for_all_runs(trained_clip, tmp_path):
    store = Store(tmp_path)
    _, pictures = album(2)
    first = OpenCLIPCaptioner(trained_clip, store=store).observe(pictures, ())
    (kept,) = tmp_path.glob("??/*.safetensors")
    mute = replace(trained_clip, tokenize=None)  # whoever encodes again needs a tokenizer
    assert OpenCLIPCaptioner(mute, store=store).observe(pictures, ()) == first
    kept.write_bytes(b"cut off")
    assert OpenCLIPCaptioner(trained_clip, store=store).observe(pictures, ()) == first


def test_described_in_words(captioner, tmp_path):
    facts = {"shot": "full", "angle": "front", "hair.colour": "red", "place": "snow"}
    path = tmp_path / "p.png"
    tinyclip.draw({**facts, "clothes.head": {"hat"}, "accessory": set()}, tinyclip.Random(4), 200).save(path)
    sample = Sample("mira/p", "mira", ImageFile(str(path), file_digest(path), 200, 200))
    (described,) = describe(SampleSet((sample,)), captioner, None).samples
    assert described.description.sentence == (
        "A full-body shot of a character with red hair, wearing a hat, seen from the front, in the snow."
    )
    assert described.description.keywords == ("full body", "from front", "red hair", "hat", "snow")


def test_a_mask_and_an_odd_size_are_no_obstacle(captioner):
    thin = Picture(from_pillow(Image.new("RGB", (3, 700), "teal")), torch.ones(700, 3))
    assert len(captioner.observe([thin], ())) == 1
