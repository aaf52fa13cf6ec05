"""The shipped workflow in a real host, on a tiny checkpoint: pictures become a LoRA, and the LoRA a picture."""

import io
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from support.pictures import character_folder

WORKFLOW = Path(__file__).resolve().parents[1] / "workflows" / "train_a_lora.api.json"
STEPS = 3
SHAPES = ((512, 256), (256, 512), (384, 384), (512, 512))


@pytest.fixture(scope="module")
def host(live_host, tiny_checkpoint):
    there = live_host.base / "models" / "checkpoints" / tiny_checkpoint.name
    if not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True)
        os.link(tiny_checkpoint, there)
    return live_host


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = character_folder(tmp_path_factory.mktemp("lora") / "hero", count=len(SHAPES), side=512)
    for shape, file in zip(SHAPES, sorted(folder.iterdir()), strict=True):
        Image.open(file).crop((0, 0, *shape)).save(file, quality=92)
    return folder


class Shipped:
    """The API twin with other files, sizes and steps; `inputs[title]` are those of a node, `id[title]` its name."""

    def __init__(self, folder, name="emberkn_comfyui", steps=STEPS):
        self.prompt = json.loads(WORKFLOW.read_text(encoding="utf-8"))
        self.id = {node["_meta"]["title"]: key for key, node in self.prompt.items()}
        self.inputs = {node["_meta"]["title"]: node["inputs"] for node in self.prompt.values()}
        self.inputs["Load Sample Set"] |= {"folder": str(folder), "layout": "one character"}
        self.inputs["Write LoRA Dataset"] |= {"name": name, "resolution": 96, "target_steps": 80}
        self.inputs["Load Checkpoint"]["ckpt_name"] = "tiny.ckpt"
        # Processors without bfloat16 take ten times as long for it. Few steps, hence long ones.
        self.inputs["Train LoRA"] |= {"steps": steps, "training_dtype": "fp32", "learning_rate": 5e-3}
        self.inputs["Save LoRA Weights"]["prefix"] = f"loras/{name}"
        self.inputs["Picture size"] |= {"width": 64, "height": 64}
        for node in self.prompt.values():
            if node["class_type"] == "KSampler":
                node["inputs"]["steps"] = 2

    def look_at(self, **sources):
        """Show what is on wires: `name=(title, slot)`; pictures where the name says so, else text."""
        for name, (title, slot) in sources.items():
            kind, socket = ("PreviewImage", "images") if "pictures" in name else ("PreviewAny", "source")
            self.prompt[name] = {"class_type": kind, "inputs": {socket: [self.id[title], slot]}}
        return self

    def drawn(self, run, host, name):
        """The picture that this preview shows, (H, W, 3)."""
        return pixels(host, run.outputs[self.id[name]]["images"][0])


def pixels(host, item):
    return np.array(Image.open(io.BytesIO(host.view(item))).convert("RGB"))


def saved(host, name):
    return sorted((host.output / "loras").glob(f"{name}_*.safetensors"))


@pytest.fixture(scope="module")
def trained(host, pictures):
    """(workflow, run) of the shipped workflow, with a look at what the training was given and gave."""
    workflow = Shipped(pictures).look_at(
        losses=("Train LoRA", 1),
        steps=("Train LoRA", 2),
        prompt=("The trigger word, then what to draw", 0),
        captions=("Sample Set to Images", 2),
        pictures=("Sample Set to Images", 0),
    )
    run = host.run(workflow.prompt, timeout=600)
    assert run.ok, run.error
    return workflow, run


def test_the_lora_is_written_and_every_matrix_has_learnt(host, trained):
    (file,) = saved(host, "emberkn_comfyui")
    assert file.name == f"emberkn_comfyui_{STEPS}_steps_00001_.safetensors"
    weights = load_file(file)
    ups = [w for name, w in weights.items() if name.endswith("lora_up.weight")]
    assert len(ups) > 30 and all(w.abs().max() > 0 for w in ups)  # they begin as zeros
    assert all(torch.isfinite(w).all() for w in weights.values())
    choices = host.get("/object_info/LoraLoader")["LoraLoader"]["input"]["required"]["lora_name"][0]
    assert file.name in choices


def test_there_is_a_loss_for_every_step_and_a_curve(host, trained):
    workflow, run = trained
    losses = json.loads(run.outputs["losses"]["text"][0])["loss"]
    assert len(losses) == STEPS and np.isfinite(losses).all() and min(losses) > 0
    assert run.outputs["steps"]["text"] == [str(STEPS)]
    assert len(run.outputs[workflow.id["Plot Loss Graph"]]["images"]) == 1


def test_the_training_was_given_what_is_in_the_folder(host, trained):
    """Pictures to the bit, of several sizes, each with the caption that lies beside it."""
    _, run = trained
    files = sorted((host.output / "datasets" / "emberkn_comfyui" / "train").rglob("*.png"))
    given = [pixels(host, item) for item in run.outputs["pictures"]["images"]]
    assert len(given) == len(files) == len(SHAPES) and len({p.shape for p in given}) == 3
    for file, picture in zip(files, given, strict=True):
        assert np.array_equal(np.array(Image.open(file)), picture), file.name
    assert run.outputs["captions"]["text"] == [f.with_suffix(".txt").read_text("utf-8").strip() for f in files]


def test_the_preview_is_asked_for_by_the_trigger_and_shows_the_lora(host, trained, pictures):
    workflow, run = trained
    assert run.outputs["prompt"]["text"] == ["emberkn, 1girl, front view, upper body, smile, beach"]
    without, with_it = (workflow.drawn(run, host, f"{name} the LoRA") for name in ("Without", "With"))
    assert not np.array_equal(without, with_it)

    without_it = Shipped(pictures)
    without_it.inputs["Load LoRA Model"]["strength_model"] = 0.0
    again = host.run(without_it.prompt, timeout=120)
    assert np.array_equal(without_it.drawn(again, host, "With the LoRA"), without)


def test_with_the_lora_the_model_knows_the_training_pictures_better(host, trained, host_inprocess, tiny_parts):
    """The same noise on every picture of the folder, taken away without and with the saved file."""
    import comfy.sd
    from comfy_extras.nodes_dataset import MakeTrainingDataset

    model, clip, vae = tiny_parts
    weights = load_file(saved(host, "emberkn_comfyui")[0])
    files = sorted((host.output / "datasets" / "emberkn_comfyui" / "train").rglob("*.png"))
    pictures = [torch.from_numpy(np.array(Image.open(f))).float()[None] / 255 for f in files]
    texts = [f.with_suffix(".txt").read_text("utf-8").strip() for f in files]
    encoded = host_inprocess.call(MakeTrainingDataset, images=pictures, vae=[vae], clip=[clip], texts=texts).args
    with torch.inference_mode():
        bare = denoising_errors(model, *encoded)
        taught = denoising_errors(comfy.sd.load_lora_for_models(model, None, weights, 1.0, 0.0)[0], *encoded)
    assert len(bare) == len(SHAPES) and (taught < 0.95 * bare).all(), taught / bare


def denoising_errors(model, latents, conditionings, percent=0.5):
    """Mean squared error of the denoised latent, picture by picture; the noise is always the same."""
    from comfy.samplers import CFGGuider, Sampler

    class OneLook(Sampler):
        def sample(self, predict, sigmas, extra_args, callback, noise, latent_image, *_):
            seen = predict(latent_image + noise * sigmas[0], sigmas[:1], **extra_args)
            self.error = (seen - latent_image).square().mean().item()
            return latent_image

    errors, chance = [], torch.Generator().manual_seed(1)
    sigma = model.get_model_object("model_sampling").percent_to_sigma(percent)
    for latent, conditioning in zip(latents, conditionings, strict=True):
        guider, look = CFGGuider(model), OneLook()
        guider.set_conds(conditioning, conditioning)
        guider.set_cfg(1.0)
        noise = torch.randn(latent["samples"].shape, generator=chance)
        guider.sample(noise, latent["samples"], look, torch.tensor([sigma, 0.0]))
        errors.append(look.error)
    return np.array(errors)


def test_the_saved_file_draws_what_the_trained_one_drew(host, trained, pictures):
    workflow, run = trained
    later = Shipped(pictures)
    later.prompt[later.id["Load LoRA Model"]] = {
        "class_type": "LoraLoaderModelOnly",
        "inputs": {
            "model": later.inputs["Load LoRA Model"]["model"],
            "lora_name": saved(host, "emberkn_comfyui")[0].name,
            "strength_model": 1.0,
        },
    }
    again = host.run(later.prompt, timeout=120)
    assert again.ok, again.error
    assert np.array_equal(later.drawn(again, host, "With the LoRA"), workflow.drawn(run, host, "With the LoRA"))


def test_captions_that_were_changed_in_the_folder_are_read_again(host, trained):
    """Files that are no pictures are left out, and the report says which."""
    folder = host.base / "changed"
    shutil.copytree(host.output / "datasets" / "emberkn_comfyui", folder)
    first, second, third, _ = sorted(folder.rglob("*.png"))
    first.with_suffix(".txt").write_text("emberkn, my own words", "utf-8")
    second.write_bytes(b"<!DOCTYPE html><html><body>Please log in</body></html>")
    third.write_bytes(third.read_bytes()[:200])
    workflow = Shipped("unused").look_at(captions=("Sample Set to Images", 2))
    workflow.inputs["Load LoRA Dataset"]["folder"] = str(folder)
    wanted = {"Load LoRA Dataset", "Sample Set to Images", "What is trained on"}
    prompt = {workflow.id[title]: workflow.prompt[workflow.id[title]] for title in wanted}
    run = host.run({**prompt, "captions": workflow.prompt["captions"]})
    assert run.ok, run.error
    assert len(run.outputs["captions"]["text"]) == 2
    assert run.outputs["captions"]["text"][0] == "emberkn, my own words"
    (report,) = run.outputs[workflow.id["What is trained on"]]["text"]
    assert "left out: 2" in report


def test_the_hosts_own_loader_trains_on_the_written_folder(host, trained):
    """As its README says: moved into the input folder; every picture as often as its repeats say."""
    shutil.copytree(host.output / "datasets" / "emberkn_comfyui", host.input / "moved")
    workflow = Shipped("unused", name="hosts_own", steps=2)
    wanted = {"Load Checkpoint", "Make Training Dataset", "Train LoRA", "Save LoRA Weights"}
    prompt = {workflow.id[title]: workflow.prompt[workflow.id[title]] for title in wanted}
    read = {"class_type": "LoadImageTextDataSetFromFolder", "inputs": {"folder": "moved/train"}}
    workflow.inputs["Make Training Dataset"] |= {"images": ["read", 0], "texts": ["read", 1]}
    seen = {"class_type": "PreviewAny", "inputs": {"source": ["read", 1]}}
    run = host.run({**prompt, "read": read, "seen": seen}, timeout=600)
    assert run.ok, run.error
    texts = [f.read_text("utf-8").strip() for f in (host.input / "moved" / "train").rglob("*.txt")]
    assert sorted(run.outputs["seen"]["text"]) == sorted(2 * texts) and len(texts) == len(SHAPES)
    assert len(saved(host, "hosts_own")) == 1


@pytest.mark.parametrize("wrong", ["a LoRA", "a web page", "half a file"])
def test_a_wrong_checkpoint_stops_the_run_at_its_loader(host, trained, pictures, wrong):
    """The loader is the host's, and so is what it says; docs/training.md tells what its words mean."""
    lora = saved(host, "emberkn_comfyui")[0].read_bytes()
    contents = {"a LoRA": lora, "a web page": b"<!DOCTYPE html><html></html>" * 99, "half a file": lora[:99_000]}
    (host.base / "models" / "checkpoints" / f"{wrong}.safetensors").write_bytes(contents[wrong])
    workflow = Shipped(pictures, name="wrong")
    workflow.inputs["Load Checkpoint"]["ckpt_name"] = f"{wrong}.safetensors"
    run = host.run(workflow.prompt, timeout=120)
    assert not run.ok and run.error["node_id"] == workflow.id["Load Checkpoint"]
    said = {"a LoRA": "a LoRA.safetensors", "a web page": "header too large", "half a file": "not fully covered"}
    assert said[wrong] in run.error["exception_message"]
    assert not saved(host, "wrong")


def test_cancel_is_heard_in_the_training_and_leaves_no_file(host, pictures):
    workflow, steps = Shipped(pictures, name="cancelled", steps=500), []
    train = workflow.id["Train LoRA"]

    def cancel_at_the_second_step(event):
        if event["type"] == "progress" and event["data"]["node"] == train:
            steps.append(event["data"]["value"])
            if len(steps) == 2:
                host.interrupt()

    run = host.run(workflow.prompt, timeout=600, on_event=cancel_at_the_second_step)
    assert not run.ok and run.error["node_id"] == train and "exception_type" not in run.error
    assert len(steps) < 50 and not saved(host, "cancelled")
    assert host.run(Shipped(pictures, name="after").prompt, timeout=600).ok
    assert len(saved(host, "after")) == 1


def test_a_saved_lora_is_trained_on(host, trained, pictures):
    """With next to no learning rate, what comes out is what went in; the file's name counts all steps."""
    before = saved(host, "emberkn_comfyui")[0]
    workflow = Shipped(pictures, name="longer", steps=2)
    workflow.inputs["Train LoRA"] |= {"existing_lora": before.name, "learning_rate": 1e-7}
    run = host.run(workflow.prompt, timeout=600)
    assert run.ok, run.error
    (after,) = saved(host, "longer")
    assert after.name.startswith(f"longer_{STEPS + 2}_steps_")
    old, new = load_file(before), load_file(after)
    ups = [name for name in old if name.endswith("lora_up.weight")]
    assert max((old[name] - new[name]).abs().max().item() for name in ups) < 1e-5
