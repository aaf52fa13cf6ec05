"""What musubi-tuner makes of the folder, by a second writing of its rules.

The rules are those of config_utils.py and media_utils.py of musubi-tuner 30c658c.
"""

import os

import pytest

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

tomllib = pytest.importorskip("tomllib")

GENERAL = {
    "caption_extension": str, "batch_size": int, "num_repeats": int, "resolution": list, "enable_bucket": bool,
    "bucket_no_upscale": bool, "skip_corrupted_cache": bool,
}  # fmt: skip
IMAGES = GENERAL | {"image_directory": str, "image_jsonl_file": str, "cache_directory": str, "control_directory": str}
DEFAULTS = {"resolution": [960, 544], "enable_bucket": False, "caption_extension": None, "num_repeats": 1}
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")


def musubi(folder):
    """Run in `folder`: picture -> (caption, repeats), and the settings of each dataset."""
    config = tomllib.loads((folder / "musubi.toml").read_text(encoding="utf-8"))
    assert set(config) <= {"general", "datasets"}
    for keys, table in ((GENERAL, config["general"]), *((IMAGES, d) for d in config["datasets"])):
        assert set(table) <= set(keys), "extra keys not allowed"
        assert all(type(value) is keys[key] for key, value in table.items())
    datasets = [{**DEFAULTS, **config["general"], **d} for d in config["datasets"]]
    assert len({d["cache_directory"] for d in datasets}) == len(datasets), "cache directory should be unique"
    seen = {}
    for dataset in datasets:
        for picture in sorted((folder / dataset["image_directory"]).iterdir()):
            text = os.path.splitext(picture)[0] + str(dataset["caption_extension"])
            if picture.suffix in SUFFIXES and os.path.exists(text):
                with open(text, encoding="utf-8") as file:
                    seen[picture] = file.read().strip(), dataset["num_repeats"]
    return seen, datasets


@pytest.fixture
def written(make_set, tmp_path):
    def write(**settings):
        samples = SampleSet((*make_set(3, masked=True).samples, *make_set(2, character="rob").samples))
        plan = plan_dataset(samples, WriteSettings("mira", "musubi", **{"resolution": 96, "repeats": 4, **settings}))
        return plan, write_dataset(plan, tmp_path / "out").folder

    return write


def test_the_trainer_sees_what_was_planned(written):
    plan, folder = written()
    seen, _ = musubi(folder)
    assert seen == {folder / p.files.picture: (p.caption.text, 4) for p in plan.pictures} and len(seen) == 5


def test_buckets_resolution_and_caption_extension_are_said_because_their_defaults_are_wrong(written):
    _, datasets = musubi(written(batch_size=2)[1])
    for dataset in datasets:
        assert dataset["enable_bucket"] is True and dataset["resolution"] == [96, 96]
        assert dataset["caption_extension"] == ".txt" and dataset["bucket_no_upscale"] is True
        assert dataset["batch_size"] == 2


def test_no_key_of_sd_scripts_is_in_the_configuration(written):
    text = (written()[1] / "musubi.toml").read_text("utf-8")
    assert not any(key in text for key in ("shuffle_caption", "keep_tokens", "class_tokens", "conditioning_data_dir"))


def test_every_dataset_has_a_cache_of_its_own_outside_the_pictures(written):
    _, datasets = musubi(written()[1])
    assert [d["cache_directory"] for d in datasets] == ["cache/mirax", "cache/mirax-2"]


def test_no_path_names_a_place_on_this_machine(written, tmp_path):
    _, folder = written()
    assert str(tmp_path) not in (folder / "musubi.toml").read_text("utf-8")
    assert "Start musubi-tuner in this folder" in (folder / "README.txt").read_text("utf-8")


def test_masks_are_kept_apart_and_the_readme_says_that_nobody_reads_them(written):
    _, folder = written()
    assert {p.parent.parent.name for p in folder.rglob("masks/*/*.png")} == {"masks"}
    assert "knows no masks" in (folder / "README.txt").read_text("utf-8")
