"""What sd-scripts makes of the folder, by a second writing of its rules, equals what was planned.

The rules are written down from library/config_util.py and library/train_util.py of sd-scripts 48d368f.
"""

import os
from pathlib import Path

import pytest
from PIL import Image

from troupe.models.formats.buckets import select_bucket
from troupe.models.formats.plan import plan_dataset, trainer_rows
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.geometry import Size
from troupe.models.samples.sample import SampleSet

tomllib = pytest.importorskip("tomllib")

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
SUFFIXES += tuple(s.upper() for s in SUFFIXES)

SUBSET = {
    "color_aug": bool, "flip_aug": bool, "num_repeats": int, "random_crop": bool, "shuffle_caption": bool,
    "keep_tokens": int, "keep_tokens_separator": str, "secondary_separator": str, "caption_separator": str,
    "enable_wildcard": bool, "token_warmup_min": int, "token_warmup_step": float, "caption_prefix": str,
    "caption_suffix": str, "caption_dropout_every_n_epochs": int, "caption_dropout_rate": float,
    "caption_tag_dropout_rate": float, "caption_extension": str, "cache_info": bool,
}  # fmt: skip
PLAIN_SUBSET = SUBSET | {"image_dir": str, "is_reg": bool, "alpha_mask": bool, "class_tokens": str}
MASKED_SUBSET = SUBSET | {"image_dir": str, "conditioning_data_dir": str}
DATASET = SUBSET | {
    "batch_size": int, "bucket_no_upscale": bool, "bucket_reso_steps": int, "enable_bucket": bool,
    "max_bucket_reso": int, "min_bucket_reso": int, "resolution": int, "subsets": list,
}  # fmt: skip
GENERAL = {key: kind for key, kind in DATASET.items() if key != "subsets"}


def config_sanitizer(config, masked_loss):
    """Every key is known where it stands and of its type, and no dataset mixes masked and plain subsets."""

    def check(table, keys, where):
        for key, value in table.items():
            assert key in keys, f"extra keys not allowed: {where}.{key}"
            assert type(value) is keys[key], f"wrong type: {where}.{key}"

    assert set(config) <= {"general", "datasets"}
    check(config.get("general", {}), GENERAL, "general")
    for dataset in config["datasets"]:
        masked = masked_loss and all("conditioning_data_dir" in s for s in dataset["subsets"])
        check(dataset, DATASET, "datasets")
        for subset in dataset["subsets"]:
            check(subset, MASKED_SUBSET if masked else PLAIN_SUBSET, "subsets")
            assert "image_dir" in subset


def glob_images(folder):
    return sorted(p for p in Path(folder).iterdir() if p.suffix in SUFFIXES)


def read_caption(image, extension):
    stem = os.path.splitext(image)[0]
    parts = stem.split("_")
    tries = [stem + extension, *(["_".join(parts[:-4]) + extension] if len(parts) >= 5 else [])]
    for path in tries:
        if os.path.isfile(path):
            lines = Path(path).read_text(encoding="utf-8").splitlines()
            assert lines, f"caption file is empty: {path}"
            return lines[0].strip()
    return None


def folder_mode(train_dir, caption_extension=".caption"):
    """generate_dreambooth_subsets_config_by_subdirs, then load_dreambooth_dir: picture -> (caption, repeats)."""
    seen = {}
    for folder in train_dir.iterdir():
        assert folder.is_dir(), f"a stray file: {folder}"
        repeats, _, class_tokens = folder.name.partition("_")
        for image in glob_images(folder):
            seen[image] = (read_caption(image, caption_extension) or class_tokens, int(repeats))
    return seen


def toml_mode(folder, name, masked_loss=False):
    """The trainer run in `folder`: picture -> (caption, repeats, mask)."""
    config = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    config_sanitizer(config, masked_loss)
    seen = {}
    for dataset in config["datasets"]:
        assert dataset["min_bucket_reso"] <= dataset["resolution"] <= dataset["max_bucket_reso"]
        for subset in dataset["subsets"]:
            images = glob_images(folder / subset["image_dir"])
            masks = {}
            if "conditioning_data_dir" in subset:
                masks = {p.stem: p for p in glob_images(folder / subset["conditioning_data_dir"])}
                assert set(masks) == {p.stem for p in images}, "missing or extra conditioning data"
            for image in images:
                caption = read_caption(image, config["general"]["caption_extension"])
                assert image not in seen
                seen[image] = (caption, subset["num_repeats"], masks.get(image.stem))
    return seen


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    """Two characters, one of them with a mask for one of its pictures; returns plan and result."""

    def write(**settings):
        mira, rob = make_set(4), make_set(3, character="rob", caption="mirax, from behind, walking")
        odd = make_sample(9, (150, 320), masked=True, caption="mirax, masked\nsecond line")
        samples = SampleSet((*mira.samples, odd, *rob.samples))
        plan = plan_dataset(samples, WriteSettings("mira", **{"resolution": 256, "class_word": "girl", **settings}))
        return plan, write_dataset(plan, tmp_path / "out")

    return write


def test_folder_mode_sees_what_was_planned(written):
    plan, result = written()
    seen = folder_mode(result.folder / "train", ".txt")
    planned = {result.folder / p.files.picture: (p.caption.text, p.subset.repeats) for p in plan.pictures}
    assert seen == planned and len(planned) == 8


def test_with_its_default_caption_extension_the_trainer_sees_class_words_only(written):
    """Why the README beside the data names the extension."""
    _, result = written()
    assert {caption for caption, _ in folder_mode(result.folder / "train").values()} == {"mirax girl", "mirax girl-2"}
    assert "--caption_extension .txt" in (result.folder / "README.txt").read_text()


@pytest.mark.parametrize("name, masked_loss", [("dataset.toml", False), ("dataset.toml", True)])
def test_the_plain_configuration_is_valid_with_and_without_masked_loss(written, name, masked_loss):
    plan, result = written()
    seen = toml_mode(result.folder, name, masked_loss)
    planned = {result.folder / p.files.picture: (p.caption.text, p.subset.repeats, None) for p in plan.pictures}
    assert seen == planned


def test_the_masked_configuration_has_a_mask_of_the_same_size_for_every_picture_of_a_masked_folder(written):
    plan, result = written()
    seen = toml_mode(result.folder, "dataset_masked.toml", masked_loss=True)
    assert len(seen) == 8
    for picture, (_, _, mask) in seen.items():
        assert (mask is not None) == ("pic" in picture.stem and "girl-2" not in str(picture))
        if mask:
            assert Image.open(mask).size == Image.open(picture).size
            assert Image.open(mask).mode == "L"


def test_a_picture_without_a_mask_is_learnt_whole(written):
    _, result = written(mask_dilate=0)
    extrema = {int(p.name[:4]): Image.open(p).getextrema() for p in (result.folder / "masks").rglob("*.png")}
    assert extrema == {1: (255, 255), 2: (255, 255), 3: (255, 255), 4: (255, 255), 5: (0, 255)}


def test_the_masked_configuration_is_refused_without_masked_loss(written):
    """Which is why there are two files."""
    _, result = written()
    with pytest.raises(AssertionError, match="conditioning_data_dir"):
        toml_mode(result.folder, "dataset_masked.toml", masked_loss=False)


def test_without_masks_there_is_neither_folder_nor_configuration_for_them(written):
    _, result = written(masks=False)
    assert not (result.folder / "masks").exists() and not (result.folder / "dataset_masked.toml").exists()
    assert result.masks == 0


@pytest.mark.parametrize("resize", ["none", "longest side", "shortest side", "bucket"])
def test_the_preview_names_the_buckets_of_the_files_that_were_written(written, resize):
    plan, result = written(resize=resize)
    for picture, row in zip(plan.pictures, trainer_rows(plan), strict=True):
        with Image.open(result.folder / picture.files.picture) as image:
            assert image.size == row.pixels
            assert select_bucket(Size(*image.size), 256, no_upscale=True).size == row.bucket


def test_caption_files_are_one_line_of_utf8_with_nothing_around_it(make_set, tmp_path):
    samples = make_set(1, caption="\ufeffmirax, café,\r\n 小鹿 \n")
    result = write_dataset(plan_dataset(samples, WriteSettings("mira")), tmp_path / "out")
    (text,) = (result.folder / "train").rglob("*.txt")
    assert text.read_bytes() == "mirax, café, 小鹿".encode()


@pytest.mark.parametrize("picture_format", ["png", "jpg", "webp"])
def test_nothing_but_pictures_and_their_captions_lies_in_the_folders(written, picture_format):
    _, result = written(picture_format=picture_format)
    stems = {".txt": [], f".{picture_format}": []}
    for path in (result.folder / "train").rglob("*.*"):
        stems[path.suffix].append(path.stem)
        assert len(str(path.relative_to(result.folder)).split("_")) < 5
    assert sorted(stems[".txt"]) == sorted(stems[f".{picture_format}"])
    assert {p.suffix for p in (result.folder / "masks").rglob("*.*")} == {".png"}


def test_paths_in_the_configuration_count_from_the_folder_itself(written, tmp_path):
    _, result = written()
    for name in ("dataset.toml", "dataset_masked.toml"):
        assert str(tmp_path) not in (result.folder / name).read_text()


def test_settings_reach_the_configuration(written):
    plan, result = written(batch_size=4, keep_tokens=2, upscale=True, resolution=320, repeats=3)
    config = tomllib.loads((result.folder / "dataset.toml").read_text())
    (dataset,) = config["datasets"]
    assert config["general"] == {"caption_extension": ".txt", "shuffle_caption": False, "keep_tokens": 2}
    assert dataset.items() >= {"batch_size": 4, "bucket_no_upscale": False, "resolution": 320}.items()
    assert {subset["num_repeats"] for subset in dataset["subsets"]} == {3}
