"""Tables as Hugging Face `datasets` itself writes them become sample sets."""

import io
import sys
from datetime import datetime

import pytest
from PIL import Image

from troupe.models.errors import TroupeError
from troupe.models.formats.reading import read_dataset
from troupe.models.samples.store import Store

datasets = pytest.importorskip("datasets")


def picture(n, size=(96, 64)):
    return Image.new("RGB", size, (n * 40 % 256, 90, 200))


def jpeg(n):
    file = io.BytesIO()
    picture(n).save(file, "JPEG")
    return file.getvalue()


def table(rows, **features):
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    kinds = {"image": datasets.Image(), **features}
    return datasets.Dataset.from_dict(columns).cast(
        datasets.Features({name: kinds.get(name, datasets.Value("string")) for name in columns})
    )


ROWS = [{"image": picture(n), "text": f"mirax, picture {n}"} for n in range(5)]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "theirs"
    (made / "data").mkdir(parents=True)
    return made


@pytest.fixture
def read(folder, tmp_path):
    return lambda: read_dataset(folder, Store(tmp_path / "store"))


def captions(loaded):
    return sorted(s.labels.caption for s in loaded.samples.samples)


def test_pictures_and_captions_come_out_of_the_table(folder, read):
    table(ROWS).to_parquet(folder / "data" / "train-00000-of-00001.parquet")
    loaded = read()
    assert loaded.format.id == "huggingface"
    assert captions(loaded) == [f"mirax, picture {n}" for n in range(5)]
    assert {s.image.size for s in loaded.samples.samples} == {(96, 64)}
    assert {s.labels.trigger for s in loaded.samples.samples} == {"mirax"}
    shown = {Image.open(s.image.path).getpixel((0, 0)) for s in loaded.samples.samples}
    assert shown == {(n * 40 % 256, 90, 200) for n in range(5)}


def test_several_files_are_one_set_and_other_splits_are_left_out(folder, read):
    table(ROWS[:2]).to_parquet(folder / "data" / "train-00000-of-00002.parquet")
    table(ROWS[2:4]).to_parquet(folder / "data" / "train-00001-of-00002.parquet")
    table(ROWS[4:]).to_parquet(folder / "data" / "test-00000-of-00001.parquet")
    loaded = read()
    assert len(loaded.samples) == 4
    assert [r.reason for r in loaded.samples.rejected] == ["it is of another split than train"]


def test_a_pushed_imagefolder_keeps_its_names_and_columns(folder, read):
    """Files keep their names in the column `path`; character, trigger and repeats are ours."""
    more = {"caption": "", "character": "mira", "trigger": "mx", "repeats": 2}
    rows = [{"image": {"bytes": jpeg(n), "path": f"front_{n}.jpg"}, "text": f"a {n}", **more} for n in range(3)]
    table(rows, repeats=datasets.Value("int64")).to_parquet(folder / "train.parquet")
    loaded = read()
    assert [s.id for s in loaded.samples.samples] == ["mira/front_0", "mira/front_1", "mira/front_2"]
    assert captions(loaded) == ["a 0", "a 1", "a 2"]
    assert {f.repeats for f in loaded.found} == {2} and {s.labels.trigger for s in loaded.samples.samples} == {"mx"}


def test_of_several_captions_the_first_is_taken(folder, read):
    rows = [{"image": picture(n), "caption": [f"mirax, {n}", "other"]} for n in range(2)]
    table(rows, caption=datasets.List(datasets.Value("string"))).to_parquet(folder / "train.parquet")
    assert captions(read()) == ["mirax, 0", "mirax, 1"]


def test_a_list_in_parquet_beside_the_pictures(folder, read):
    for n in range(2):
        picture(n).save(folder / f"{n}.png")
    rows = [{"file_name": f"{n}.png", "text": f"mirax, {n}"} for n in range(2)]
    table(rows).to_parquet(folder / "metadata.parquet")
    assert captions(read()) == ["mirax, 0", "mirax, 1"]


def test_a_row_without_a_picture_is_told(folder, read, tmp_path):
    picture(7).save(tmp_path / "elsewhere.png")
    odd = ({"image": None, "text": "mirax"}, {"image": str(tmp_path / "elsewhere.png"), "text": "mirax"})
    table([*ROWS[:2], *odd]).to_parquet(folder / "train.parquet")
    loaded = read()
    assert len(loaded.samples) == 2
    reasons = [r.reason for r in loaded.samples.rejected]
    assert reasons == ["the row holds no picture", "the row names a picture elsewhere"]


def test_no_two_rows_get_one_name(folder, read):
    """The first picture's own name is the one that the second, which has none, would be given."""
    rows = [{"image": {"bytes": jpeg(0), "path": "000001.jpg"}, "text": "first"}]
    rows += [{"image": {"bytes": jpeg(1), "path": None}, "text": "second"}]
    table(rows).to_parquet(folder / "train.parquet")
    loaded = read()
    assert captions(loaded) == ["first", "second"]
    assert len({s.image.digest for s in loaded.samples.samples}) == 2


def test_masks_and_originals_out_of_the_table(folder, read):
    """What `datasets` makes of a folder of ours and saves: `control_file_name` has become the column `control`."""
    mask = Image.new("L", (96, 64), 0)
    mask.paste(255, (0, 0, 48, 64))
    rows = [{"image": picture(n), "text": f"{n}", "mask": mask, "control": picture(9 + n)} for n in range(2)]
    table(rows, mask=datasets.Image(), control=datasets.Image()).to_parquet(folder / "train.parquet")
    loaded = read()
    assert not loaded.samples.rejected
    for n, sample in enumerate(loaded.samples.samples):
        assert Image.open(sample.mask.path).getpixel((0, 0)) == 255
        assert Image.open(sample.source.image.path).getpixel((0, 0)) == ((9 + n) * 40 % 256, 90, 200)


def test_a_list_in_parquet_names_originals(folder, read):
    for place in ("images", "control"):
        (folder / place).mkdir()
        picture(len(place)).save(folder / place / "0.png")
    rows = [{"file_name": "images/0.png", "control_file_name": "control/0.png", "text": "Redraw it."}]
    table(rows).to_parquet(folder / "metadata.parquet")
    loaded = read()
    assert not loaded.samples.rejected
    (sample,) = loaded.samples.samples
    assert sample.source.image.path.endswith("0.png") and "control" in sample.source.image.path


def test_columns_of_other_types_say_nothing(folder, read):
    rows = [{"image": picture(n), "text": b"bytes", "character": datetime(2026, 1, 1)} for n in range(2)]
    kinds = {"text": datasets.Value("binary"), "character": datasets.Value("timestamp[s]")}
    table(rows, **kinds).to_parquet(folder / "a.parquet")
    assert len(read().samples) == 2


def test_what_the_hub_says_of_a_table_is_no_other_trainers_configuration(folder, read):
    table(ROWS).to_parquet(folder / "data" / "train-00000-of-00001.parquet")
    (folder / "dataset_infos.json").write_text("{}")
    assert len(read().samples) == 5


def test_a_damaged_table_is_named(folder, read):
    table(ROWS).to_parquet(folder / "train.parquet")
    data = (folder / "train.parquet").read_bytes()
    (folder / "train.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(TroupeError, match="damaged or none at all: train.parquet"):
        read()


def test_without_pyarrow_it_says_what_to_install(folder, read, monkeypatch):
    table(ROWS).to_parquet(folder / "train.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TroupeError, match="parquet files.*pip install pyarrow"):
        read()


def test_other_trainers_tables_are_not_taken_for_it(folder, read):
    """SimpleTuner keeps captions in parquet beside its configuration; img2dataset beside its shards."""
    table(ROWS).to_parquet(folder / "captions.parquet")
    (folder / "multidatabackend.json").write_text("[]")
    with pytest.raises(TroupeError, match="no format that is known here"):
        read()
