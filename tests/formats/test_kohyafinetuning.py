"""What sd-scripts makes of a metadata file, by a second writing of its rules, equals what was planned.

The rules are written down from library/config_util.py (its schema of fine-tuning subsets) and from FineTuningDataset in
library/train_util.py of sd-scripts 48d368f, and of its later version, which looks for a picture where a key is no file.
"""

import json
import os
import shutil

import pytest
from PIL import Image

from troupe.models.formats.plan import plan_dataset, trainer_rows
from troupe.models.formats.reading import read_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet
from troupe.models.samples.store import Store

tomllib = pytest.importorskip("tomllib")

SUBSET = {"num_repeats": int, "shuffle_caption": bool, "keep_tokens": int, "keep_tokens_separator": str}
FT_SUBSET = SUBSET | {"metadata_file": str, "image_dir": str}
DATASET = SUBSET | {
    "batch_size": int, "bucket_no_upscale": bool, "bucket_reso_steps": int, "enable_bucket": bool,
    "max_bucket_reso": int, "min_bucket_reso": int, "resolution": int,
}  # fmt: skip


def sanitized(config):
    """As fine_tune.py takes it, which knows no other kind of subset, and so no key of theirs."""
    assert set(config) == {"general", "datasets"}
    subsets = [subset for dataset in config["datasets"] for subset in dataset["subsets"]]
    plain = [{k: v for k, v in dataset.items() if k != "subsets"} for dataset in config["datasets"]]
    for table, keys in [
        (config["general"], DATASET),
        *((d, DATASET) for d in plain),
        *((s, FT_SUBSET) for s in subsets),
    ]:
        for key, value in table.items():
            assert key in keys, f"extra keys not allowed: {key}"
            assert type(value) is keys[key], f"wrong type: {key}"
    assert all("metadata_file" in subset for subset in subsets)
    return config


def trained_on(folder):
    """The trainer run in `folder`: picture -> (caption, repeats, size that it believes)."""
    seen, names = {}, set()
    for dataset in sanitized(tomllib.loads((folder / "dataset.toml").read_text("utf-8")))["datasets"]:
        for subset in dataset["subsets"]:
            assert subset["metadata_file"] not in names, "ignore duplicated subset"
            names.add(subset["metadata_file"])
            metadata = json.loads((folder / subset["metadata_file"]).read_text(encoding="utf-8"))
            for key, row in metadata.items():
                assert not os.path.isabs(key)
                path = folder / subset["image_dir"] / key
                assert path.is_file(), f"found only when it is loaded: {key}"
                caption, tags = row.get("caption") or "", row.get("tags")
                caption += f",{tags}" if tags else ""
                seen[path] = (caption, subset["num_repeats"], tuple(row["image_size"]))
    return seen


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    def write(**settings):
        mira, rob = make_set(4), make_set(3, character="rob", caption="robx, from behind, walking", trigger="robx")
        odd = make_sample(9, (150, 320), masked=True, caption="mirax, 小鹿, „x“\nsecond line")
        samples = SampleSet((*mira.samples, odd, *rob.samples))
        wish = {"format": "kohya-metadata", "resolution": 256, "repeats": 3, **settings}
        plan = plan_dataset(samples, WriteSettings("mira", **wish))
        return plan, write_dataset(plan, tmp_path / "out")

    return write


@pytest.mark.parametrize("resize", ["none", "bucket", "longest side"])
def test_the_trainer_sees_what_was_planned(written, resize):
    plan, result = written(resize=resize)
    planned = {result.folder / p.files.picture: (p.caption.text, 3, tuple(p.fit.size)) for p in plan.pictures}
    assert trained_on(result.folder) == planned and len(planned) == 8


def test_the_size_in_the_list_is_that_of_the_file(written):
    """A wrong one is believed, and the picture is cut for a bucket that it does not fit."""
    _, result = written(resize="bucket")
    for path, (_, _, size) in trained_on(result.folder).items():
        with Image.open(path) as image:
            assert image.size == size


def test_there_are_no_caption_files_that_nobody_reads(written):
    _, result = written()
    assert not list((result.folder / "train").rglob("*.txt"))
    assert sorted(p.name for p in result.folder.glob("metadata_*")) == ["metadata_mirax.json", "metadata_robx.json"]


def test_a_kept_head_makes_the_trainer_shuffle(written, make_set, tmp_path):
    samples = make_set(2, caption="mirax, girl ||| running")
    settings = WriteSettings("head", format="kohya-metadata", resolution=96)
    folder = write_dataset(plan_dataset(samples, settings), tmp_path / "out").folder
    general = tomllib.loads((folder / "dataset.toml").read_text("utf-8"))["general"]
    assert general == {"shuffle_caption": True, "keep_tokens": 1, "keep_tokens_separator": "|||"}
    assert {caption for caption, *_ in trained_on(folder).values()} == {"mirax, girl ||| running"}


def test_pictures_that_are_added_get_rows(written, make_set, tmp_path):
    written()
    more = make_set(2, first=20)
    settings = WriteSettings("mira", format="kohya-metadata", resolution=256, mode="add")
    folder = write_dataset(plan_dataset(more, settings), tmp_path / "out").folder
    assert len(trained_on(folder)) == 10


def test_lists_of_the_trainers_own_tools_are_read(written, tmp_path):
    """merge_captions_to_metadata.py writes bare stems; others write whole paths, one picture a line."""
    _, result = written()
    folder = tmp_path / "theirs"
    shutil.copytree(result.folder, folder)
    (folder / "manifest.json").unlink()
    stems = folder / "metadata_mirax.json"
    rows = json.loads(stems.read_text("utf-8"))
    stems.write_text(
        json.dumps({key.rpartition(".")[0]: {"caption": "mirax", "tags": "a, b"} for key in rows}), "utf-8"
    )
    paths = folder / "metadata_robx.json"
    lines = [{"image_path": f"/data/{folder.name}/train/robx/{key}", "caption": "robx, c"}
             for key in json.loads(paths.read_text("utf-8"))]  # fmt: skip
    paths.with_suffix(".jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    paths.unlink()
    config = folder / "dataset.toml"
    config.write_text(config.read_text("utf-8").replace("metadata_robx.json", "metadata_robx.jsonl"), "utf-8")
    loaded = read_dataset(folder, Store(tmp_path / "store"))
    assert loaded.format.id == "kohya-metadata" and len(loaded.samples) == 8
    assert {s.labels.caption for s in loaded.samples.samples} == {"mirax, a, b", "robx, c"}
    assert {f.repeats for f in loaded.found} == {3}


def test_a_row_without_its_picture_is_told(written, tmp_path):
    _, result = written()
    gone = next((result.folder / "train" / "robx").iterdir())
    gone.unlink()
    loaded = read_dataset(result.folder, Store(tmp_path / "store"))
    assert len(loaded.samples) == 7
    assert [r.reason for r in loaded.samples.rejected] == ["the list names it, and it is not here"]


def test_the_preview_names_the_buckets_of_the_trainer(written):
    plan, _ = written(resize="bucket")
    assert all(row.bucket == row.pixels for row in trainer_rows(plan))
