"""Captions with a kept head (policy hybrid): kohya is told of the separator, nobody else ever sees it."""

import json

import pytest

from troupe.models.formats.captions import without_separator
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.trainerview import trainer_view
from troupe.models.formats.write import write_dataset

HEAD = "mirax, silver hair ||| running, park"


@pytest.fixture
def written(make_sample, tmp_path):
    from troupe.models.samples.sample import SampleSet

    def write(format, caption=HEAD):
        samples = SampleSet((make_sample(1, caption=caption),))
        plan = plan_dataset(samples, WriteSettings("mira", format=format))
        return write_dataset(plan, tmp_path / format).folder, trainer_view(plan)

    return write


def test_kohya_shuffles_behind_the_head_and_says_so(written):
    folder, view = written("kohya")
    general = (folder / "dataset.toml").read_text(encoding="utf-8").split("\n\n")[0]
    assert 'keep_tokens_separator = "|||"' in general and "shuffle_caption = true" in general
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


@pytest.mark.parametrize(
    ("text", "plain"), [("a ||| b", "a, b"), ("a, b ||| ", "a, b"), ("||| b", "b"), ("a | b", "a | b"), ("", "")]
)
def test_the_separator_leaves_no_trace(text, plain):
    assert without_separator(text) == plain
