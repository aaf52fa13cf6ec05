"""The compositing half over the API queue of a real host: the shipped workflow, and a training that is cancelled."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from support.compositing import Shelves
from troupe.models.compositing.groups.writing import NamedGroup, write_groups

WORKFLOW = Path(__file__).resolve().parents[1] / "workflows" / "composite_one_picture.api.json"
ROOT = Path(__file__).resolve().parents[2]


def facts(run, stage):
    """What the node of a stage wrote into /history, one entry for each time that it ran."""
    return [f for output in run.outputs.values() for f in output.get("troupe", []) if f["stage"] == stage]


def test_a_cut_out_finds_its_place_in_every_scene_and_nobody_gave_a_position(live_host):
    prompt = json.loads(WORKFLOW.read_text(encoding="utf-8"))
    run = live_host.run(prompt, timeout=300)
    assert run.ok, run.error
    scenes = sorted((ROOT / "assets" / "samples" / "scenes").glob("*.jpg"))
    saved = [i for o in run.outputs.values() for i in o.get("images", []) if i["type"] == "output"]
    made = [Image.open(io.BytesIO(live_host.view(item))) for item in saved]
    assert sorted(picture.size for picture in made) == sorted(Image.open(scene).size for scene in scenes)
    placed, composed = facts(run, "predict position"), facts(run, "composite")
    assert len(placed) == len(composed) == len(scenes)
    for where, what in zip(placed, composed, strict=True):
        assert 0 <= where["confidence"][0] <= 1 and what["boxes"] == [where["boxes"][0][:1]]


@pytest.fixture(scope="module")
def groups(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelves")
    write_groups(folder, [NamedGroup(f"shelf {i}", Shelves(8)[i]) for i in range(8)])
    return folder


@pytest.fixture(scope="module")
def whole(live_host, groups):
    """A training that nothing disturbed."""
    run = live_host.run(training(groups, "whole"), timeout=300)
    assert run.ok, run.error
    return run


def training(folder, name):
    return {
        "load": {
            "class_type": "TroupeLoadCompositeSamples",
            "inputs": {"folder": str(folder), "leak_warning": 0.0},
        },
        "train": {
            "class_type": "TroupeTrainCompositingModel",
            "inputs": {
                "groups": ["load", 0], "name": name, "preset": "tiny", "steps": 4, "batch_size": 2,
                "learning_rate": 4e-4, "seed": 0, "holdout": 0.2, "evaluate_every": 2, "position_first": 0.25,
                "position_weight": 1.0, "composition_weight": 1.0, "tolerance": 0.005, "precision": "float32",
                "schedule": "constant", "flip": 0.5, "crop": 0.5, "tint": 1.0, "base_checkpoint": "none",
            },
        },
    }  # fmt: skip


def test_a_cancelled_training_goes_on_and_ends_as_if_nothing_had_been(live_host, groups, whole):
    def cancel_in_the_third_step(event):
        if event["type"] == "progress_text" and event["data"]["text"].startswith("3 of 4"):
            live_host.interrupt()

    run = live_host.run(training(groups, "parts"), timeout=300, on_event=cancel_in_the_third_step)
    models = live_host.base / "models" / "troupe_compositing"
    assert not run.ok and not (models / "parts.safetensors").exists()
    again = live_host.run(training(groups, "parts"), timeout=300)
    (told,) = facts(again, "train compositing model")
    assert again.ok and told["steps"] == 4 and told["stopped"] == "step limit"
    parts, undisturbed = (load_file(models / f"{name}.safetensors") for name in ("parts", "whole"))
    assert parts.keys() == undisturbed.keys()
    assert all(torch.equal(parts[name], undisturbed[name]) for name in parts)


def test_a_trained_model_is_not_trained_again_until_it_is_deleted(live_host, groups, whole):
    model = live_host.base / "models" / "troupe_compositing" / "whole.safetensors"
    texts, steps = [], []

    def told(event):
        if event["type"] == "progress_text":
            texts.append(event["data"]["text"])

    first = live_host.run(training(groups, "whole"), timeout=300, on_event=told)  # it may have run other prompts since
    assert facts(first, "train compositing model")[0]["steps"] == 4
    assert not [text for text in texts if " of 4" in text]
    second = live_host.run(training(groups, "whole"), timeout=300, on_event=lambda event: steps.append(event["type"]))
    assert second.ok and "progress_text" not in steps
    model.unlink()
    assert live_host.run(training(groups, "whole"), timeout=300).ok and model.is_file()
