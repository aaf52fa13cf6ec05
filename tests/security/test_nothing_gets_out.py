"""The shipped workflows in a host that reaches this machine alone, at a person's who has a name: none of them calls
anybody, and none tells the name.

`guard/sitecustomize.py` hears every look-up and connection of the process, through Python's audit hook.
"""

import json
import os
from pathlib import Path

import pytest

from support import pipelines
from support.livehost import ComfyHost
from support.shipped import small_pictures, small_workflow, without_models

GUARD = Path(__file__).parent / "guard"
PERSON = "zaphod.beeblebrox"
WITH_MODELS = ("restyle_with_any_sampler", "restyle_with_checkpoint", "restyle_with_diffusers")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / PERSON
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def host(host_source, home, tiny_checkpoint):
    """Started as a person does: no HF_HUB_OFFLINE, a folder of their own, and pictures beside it."""
    own = {"HOME": home, "USERPROFILE": home, "USER": PERSON, "LOGNAME": PERSON, "USERNAME": PERSON}
    env = {**own, "HF_HUB_OFFLINE": "0", "PYTHONPATH": GUARD, "GUARD_LOG": home / "calls.jsonl"}
    host = ComfyHost(host_source, home / "ComfyUI", env={name: str(value) for name, value in env.items()})
    there = host.base / "models" / "checkpoints" / tiny_checkpoint.name
    there.parent.mkdir(parents=True)
    os.link(tiny_checkpoint, there)
    pipelines.save_pipeline("sd15", host.base / "models" / "diffusers" / "tiny", host_source.folder)
    yield host.start()
    host.stop()


@pytest.fixture(scope="module")
def pictures(host):
    """Below the input folder, because saved sets take no others."""
    return small_pictures(host.base / "input" / "private pictures")


@pytest.fixture
def calls(home):
    """What was tried in this test."""
    log = home / "calls.jsonl"
    log.touch()
    before = log.stat().st_size
    return lambda: [json.loads(line) for line in log.read_bytes()[before:].splitlines()]


@pytest.fixture(scope="module")
def told():
    """What the host printed while the workflows ran."""
    return []


@pytest.mark.parametrize("name", [*without_models(), *WITH_MODELS])
def test_a_shipped_workflow_calls_nobody(name, host, pictures, calls, told):
    before = len(host.log_text())
    run = host.run(with_tiny_models(small_workflow(name, pictures)), timeout=300)
    assert run.ok, run.error
    assert calls() == []
    told.append(host.log_text()[before:])


def with_tiny_models(prompt):
    for node in prompt.values():
        inputs = node["inputs"]
        if node["class_type"] == "CheckpointLoaderSimple":
            inputs["ckpt_name"] = "tiny.ckpt"
        elif node["class_type"] == "TroupeDiffusersStylizer":
            inputs |= {"model": "tiny", "steps": 2}
        elif node["class_type"] in ("KSampler", "TroupeSamplerStylizer"):
            inputs |= {"steps": 1}
        if "minimum_structure" in inputs:
            inputs["minimum_structure"] = 0.0  # random weights keep no pose
    return prompt


def captioner(allow):
    inputs = {"model": "(hub cache)", "architecture": "somebody/their-clip", "precision": "auto", "batch_size": 1}
    node = {"class_type": "TroupeOpenCLIPCaptioner", "inputs": inputs | {"strictness": 0.0, "allow_download": allow}}
    return {"clip": node, "told": {"class_type": "PreviewAny", "inputs": {"source": ["clip", 1]}}}


def test_a_missing_model_is_fetched_when_the_widget_says_so_and_only_then(host, calls):
    """And the guard would have heard of it."""
    pytest.importorskip("open_clip", reason="the package open_clip_torch is not installed")
    kept = host.run(captioner(allow=False))
    assert "allow_download" in kept.error["exception_message"] and calls() == []
    tried = host.run(captioner(allow=True))
    assert "The download failed" in tried.error["exception_message"]
    assert {call["host"] for call in calls()} == {"huggingface.co"}


def test_what_was_made_tells_nobodys_name(host, home, told):
    """Neither a folder of theirs, nor who they are on their machine; Save Image and Preview Image are the host's."""
    base = host.base
    made = [base / "output" / "datasets", base / "output" / "composite_samples", base / "user" / "troupe"]
    files = [p for folder in (*made, base / "models" / "troupe_compositing") for p in folder.rglob("*") if p.is_file()]
    assert {p.suffix for p in files} >= {".png", ".txt", ".json", ".toml", ".csv", ".safetensors"}
    assert len(files) > 50 and len(told) > 5
    telling = [str(p.relative_to(home)) for p in files if PERSON.encode() in p.read_bytes()]
    assert not telling
    assert PERSON not in "".join(told)
