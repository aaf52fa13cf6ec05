"""The shipped workflows of all stylizers in a real host: progress, Cancel in a picture, resume, memory freed."""

import json
import os
import shutil
from pathlib import Path

import pytest

from support.pictures import character_folder

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
STEPS = 30


@pytest.fixture(scope="module")
def host(live_host, tiny_checkpoint):
    there = live_host.base / "models" / "checkpoints" / tiny_checkpoint.name
    if not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True)
        os.link(tiny_checkpoint, there)
    return live_host


def shipped(name, folder):
    """A workflow on pictures that are there, and the inputs of its nodes by their kind."""
    prompt = json.loads((WORKFLOWS / f"restyle_with_{name}.api.json").read_text(encoding="utf-8"))
    of = {node["class_type"]: node["inputs"] for node in prompt.values()}
    of["TroupeLoadSampleSet"] |= {"folder": str(folder), "layout": "one character"}
    of["TroupeRestyle"] |= {"minimum_structure": 0.0, "retries": 0}
    return prompt, of


def workflow(folder, **sampler):
    prompt, of = shipped("checkpoint", folder)
    of["CheckpointLoaderSimple"]["ckpt_name"] = "tiny.ckpt"
    of["TroupeSamplerStylizer"] |= {"steps": STEPS, "cfg": 1.0, **sampler}
    return prompt


def restyle_id(prompt):
    return next(name for name, node in prompt.items() if node["class_type"] == "TroupeRestyle")


def done(run, prompt):
    assert run.ok, run.error
    facts = run.outputs[restyle_id(prompt)]["troupe"][0]
    return facts["computed"], facts["reused"]


def cancelling_in_the_second_of_three(host, restyle):
    def cancel(event):
        second = event["type"] == "progress_text" and event["data"]["text"].startswith("2 of 3")
        if second and event["data"]["node"] == restyle:
            host.interrupt()

    return cancel


def free(host):
    """What "unload models" asks for, which the host does before the next run."""
    host.post("/free", {"unload_models": True, "free_memory": True})
    host.run({"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
              "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}})  # fmt: skip


def test_cancel_in_a_picture_keeps_the_finished_and_the_next_run_draws_the_rest(host, tmp_path):
    folder = character_folder(tmp_path / "hero", count=3, side=64)
    prompt = workflow(folder)
    restyle, steps = restyle_id(prompt), []
    interrupt = cancelling_in_the_second_of_three(host, restyle)

    def cancel_in_the_second(event):
        if event["type"] == "progress_state" and restyle in event["data"]["nodes"]:
            steps.append(event["data"]["nodes"][restyle])
        interrupt(event)

    cancelled = host.run(prompt, timeout=300, on_event=cancel_in_the_second)
    assert not cancelled.ok
    assert any(0 < state["value"] < state["max"] == STEPS for state in steps)  # the sampler's own steps
    assert done(host.run(prompt, timeout=300), prompt) == (2, 1)

    free(host)
    assert done(host.run(prompt, timeout=300), prompt) == (0, 3)
    other = workflow(folder, steps=2, denoise=0.7)
    assert done(host.run(other, timeout=300), other) == (3, 0)


def test_a_lora_where_a_checkpoint_is_wanted_stops_before_anything_is_drawn(host, tiny_checkpoint, tmp_path):
    from support import hostmodels

    hostmodels.lora(host.base / "models" / "checkpoints" / "a_lora.safetensors")
    prompt = workflow(character_folder(tmp_path / "hero", count=1, side=64))
    next(n for n in prompt.values() if n["class_type"] == "CheckpointLoaderSimple")["inputs"]["ckpt_name"] = (
        "a_lora.safetensors"
    )
    run = host.run(prompt, timeout=120)
    told = run.error["exception_message"]
    assert told.startswith("This is a LoRA, and a whole model is wanted: a_lora.safetensors. Choose the model that")


DAMAGED = {
    "page.safetensors": (b"<!doctype html><html></html>" * 99, "This is a web page, saved under the name of a model"),
    "half.safetensors": (b"\x10\x01\0\0\0\0\0\0{" + b" " * 90, "This model file is damaged or cut off"),
    "hero.safetensors": (None, "This is a LoRA, and a whole model is wanted"),
}


@pytest.mark.parametrize("file", DAMAGED)
@pytest.mark.parametrize(
    ("name", "loader", "widget", "kind"),
    [
        ("checkpoint", "CheckpointLoaderSimple", "ckpt_name", "checkpoints"),
        ("edit_model", "UNETLoader", "unet_name", "diffusion_models"),
        ("edit_model", "VAELoader", "vae_name", "vae"),
    ],
)
def test_a_damaged_file_is_named_before_the_host_reads_it(host, tmp_path, name, loader, widget, kind, file):
    from support import hostmodels

    data, told = DAMAGED[file]
    for folder in ("checkpoints", "diffusion_models", "vae"):
        (host.base / "models" / folder).mkdir(parents=True, exist_ok=True)
    place = host.base / "models" / kind / file
    place.write_bytes(data) if data else hostmodels.lora(place)
    prompt, of = shipped(name, character_folder(tmp_path / "hero", count=1, side=64))
    text = {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "tiny.ckpt"}}
    if name == "edit_model":
        prompt = {id: node for id, node in prompt.items() if node["class_type"] not in ("DualCLIPLoader", loader)}
        prompt |= {"text": text, "damaged": {"class_type": loader, "inputs": {**of[loader], widget: file}}}
        of["TroupeEditStylizer"] |= {"model": ["text", 0], "clip": ["text", 1], "vae": ["text", 2]}
        of["TroupeEditStylizer"]["vae" if kind == "vae" else "model"] = ["damaged", 0]
        prompt = {
            id: node
            for id, node in prompt.items()
            if node["class_type"] not in {"UNETLoader", "VAELoader"} or id == "damaged"
        }
    else:
        of[loader][widget] = file
    run = host.run(prompt, timeout=120)
    assert not run.ok and run.error["exception_message"].startswith(f"{told}: {file}.")


def test_an_edit_model_redraws_a_set_once_and_hears_cancel(host, tmp_path):
    from support import hostmodels

    hostmodels.edit_parts(tmp_path)
    for name, kind in (("tiny_flux", "diffusion_models"), ("tiny_vae", "vae")):
        (host.base / "models" / kind).mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / f"{name}.safetensors", host.base / "models" / kind)
    prompt, of = shipped("edit_model", character_folder(tmp_path / "hero", count=3, side=64))
    of["UNETLoader"]["unet_name"], of["VAELoader"]["vae_name"] = "tiny_flux.safetensors", "tiny_vae.safetensors"
    # No T5 is small enough; the tiny model reads what CLIP says.
    prompt |= {"text": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "tiny.ckpt"}}}
    of["TroupeEditStylizer"] |= {"clip": ["text", 1], "steps": 2, "size": "as it is"}
    prompt = {name: node for name, node in prompt.items() if node["class_type"] != "DualCLIPLoader"}
    cancel = cancelling_in_the_second_of_three(host, restyle_id(prompt))
    assert not host.run(prompt, timeout=300, on_event=cancel).ok
    free(host)
    assert done(host.run(prompt, timeout=300), prompt) == (2, 1)
    of["TroupeRestyle"]["retries"] = 1
    assert done(host.run(prompt, timeout=300), prompt) == (0, 3)


def test_a_pipeline_redraws_a_set_once_and_hears_cancel(host, tmp_path):
    from support import pipelines

    pipelines.save_pipeline("sd15", host.base / "models" / "diffusers" / "tiny-sd15", host.process.host.folder)
    prompt, of = shipped("diffusers", character_folder(tmp_path / "hero", count=3, side=64))
    of["TroupeDiffusersStylizer"] |= {"model": "tiny-sd15", "steps": STEPS, "guidance": 1.0}
    cancel = cancelling_in_the_second_of_three(host, restyle_id(prompt))
    assert not host.run(prompt, timeout=300, on_event=cancel).ok
    assert done(host.run(prompt, timeout=300), prompt) == (2, 1)


def test_a_folder_without_an_index_is_told_over_the_api(host, tmp_path):
    (host.base / "models" / "diffusers" / "empty").mkdir(parents=True, exist_ok=True)
    prompt, of = shipped("diffusers", character_folder(tmp_path / "hero", count=1, side=64))
    of["TroupeDiffusersStylizer"]["model"] = "empty"
    run = host.run(prompt, timeout=120)
    assert not run.ok and "no model_index.json: empty" in run.error["exception_message"]
