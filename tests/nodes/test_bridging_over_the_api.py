"""The shipped workflows between formats and between samplers, in a real host."""

import json
from pathlib import Path

import pytest

from support.pictures import character_folder

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
SIDE = 260  # no multiple of 8, which is what a latent stands for


def shipped(name, folder):
    """A workflow on pictures that are there, and the inputs of its nodes by their title."""
    prompt = json.loads((WORKFLOWS / f"{name}.api.json").read_text(encoding="utf-8"))
    of = {node["_meta"]["title"]: node["inputs"] for node in prompt.values()}
    of["Load Sample Set"]["folder"] = str(folder)
    return prompt, of


def facts(run, stage):
    return [f for output in run.outputs.values() for f in output.get("troupe", []) if f["stage"] == stage]


def captions(folder):
    """Caption texts in the order of the pictures."""
    return [path.read_text(encoding="utf-8") for path in sorted((folder / "train").rglob("*.txt"))]


def test_a_kohya_set_becomes_one_for_musubi_with_the_same_words(live_host, tmp_path):
    folder = character_folder(tmp_path / "hero", count=4, side=SIDE)
    (folder / "front_stand_close-up_00.txt").write_text("a hero looks at me", encoding="utf-8")
    prompt, of = shipped("convert_lora_dataset", folder)
    of["Write for kohya"]["name"], of["Write for musubi-tuner"]["name"] = "there_kohya", "back_musubi"
    run = live_host.run(prompt)
    assert run.ok, run.error
    kohya, musubi = (Path(f["folder"]) for f in facts(run, "write"))
    if kohya.name != "there_kohya":
        kohya, musubi = musubi, kohya
    assert (kohya / "dataset.toml").is_file() and (musubi / "musubi.toml").is_file()
    assert len(captions(kohya)) == 4 and sorted(captions(kohya)) == sorted(captions(musubi))
    assert any("a hero looks at me" in caption for caption in captions(musubi))


@pytest.fixture
def checkpoint(live_host, tiny_checkpoint):
    there = live_host.base / "models" / "checkpoints" / tiny_checkpoint.name
    there.parent.mkdir(parents=True, exist_ok=True)
    if not there.exists():
        there.hardlink_to(tiny_checkpoint)
    return there.name


def test_any_sampler_graph_draws_each_picture_with_its_own_prompt_and_seed(live_host, checkpoint, tmp_path):
    prompt, of = shipped("restyle_with_any_sampler", character_folder(tmp_path / "hero", count=2, side=SIDE))
    of["Load Checkpoint"]["ckpt_name"] = checkpoint
    of["KSampler"] |= {"steps": 1, "cfg": 1.0}
    of["Check Structure"]["minimum_structure"] = 0.0  # random weights keep no pose
    run = live_host.run(prompt, timeout=300)
    assert run.ok, run.error
    (shown,) = facts(run, "preview")
    assert shown == {"stage": "preview", "view": "before and after", "samples": 2}
