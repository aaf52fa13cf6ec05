"""The shipped workflow of edit pairs in a real host: consistency looked at, pairs written, outliers dropped."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.pictures import character_folder

WORKFLOW = Path(__file__).resolve().parents[1] / "workflows" / "write_edit_pairs.api.json"

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "samples"
MIRA = (
    "mira_front_stand_full_01",
    "mira_three-quarter_stand_full_smile_02",
    "mira_side_stand_full_03",
    "mira_front_wave_full_smile_05",
    "mira_side_walk_full_07",
    "mira_three-quarter_run_full_determined_09",
    "mira_front_jump_full_laugh_11",
    "mira_three-quarter_jump_full_surprised_12",
)


@pytest.fixture
def prompt(tmp_path):
    """The workflow on six small pictures of one figure, and the inputs of its nodes by their kind."""
    made = json.loads(WORKFLOW.read_text(encoding="utf-8"))
    of = {node["class_type"]: node["inputs"] for node in made.values()}
    folder = character_folder(tmp_path / "hero", count=6)
    of["TroupeLoadSampleSet"] |= {"folder": str(folder), "layout": "one character", "character": "hero"}
    return made, of, folder


def facts(run, stage):
    return next(f for output in run.outputs.values() for f in output.get("troupe", []) if f["stage"] == stage)


def test_the_workflow_writes_pairs_that_lie_over_each_other(live_host, prompt):
    made, of, _ = prompt
    of["TroupeWriteEditPairs"] |= {"name": "hero pairs", "instruction": "hero style: {style}", "resolution": 128}
    run = live_host.run(made, timeout=300)
    assert run.ok, run.error
    assert facts(run, "check consistency")["samples"] == 6
    folder = Path(facts(run, "write")["folder"])
    assert facts(run, "write")["samples"] == 6 and folder.is_relative_to(live_host.output)
    config = (folder / "ai-toolkit.yaml").read_text(encoding="utf-8")
    assert "control_path: control/hero" in config and "folder_path: images/hero" in config
    redrawn = sorted((folder / "images" / "hero").glob("*.png"))
    assert [p.name for p in redrawn] == [p.name for p in sorted((folder / "control" / "hero").glob("*.png"))]
    for path in redrawn:
        told = path.with_suffix(".txt").read_text(encoding="utf-8")
        assert told.startswith("hero style: Redraw this image as a watercolour painting")
        picture, control = (
            np.asarray(Image.open(p).convert("L"), float) for p in (path, folder / "control" / "hero" / path.name)
        )
        assert picture.shape == control.shape == (128, 128)
        assert np.corrcoef(picture.ravel(), control.ravel())[0, 1] > 0.7
    texts = [text for output in run.outputs.values() for text in output.get("text", [])]
    assert any(text.startswith("Compared by colours, texture") for text in texts)
    assert any("6 edit pairs with instructions, as ai-toolkit" in text for text in texts)

    again = live_host.run(made, timeout=300)
    assert again.ok and len(list(folder.parent.glob("hero pairs*"))) == 1


def small_copy(name, folder, called):
    """A sample picture and its mask at 256 pixels."""
    source = next((ASSETS / name.partition("_")[0]).glob(f"{name}.*"))
    for path, target in (
        (source, folder / f"{called}.png"),
        (source.parent / "masks" / f"{name}.png", folder / "masks" / f"{called}.png"),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(path) as image:
            image.thumbnail((256, 256))
            image.save(target)


def test_another_character_is_named_and_dropped_and_adjust_can_ask_for_likeness(live_host, prompt, tmp_path):
    made, of, _ = prompt
    folder = tmp_path / "mira"
    for name in MIRA:
        small_copy(name, folder, name)
    small_copy("bram_front_wave_full_laugh_05", folder, "front_wave_full_99")
    of["TroupeLoadSampleSet"] |= {"folder": str(folder), "character": "mira"}
    of["TroupeCheckConsistency"]["mode"] = "reject outliers"
    of["TroupeWriteEditPairs"]["dry_run"] = True
    check = next(name for name, node in made.items() if node["class_type"] == "TroupeCheckConsistency")
    wishes = "likeness_minimum = 0.2\nnear_duplicate_distance = -1"
    made["adjust"] = {
        "class_type": "TroupeAdjust",
        "inputs": {"samples": [check, 0], "preset": "my wishes only", "wishes": wishes},
    }
    made["kept"] = {"class_type": "PreviewAny", "inputs": {"source": ["adjust", 1]}}
    run = live_host.run(made, timeout=300)
    assert run.ok, run.error
    assert facts(run, "check consistency")["outliers"] == 1
    assert any(
        "! front_wave_full_99: unlike the character" in t for o in run.outputs.values() for t in o.get("text", [])
    )
    assert run.outputs["kept"]["text"][0].startswith("Kept 8 of 8 pictures")


def test_a_set_that_was_never_redrawn_is_told_what_is_missing(live_host, prompt):
    made, of, _ = prompt
    describe = next(name for name, node in made.items() if node["class_type"] == "TroupeDescribe")
    of["TroupeWriteEditPairs"]["samples"] = [describe, 0]
    run = live_host.run(made, timeout=300)
    assert not run.ok and "an edit pair needs Restyle, or Set Images" in run.error["exception_message"]
