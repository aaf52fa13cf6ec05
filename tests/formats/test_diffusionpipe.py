"""What diffusion-pipe makes of the folder, by a second writing of its rules.

The rules are those of DirectoryDataset in utils/dataset.py of diffusion-pipe 8f83dbf.
"""

import pytest
from PIL import Image

from troupe.models.formats.plan import plan_dataset, trainer_rows
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

tomllib = pytest.importorskip("tomllib")

NOT_MEDIA = (".txt", ".npz", ".json", ".parquet", ".bak", ".db")


def diffusion_pipe(folder):
    """Run in `folder`: picture -> (caption, repeats, mask). Whatever is no text is opened as a picture."""
    config = tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))
    assert len(config["resolutions"]) <= 3 and config["enable_ar_bucket"] is True
    seen = {}
    for directory in config["directory"]:
        path = folder / directory["path"]
        masks = {p.stem: p for p in (folder / directory["mask_path"]).iterdir()} if "mask_path" in directory else {}
        assert directory["num_repeats"] > 0
        for file in sorted(path.iterdir()):
            if not file.is_file() or file.suffix in NOT_MEDIA:
                continue
            size, text = Image.open(file).size, file.with_suffix(".txt")
            if not text.exists():
                continue  # skip_empty_caption
            mask = masks.get(file.stem)
            assert mask is None or Image.open(mask).size == size, "Mask shape was not the same as image shape"
            seen[file] = text.read_text(encoding="utf-8").strip(), directory["num_repeats"], mask
    return seen, config


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    def write(**settings):
        chinese = make_sample(9, caption="mirax, 小鹿", masked=True, size=(180, 150))
        samples = SampleSet((*make_set(3).samples, chinese, *make_set(2, character="rob").samples))
        settings = {"resolution": 96, "repeats": 4, **settings}
        plan = plan_dataset(samples, WriteSettings("mira", "diffusion-pipe", **settings))
        return plan, write_dataset(plan, tmp_path / "out").folder

    return write


@pytest.mark.parametrize("picture_format", ["png", "jpg", "webp"])
def test_the_trainer_sees_what_was_planned_and_no_stray_file(written, picture_format):
    plan, folder = written(picture_format=picture_format)
    wanted = {
        folder / p.files.picture: (p.caption.text, 4, folder / p.files.mask if p.files.mask else None)
        for p in plan.pictures
    }
    assert diffusion_pipe(folder)[0] == wanted and len(wanted) == 6


def test_ratios_up_to_four_to_one_have_a_bucket(written):
    _, config = diffusion_pipe(written()[1])
    assert (config["min_ar"], config["max_ar"], config["num_ar_buckets"]) == (0.25, 4.0, 13)
    assert config["resolutions"] == [96]


def test_a_caption_that_is_no_ascii_is_told_of(written):
    plan, folder = written()
    told = [row.file for row in trainer_rows(plan) if any("PYTHONUTF8" in w for w in row.warnings)]
    assert told == ["mirax/0004_mira-pic-9.png"]
    assert "PYTHONUTF8=1" in (folder / "README.txt").read_text("utf-8")


def test_the_configuration_has_no_prefix_that_would_double_the_trigger(written):
    seen, config = diffusion_pipe(written()[1])
    assert "caption_prefix" not in str(config)
    assert all(caption.count("mirax") == 1 for caption, _, _ in seen.values())


def test_paths_count_from_the_folder_itself(written, tmp_path):
    _, folder = written()
    assert str(tmp_path) not in (folder / "dataset.toml").read_text("utf-8")
    assert "Start diffusion-pipe in this folder" in (folder / "README.txt").read_text("utf-8")
