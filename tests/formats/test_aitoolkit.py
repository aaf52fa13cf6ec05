"""What ai-toolkit makes of the folder, by a second writing of its rules.

The rules are those of data_loader.py, dataloader_mixins.py and prompt_utils.py of ai-toolkit 27a03a9.
"""

import os

import pytest

from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet

yaml = pytest.importorskip("yaml")

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def clean_caption(text):
    text = text.replace("\n", ", ").replace("\r", ", ")
    return ", ".join(part.strip() for part in text.split(",") if part.strip())


def inject_trigger(caption, trigger):
    if not trigger:
        return caption
    caption = caption.replace("[trigger]", trigger)
    return caption if trigger in caption else f"{trigger} {caption}"


def ai_toolkit(folder):
    """Run in `folder`: picture -> (caption, repeats, mask)."""
    (process,) = yaml.safe_load((folder / "ai-toolkit.yaml").read_text(encoding="utf-8"))["config"]["process"]
    seen = {}
    for dataset in process["datasets"]:
        assert dataset["buckets"] and not dataset["is_reg"]
        for where, folders, files in os.walk(folder / dataset["folder_path"]):
            folders[:] = [f for f in folders if not f.startswith(".") and f != "_controls"]
            for file in files:
                stem, suffix = os.path.splitext(file)
                if suffix.lower() not in SUFFIXES or file.startswith("."):
                    continue
                with open(os.path.join(where, f"{stem}.{dataset['caption_ext']}"), encoding="utf-8") as text:
                    caption = inject_trigger(clean_caption(text.read()), process.get("trigger_word"))
                masks = (folder / dataset["mask_path"] / (stem + s) for s in SUFFIXES) if "mask_path" in dataset else ()
                mask = next((m for m in masks if m.exists()), None)
                seen[os.path.join(where, file)] = caption, dataset["num_repeats"], mask
    return seen, process


@pytest.fixture
def written(make_set, tmp_path):
    def write(**settings):
        samples = SampleSet((*make_set(3, masked=True).samples, *make_set(2, character="rob").samples))
        plan = plan_dataset(
            samples, WriteSettings("mira", "ai-toolkit", **{"resolution": 96, "repeats": 4, **settings})
        )
        return plan, write_dataset(plan, tmp_path / "out").folder

    return write


def test_the_trainer_sees_what_was_planned_and_no_mask_as_a_picture(written):
    plan, folder = written()
    wanted = {
        str(folder / p.files.picture): (p.caption.text, 4, folder / p.files.mask if p.files.mask else None)
        for p in plan.pictures
    }
    assert ai_toolkit(folder)[0] == wanted and len(wanted) == 5


def test_the_trigger_word_is_in_the_captions_and_nowhere_else(written):
    _, folder = written()
    seen, process = ai_toolkit(folder)
    assert "trigger_word" not in process and all("trigger_word" not in d for d in process["datasets"])
    assert all(caption.count("mirax") == 1 for caption, _, _ in seen.values())
    assert "Leave trigger_word out" in (folder / "README.txt").read_text("utf-8")


def test_nothing_is_shuffled_because_that_would_move_the_trigger_word(written):
    (first, _) = ai_toolkit(written()[1])[1]["datasets"]
    assert first["shuffle_tokens"] is False and first["caption_dropout_rate"] == 0.0


def test_settings_reach_the_job(written):
    _, process = ai_toolkit(written(batch_size=2, target_steps=700, keep_tokens=3)[1])
    assert process["train"] == {"batch_size": 2, "steps": 700}
    assert all(d["resolution"] == [96] and d["keep_tokens"] == 3 for d in process["datasets"])
    masked, plain = process["datasets"]
    assert masked["mask_min_value"] == 0.1 and "mask_path" not in plain


def test_paths_count_from_the_folder_itself(written, tmp_path):
    _, folder = written()
    assert str(tmp_path) not in (folder / "ai-toolkit.yaml").read_text("utf-8")
    assert "Start ai-toolkit in this folder" in (folder / "README.txt").read_text("utf-8")
