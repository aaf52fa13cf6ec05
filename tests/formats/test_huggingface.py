"""`datasets` itself reads the folder: the right pictures, captions and nothing else."""

import json

import pytest
from PIL import Image

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import Feature, SampleSet, StylePair, SubStyle

datasets = pytest.importorskip("datasets")


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    """Five pictures, one of them masked; the last two have names that a loader takes for splits."""
    style = SubStyle("ink", "Ink", "墨", "drawing", "ink")
    features = (Feature("angle", "front", "path"), Feature("shot", "full", "path"))
    told = make_sample(4, masked=True, features=features, style=StylePair(style), caption="mirax, „x“, 小鹿\n{a|b}")
    splits = (make_sample("test"), make_sample("eval", character="validation"))
    samples = SampleSet((*make_set(2).samples, told, *splits))
    settings = WriteSettings("mira test", format="huggingface", class_word="girl", resolution=96, repeats=3)
    plan = plan_dataset(samples, settings)
    return plan, write_dataset(plan, tmp_path / "out")


def load(tmp_path, **where):
    return datasets.load_dataset("imagefolder", cache_dir=str(tmp_path / "cache"), **where)


@pytest.mark.parametrize(
    "where",
    [
        lambda folder: {"data_dir": str(folder)},
        lambda folder: {"data_dir": str(folder / "train")},
        # train_text_to_image_lora.py --train_data_dir
        lambda folder: {"data_files": {"train": str(folder / "train" / "**")}},
    ],
    ids=["folder", "train", "diffusers"],
)
def test_imagefolder_reads_every_picture_with_its_caption_and_no_mask(written, tmp_path, where):
    plan, result = written
    found = load(tmp_path, **where(result.folder))
    assert list(found) == ["train"]
    rows = sorted(zip(found["train"]["text"], (image.size for image in found["train"]["image"]), strict=True))
    assert rows == sorted((p.caption.text, tuple(p.fit.size)) for p in plan.pictures)


def test_load_dataset_knows_what_the_folder_is(written, tmp_path):
    plan, result = written
    found = datasets.load_dataset(str(result.folder), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in found.items()} == {"train": len(plan.pictures)}


def test_the_columns_say_what_varies(written):
    _, result = written
    rows = [json.loads(line) for line in (result.folder / "train" / "metadata.jsonl").read_text("utf-8").splitlines()]
    assert len({tuple(row) for row in rows}) == 1
    assert len({tuple(type(value) for value in row.values()) for row in rows}) == 1
    told = next(row for row in rows if row["style"])
    assert told == {
        "file_name": "0003_mira-pic-4.png", "text": "mirax, „x“, 小鹿 {a|b}", "character": "mira", "trigger": "mirax",
        "shot": "full", "angle": "front", "action": "", "expression": "", "style": "ink", "original": 0, "repeats": 3,
        "mask": "masks/0003_mira-pic-4.png", "sample": "mira/pic_4",
    }  # fmt: skip


def test_masks_have_the_names_and_sizes_of_their_pictures(written):
    _, result = written
    masks = sorted((result.folder / "masks").iterdir())
    names = ("0001_mira-pic-1", "0002_mira-pic-2", "0003_mira-pic-4", "0004_mira-pic-tests")
    assert tuple(mask.stem for mask in masks) == names
    for mask in masks:
        assert Image.open(mask).size == Image.open(result.folder / "train" / mask.name).size


def test_the_kohya_layout_shows_the_loader_no_mask_either(make_set, tmp_path):
    samples = make_set(3, masked=True)
    result = write_dataset(plan_dataset(samples, WriteSettings("mira", resolution=96)), tmp_path / "out")
    found = load(tmp_path, data_dir=str(result.folder))
    assert {split: len(rows) for split, rows in found.items()} == {"train": 3}
    assert all(image.mode == "RGB" for image in found["train"]["image"])


def test_imagefolder_gives_a_column_for_each_half_of_a_pair(make_sample, tmp_path):
    """`control` beside `image`, both of one size, and no row for the originals alone."""
    samples = tuple(
        make_sample(n, source=make_sample(n + 10), caption=f"make it blue, {n}", features=()) for n in (1, 2, 3)
    )
    settings = WriteSettings("pairs", format="huggingface", resolution=96, masks=False, pairs=True, minimum_structure=0)
    folder = write_dataset(plan_dataset(SampleSet(samples), settings), tmp_path / "out").folder
    found = load(tmp_path, data_dir=str(folder))["train"]
    assert sorted(found["text"]) == [f"make it blue, {n}" for n in (1, 2, 3)]
    assert {tuple(i.size) for column in ("image", "control") for i in found[column]} == {(96, 77)}
    row = next(row for row in found if row["text"].endswith("2"))
    blue = {"image": 2, "control": 12}
    for column, n in blue.items():
        with Image.open(tmp_path / "pictures" / "mira" / f"{n}.png") as painted:
            assert abs(row[column].getpixel((5, 5))[2] - painted.getpixel((5, 5))[2]) <= 2
