"""Captions with a kept head (policy hybrid): kohya is told of the separator, nobody else ever sees it."""

import json

import pytest

from troupe.models.formats import FORMATS
from troupe.models.formats.captions import without_separator
from troupe.models.formats.plan import plan_dataset, trainer_rows
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.trainerview import trainer_view
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

HEAD = "mirax, silver hair ||| running, park"


@pytest.fixture
def written(make_sample, tmp_path):
    def write(format, caption=HEAD):
        samples = SampleSet((make_sample(1, caption=caption),))
        plan = plan_dataset(samples, WriteSettings("mira", format=format))
        return write_dataset(plan, tmp_path / format).folder, trainer_view(plan)

    return write


def test_kohya_shuffles_behind_the_head_and_says_so(written):
    folder, view = written("kohya")
    general = (folder / "dataset.toml").read_text(encoding="utf-8").split("\n\n")[0]
    assert 'keep_tokens_separator = "|||"' in general and "shuffle_caption = true" in general
    assert "keep_tokens = 1" in general  # for captions that have no head
    assert '--keep_tokens_separator "|||"' in (folder / "README.txt").read_text(encoding="utf-8")
    assert '--keep_tokens_separator "|||"' in view


def test_without_a_head_nothing_is_shuffled(written):
    folder, view = written("kohya", "mirax, running")
    general = (folder / "dataset.toml").read_text(encoding="utf-8").split("\n\n")[0]
    assert "shuffle_caption = false" in general and "separator" not in general + view


def test_hugging_face_gets_plain_text(written):
    folder, _ = written("huggingface")
    row = json.loads((folder / "train" / "metadata.jsonl").read_text(encoding="utf-8"))
    assert row["text"] == "mirax, silver hair, running, park"


@pytest.mark.parametrize("format", ["musubi", "onetrainer", "ai-toolkit", "simpletuner", "diffusion-pipe", "comfyui"])
def test_caption_files_for_trainers_that_know_no_head_are_plain_text(written, format):
    folder, _ = written(format)
    (text,) = (folder / "train").rglob("*.txt")
    assert text.read_text(encoding="utf-8") == "mirax, silver hair, running, park"


@pytest.mark.parametrize(
    ("format", "kept", "rest"),
    [("kohya", "mirax, silver hair", "running, park"), ("huggingface", "mirax", "silver hair, running, park")],
)
def test_the_preview_shows_what_each_trainer_keeps_in_front(make_sample, format, kept, rest):
    samples = SampleSet((make_sample(1, caption=HEAD),))
    (row,) = trainer_rows(plan_dataset(samples, WriteSettings("mira", format=format)))
    assert (row.kept, row.caption) == (kept, rest)


@pytest.mark.parametrize("format", [f.id for f in FORMATS])
def test_a_head_is_not_taken_for_a_persons_edit_when_the_set_is_replaced(make_sample, tmp_path, format):
    samples = SampleSet((make_sample(1, caption=HEAD),))
    plan = plan_dataset(samples, WriteSettings("mira", format=format, mode="replace"))
    for _ in range(2):
        folder = write_dataset(plan, tmp_path / "out").folder
    (picture,) = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pictures"]
    assert (picture["caption"], picture["edited_in_folder"]) == (HEAD, False)


@pytest.mark.parametrize(
    ("text", "plain"), [("a ||| b", "a, b"), ("a, b ||| ", "a, b"), ("||| b", "b"), ("a | b", "a | b"), ("", "")]
)
def test_the_separator_leaves_no_trace(text, plain):
    assert without_separator(text) == plain
