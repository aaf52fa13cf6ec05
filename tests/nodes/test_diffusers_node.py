"""Diffusers Stylizer as a node: its lists, the host's memory and Cancel, a set in a graph, wrong files."""

import shutil

import pytest
import torch

from support import pipelines
from support.pictures import character_folder
from troupe.models.errors import TroupeError

NODE = "TroupeDiffusersStylizer"
WIDGETS = {
    "positive": "", "negative": "", "steps": 4, "guidance": 3.0, "strength": 0.5, "scheduler": "the pipeline's own",
    "change": "whole picture", "precision": "auto",
}  # fmt: skip


@pytest.fixture(scope="module")
def host(host_inprocess):
    folder = host_inprocess.base / "models" / "diffusers" / "tiny-sd15"
    pipelines.save_pipeline("sd15", folder, host_inprocess.folder)
    pipelines.save_lora(made(host_inprocess, "loras") / "pipeline_lora.safetensors", folder)
    pipelines.save_control_net(made(host_inprocess, "controlnet") / "tiny-control", folder)
    return host_inprocess


def made(host, name):
    folder = host.base / "models" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def stylizer(host, **widgets):
    return host.call(NODE, model="tiny-sd15", **{**WIDGETS, **widgets}).args[0]


def choices(host, name):
    return next(i for i in host.nodes[NODE].GET_SCHEMA().inputs if i.id == name).options


def prompt(folder, **widgets):
    load = {"folder": str(folder), "layout": "one character", "character": "hero", "background": "white"}
    style = {"first_style": "anime_cel", "rules": "", "second_by": "angle", "table": ""}
    restyle = {"seed": 3, "minimum_structure": 0.0, "retries": 0}
    return {
        "load": node("TroupeLoadSampleSet", **load, captions="as written"),
        "map": node("TroupeMapStyles", samples=["load", 0], **style),
        "stylizer": node(NODE, model="tiny-sd15", **{**WIDGETS, **widgets}),
        "restyle": node("TroupeRestyle", samples=["map", 0], stylizer=["stylizer", 0], **restyle),
        "look": node("PreviewImage", images=["restyle", 1]),
    }


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def test_what_lies_in_the_hosts_folders_can_be_chosen(host, tiny_checkpoint):
    assert "tiny-sd15" in choices(host, "model") and tiny_checkpoint.name not in choices(host, "model")
    assert {"none", "tiny-control", "tiny-sd15"} <= set(choices(host, "control_net"))
    assert choices(host, "config")[0] == "none"


def test_widgets_reach_the_stylizer(host):
    loaded = stylizer(
        host, loras="pipeline_lora.safetensors = 0.5", control_net="tiny-control", control_strength=0.3,
        control_sees="the picture as it is", vae_tiling=True, config="tiny-sd15", change="character only",
    )  # fmt: skip
    assert loaded.files.loras[0].file.name == "pipeline_lora.safetensors" and loaded.files.loras[0].weight == 0.5
    assert loaded.files.control_net.name == "tiny-control" and loaded.files.config.name == "tiny-sd15"
    settings = loaded.settings
    assert (settings.control_scale, settings.control_sees) == (0.3, "the picture as it is")
    assert (settings.steps, settings.guidance, settings.strength) == (4, 3.0, 0.5)
    assert settings.vae_tiling and settings.region == "character only" and settings.precision == "float32"


def test_a_set_is_drawn_once_and_a_changed_pipeline_is_seen(host, tmp_path):
    folder = character_folder(tmp_path / "hero", count=3, side=64)
    drawn = [host.execute(prompt(folder)) for _ in range(2)]
    for result, expected in zip(drawn, ((3, 0), (0, 3)), strict=True):
        assert result.ok, result.error or result.node_errors
        facts = result.outputs["restyle"]["troupe"][0]
        assert (facts["computed"], facts["reused"]) == expected
    scheduler = host.base / "models" / "diffusers" / "tiny-sd15" / "scheduler" / "scheduler_config.json"
    before = host.nodes[NODE].fingerprint_inputs(model="tiny-sd15", **WIDGETS)
    text = scheduler.read_text(encoding="utf-8")
    scheduler.write_text(text.replace("0.012", "0.013"), encoding="utf-8")
    assert host.nodes[NODE].fingerprint_inputs(model="tiny-sd15", **WIDGETS) != before
    scheduler.write_text(text, encoding="utf-8")


def test_the_hosts_memory_management_has_its_networks(host):
    import comfy.model_management

    from troupe.models.pixels import Picture
    from troupe.models.restyling.protocol import Request
    from troupe.models.samples.sample import ImageFile, Sample, StylePair, SubStyle

    style = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing"))
    shown = Picture(torch.rand(64, 64, 3, generator=torch.Generator().manual_seed(0)))
    request = Request(shown, Sample("a/p", "a", ImageFile("p", "d", 64, 64), style=style), style, 1)
    prepared = stylizer(host).prepare([])
    first = prepared.restyle(request)
    held = [m.model.model for m in comfy.model_management.current_loaded_models]
    assert any(isinstance(m, torch.nn.ModuleDict) and {"unet", "vae"} <= set(m.keys()) for m in held)
    comfy.model_management.unload_all_models()
    assert torch.equal(prepared.restyle(request), first)


def test_cancel_is_heard_at_a_step(host):
    import comfy.model_management

    from troupe.nodes.backends.diffusing import on_step

    on_step(1, 4)
    comfy.model_management.interrupt_current_processing()
    with pytest.raises(comfy.model_management.InterruptProcessingException):
        on_step(2, 4)


def test_wrong_files_stop_the_node_before_anything_is_drawn(host):
    folder = host.base / "models" / "diffusers"
    (folder / "not-a-pipeline").mkdir(exist_ok=True)
    broken = shutil.copytree(folder / "tiny-sd15", folder / "broken", dirs_exist_ok=True)
    (broken / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"<html>Log in</html>")
    for model, words in (
        ("not-a-pipeline", "no model_index.json: not-a-pipeline"),
        ("broken", "web page, saved under the name of a model: diffusion_pytorch_model.safetensors"),
        ("none", "no pipeline to draw with.*models/diffusers"),
    ):
        with pytest.raises(TroupeError, match=words):
            host.call(NODE, model=model, **WIDGETS)
    with pytest.raises(TroupeError, match="no such LoRA: gone.safetensors"):
        stylizer(host, loras="gone.safetensors")
    shutil.rmtree(broken)
