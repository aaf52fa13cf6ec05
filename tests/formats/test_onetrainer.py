"""What OneTrainer makes of the folder, by a second writing of its rules.

The rules are those of ConceptConfig.py of OneTrainer 23df383 and of CollectPaths and LoadMultipleTexts of mgds 3a6994a.
"""

import json
import os

import pytest
from PIL import Image

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

SUFFIXES = (".bmp", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif")
DEFAULTS = {"enable_crop_jitter": True, "enable_random_flip": True, "enable_fixed_flip": False}
TYPES = {
    "name": str, "path": str, "seed": int, "enabled": bool, "type": str, "include_subdirectories": bool,
    "image_variations": int, "text_variations": int, "balancing": float, "balancing_strategy": str,
    "loss_weight": float, "image": dict, "text": dict, "__version": int,
}  # fmt: skip


def onetrainer(folder):
    """Run in `folder`: picture -> (captions to choose from, repeats, mask)."""
    seen = {}
    for concept in json.loads((folder / "concepts.json").read_text(encoding="utf-8")):
        assert all(type(value) is TYPES[key] for key, value in concept.items())
        assert concept["enabled"] and concept["type"] == "STANDARD" and concept["balancing_strategy"] == "REPEATS"
        files = sorted(str(p) for p in (folder / concept["path"]).iterdir() if p.is_file())
        for file in files:
            stem, suffix = os.path.splitext(file)
            if suffix.lower() not in SUFFIXES or stem.endswith(("-masklabel", "-condlabel")):
                continue
            with open(f"{stem}.txt", encoding="utf-8") as text:
                captions = [line.strip() for line in text.read().split("\n") if line.strip()]
            mask = f"{stem}-masklabel.png"
            seen[file] = captions, concept["balancing"], mask if os.path.exists(mask) else None
    return seen


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    def write(**settings):
        lines = make_sample(7, caption="mirax, one\nmirax, two", masked=True)
        samples = SampleSet((*make_set(2).samples, lines, *make_set(2, character="rob").samples))
        plan = plan_dataset(
            samples, WriteSettings("mira", "onetrainer", **{"resolution": 96, "repeats": 4, **settings})
        )
        return plan, write_dataset(plan, tmp_path / "out").folder

    return write


def test_the_trainer_sees_what_was_planned(written):
    plan, folder = written()
    wanted = {
        str(folder / p.files.picture): ([p.caption.text], 4.0, str(folder / p.files.mask) if p.files.mask else None)
        for p in plan.pictures
    }
    assert onetrainer(folder) == wanted and len(wanted) == 5


def test_a_caption_of_two_lines_is_one_caption(written):
    _, folder = written()
    assert ["mirax, one mirax, two"] in [captions for captions, _, _ in onetrainer(folder).values()]


def test_masks_lie_beside_the_pictures_at_their_size_and_are_no_pictures(written):
    _, folder = written()
    masks = [(picture, mask) for picture, (_, _, mask) in onetrainer(folder).items() if mask]
    assert len(masks) == 3
    assert all(Image.open(picture).size == Image.open(mask).size for picture, mask in masks)


def test_without_masks_there_are_none(written):
    assert not list(written(masks=False)[1].rglob("*masklabel*"))


def test_nothing_is_flipped_or_cut_at_random_although_that_is_the_default(written):
    (concept, _) = json.loads((written(keep_tokens=2)[1] / "concepts.json").read_text("utf-8"))
    assert not any({**DEFAULTS, **concept["image"]}[key] for key in DEFAULTS)
    assert concept["text"]["keep_tags_count"] == 2 and concept["text"]["enable_tag_shuffling"] is False


def test_a_picture_whose_name_ends_like_a_masks_is_a_picture_all_the_same(make_sample, tmp_path):
    samples = SampleSet((make_sample("front-masklabel"), make_sample("back-condlabel")))
    plan = plan_dataset(samples, WriteSettings("mira", "onetrainer", resolution=96))
    assert len(onetrainer(write_dataset(plan, tmp_path / "out").folder)) == 2


def test_the_readme_says_that_paths_must_be_set_in_full(written, tmp_path):
    _, folder = written()
    assert str(tmp_path) not in (folder / "concepts.json").read_text("utf-8")
    assert "set each concept's path" in (folder / "README.txt").read_text("utf-8")
