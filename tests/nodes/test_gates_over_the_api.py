"""Restyle's retries in a real host: a random checkpoint loses every picture's structure, and each try is told."""

import json
import os
from pathlib import Path

import pytest

from support.pictures import character_folder

WORKFLOW = Path(__file__).resolve().parents[1] / "workflows" / "restyle_with_checkpoint.api.json"


@pytest.fixture(scope="module")
def host(live_host, tiny_checkpoint):
    there = live_host.base / "models" / "checkpoints" / tiny_checkpoint.name
    if not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True)
        os.link(tiny_checkpoint, there)
    return live_host


def workflow(folder, **restyle):
    prompt = json.loads(WORKFLOW.read_text(encoding="utf-8"))
    of = {node["class_type"]: node["inputs"] for node in prompt.values()}
    of["TroupeLoadSampleSet"] |= {"folder": str(folder), "layout": "one character"}
    of["CheckpointLoaderSimple"]["ckpt_name"] = "tiny.ckpt"
    of["TroupeSamplerStylizer"] |= {"steps": 2, "cfg": 1.0, "denoise": 0.6}
    of["TroupeRestyle"] |= restyle
    return prompt


def ran(host, prompt, on_event=lambda event: None):
    """Restyle's facts and its report."""
    run = host.run(prompt, timeout=300, on_event=on_event)
    assert run.ok, run.error
    ids = {node["class_type"]: name for name, node in prompt.items()}
    return run.outputs[ids["TroupeRestyle"]]["troupe"][0], run.outputs[ids["PreviewAny"]]["text"][0]


def test_each_try_is_told_and_none_is_drawn_twice(host, tmp_path):
    folder = character_folder(tmp_path / "hero", count=2, side=64)
    told = []

    def listen(event):
        if event["type"] == "progress_text":
            told.append(event["data"]["text"])

    facts, report = ran(host, workflow(folder, minimum_structure=1.0, retries=2), listen)
    assert facts["computed"] == 2 and facts["tries"] == [0]
    assert facts["refused"] == {"structure": 2, "features": 0} and facts["rejected"] == 2
    assert any(text.endswith(", another seed") for text in told)
    assert any(text.endswith(", denoise 0.48") for text in told)
    assert report.count("refused: lost its structure") == 6
    assert report.count("denoise 0.48: ") == 2  # in the reason of each dropped picture
    facts, _ = ran(host, workflow(folder, minimum_structure=1.0, retries=2, certainty=0.6))  # it has no say here
    assert facts["computed"] == 0
    facts, report = ran(host, workflow(folder, minimum_structure=1.0, retries=3))
    assert facts["computed"] == 2 and report.count("denoise 0.36") == 4
    # A lower limit judges what is there.
    facts, report = ran(host, workflow(folder, minimum_structure=0.0, retries=3))
    assert (facts["computed"], facts["tries"], facts["samples"]) == (0, [2], 2)


def test_a_captioner_on_the_wire_looks_at_every_picture(host, tmp_path):
    prompt = workflow(character_folder(tmp_path / "hero", count=2, side=64), minimum_structure=0.0, seed=1)
    captioner = next(name for name, node in prompt.items() if node["class_type"] == "TroupeMeasuredCaptioner")
    restyle = next(node for node in prompt.values() if node["class_type"] == "TroupeRestyle")
    restyle["inputs"] |= {"captioner": [captioner, 0], "certainty": 0.5}
    facts, report = ran(host, prompt)
    # Nobody said what is subject, so there is no shot to measure, and nothing is held against the pictures.
    assert (facts["computed"], facts["tries"]) == (2, [2])
    assert report.count("structure not checked; nothing to compare") == 2
