"""OpenCLIP Captioner in the host: a trained model from the models folder describes a folder of pictures."""

import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from support import tinyclip

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def host(host_inprocess, trained_folder):
    host_inprocess.use_core_nodes("nodes_preview_any.py")
    shutil.copytree(trained_folder, host_inprocess.base / "models" / "open_clip" / "tiny")
    return host_inprocess


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "mira"
    folder.mkdir()
    facts = [f for f, _ in tinyclip.pictures(60, 99) if f["hair.colour"] in ("red", "green") and f["angle"] == "front"]
    for i, told in enumerate(facts[:4]):
        tinyclip.draw(told, tinyclip.Random(i), 96).save(folder / f"{i}_{told['hair.colour']}_{told['place']}.png")
    return folder


SETTINGS = {
    "model": "tiny",
    "architecture": "",
    "precision": "auto",
    "batch_size": 3,
    "strictness": 0.0,
    "allow_download": False,
}


def prompt(folder, **settings):
    load = {"folder": str(folder), "layout": "one character", "character": "mira", "background": "white"}
    return {
        "load": {"class_type": "TroupeLoadSampleSet", "inputs": {**load, "captions": "ignore"}},
        "eyes": {"class_type": "TroupeOpenCLIPCaptioner", "inputs": {**SETTINGS, **settings}},
        "describe": {
            "class_type": "TroupeDescribe",
            "inputs": {"samples": ["load", 0], "captioner": ["eyes", 0], "rewrite": "fill gaps"},
        },
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["describe", 1]}},
        "loaded": {"class_type": "PreviewAny", "inputs": {"source": ["eyes", 1]}},
    }


def test_a_set_is_described(host, pictures):
    result = host.execute(prompt(pictures))
    assert result.ok, result.error or result.node_errors
    assert result.outputs["describe"]["troupe"][0] == {"stage": "describe", "samples": 4, "rejected": 0}
    text = result.outputs["text"]["text"][0]
    assert "hair.colour" in text and "captioner 4" in text
    assert "asks 6 questions" in result.outputs["loaded"]["text"][0]


def test_it_looks_at_what_restyle_draws(host, pictures):
    """Flat colours on a figure leave view and shot as they were, and the gate says that it saw them."""
    styles = {"first_style": "gouache", "rules": "", "second_by": "none", "table": "", "own_styles": "", "previous": ""}
    colours = {"new_character": "keep the old colours", "colours": "", "colour_amount": 1.0, "strength": 1.0}
    gates = {"seed": 0, "minimum_structure": 0.0, "retries": 2, "captioner": ["eyes", 0], "certainty": 0.6}
    drawn = {
        **prompt(pictures),
        "styles": {"class_type": "TroupeMapStyles", "inputs": {"samples": ["describe", 0], **styles}},
        "who": {
            "class_type": "TroupePainterlyStylizer",
            "inputs": {**colours, "background_look": "same as subject"},
        },
        "restyle": {
            "class_type": "TroupeRestyle",
            "inputs": {"samples": ["styles", 0], "stylizer": ["who", 0], **gates},
        },
        "tries": {"class_type": "PreviewAny", "inputs": {"source": ["restyle", 2]}},
    }
    result = host.execute(drawn)
    assert result.ok, result.error or result.node_errors
    facts = result.outputs["restyle"]["troupe"][0]
    assert facts["computed"] == 4 and sum(facts["tries"]) + facts["refused"]["features"] == 4
    assert "from front" in result.outputs["tries"]["text"][0]


def test_the_shipped_workflow_runs(host, pictures):
    """Its twin for the API, with the model and the pictures that are here."""
    twin = json.loads((ROOT / "tests" / "workflows" / "describe_with_clip.api.json").read_text(encoding="utf-8"))
    inputs = {node["class_type"]: node["inputs"] for node in twin.values()}
    inputs["TroupeOpenCLIPCaptioner"].update(model="tiny", architecture="", tag="")
    inputs["TroupeLoadSampleSet"]["folder"] = str(pictures)
    result = host.execute(twin)
    assert result.ok, result.error or result.node_errors
    texts = [out["text"][0] for out in result.outputs.values() if "text" in out]
    assert any("architecture tiny" in text for text in texts) and any("hair.colour" in text for text in texts)


def test_without_its_model_the_shipped_workflow_says_what_to_do(host, monkeypatch, tmp_path):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    twin = json.loads((ROOT / "tests" / "workflows" / "describe_with_clip.api.json").read_text(encoding="utf-8"))
    result = host.execute(twin)
    assert not result.ok and "turn allow_download on once (about 0.6 GB)" in result.error["exception_message"]


def test_cancel_keeps_what_was_seen_and_the_next_run_goes_on(host, pictures, monkeypatch):
    import comfy.model_management as memory

    from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner

    looked, observe = [], OpenCLIPCaptioner.observe

    def looking(self, shown, samples):
        looked.extend(sample.id for sample in samples)
        if len(looked) == 1:
            memory.interrupt_current_processing()
        return observe(self, shown, samples)

    monkeypatch.setattr(OpenCLIPCaptioner, "observe", looking)
    settings = {"batch_size": 1, "strictness": 0.7}
    cancelled = host.execute(prompt(pictures, **settings))
    assert not cancelled.ok and cancelled.error is None and len(looked) == 1
    assert host.execute(prompt(pictures, **settings)).ok
    assert len(looked) == 4 and len(set(looked)) == 4
    assert host.execute(prompt(pictures, **settings)).ok and len(looked) == 4


def test_the_words_are_right(host, pictures):
    captioner = host.call("TroupeOpenCLIPCaptioner", **SETTINGS)[0]
    samples = host.call("TroupeLoadSampleSet", **prompt(pictures)["load"]["inputs"])[0]
    described = host.call("TroupeDescribe", samples=samples, captioner=captioner, rewrite="fill gaps")[0]
    right = [s.id.split("_")[1] in s.description.sentence for s in described.samples]
    assert sum(right) >= 3, [s.description.sentence for s in described.samples]


def test_the_host_can_free_the_memory_and_bring_it_back(host):
    """What "Unload Models" does: no loaded model is left, and the next picture loads it again."""
    import comfy.model_management as memory

    captioner = host.call("TroupeOpenCLIPCaptioner", **SETTINGS)[0]
    _, picture = tinyclip.pictures(1, 5)[0]
    from troupe.models.pixels import Picture, from_pillow

    shown = [Picture(from_pillow(picture))]
    before = captioner.observe(shown, ())
    assert any(loaded.model is captioner.at_hand._patcher for loaded in memory.current_loaded_models)
    memory.unload_all_models()
    assert not any(loaded.model is captioner.at_hand._patcher for loaded in memory.current_loaded_models)
    assert captioner.observe(shown, ()) == before


def test_choices_are_folders_files_hub_and_path(host, trained_folder):
    from troupe.nodes.backends.hosted_clip import HUB, PATH, model_names, model_place

    models = host.base / "models" / "open_clip"
    shutil.copy(trained_folder / "open_clip_model.safetensors", models / "bare.safetensors")
    import folder_paths

    folder_paths.filename_list_cache.clear()
    assert model_names() == ["tiny", "bare.safetensors", HUB, PATH]
    assert model_place("tiny", "") == models / "tiny" and model_place("bare.safetensors", "").is_file()
    assert model_place(HUB, "") is None and model_place(PATH, str(trained_folder)) == trained_folder


def test_a_changed_file_is_loaded_again(host):
    from troupe.nodes.backends.openclip_captioner import OpenCLIPCaptionerLoader

    folder = host.base / "models" / "open_clip" / "tiny"
    before = OpenCLIPCaptionerLoader.fingerprint_inputs(**SETTINGS)
    assert before == OpenCLIPCaptionerLoader.fingerprint_inputs(**SETTINGS)
    prompts = (folder / "troupe_prompts.json").read_text()
    (folder / "troupe_prompts.json").write_text(prompts + "\n")
    assert before != OpenCLIPCaptionerLoader.fingerprint_inputs(**SETTINGS)


def test_a_wrong_file_is_named_in_the_hosts_error(host, pictures, tmp_path):
    page = tmp_path / "page.safetensors"
    page.write_text("<!doctype html>")
    result = host.execute(prompt(pictures, model="(a path)", path=str(page)))
    assert not result.ok and "page.safetensors" in result.error["exception_message"]
    assert "download button" in result.error["exception_message"]


def test_a_missing_package_is_named_in_the_hosts_error(host, pictures, monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    result = host.execute(prompt(pictures, strictness=1.0))
    assert not result.ok and "pip install open_clip_torch" in result.error["exception_message"]


def test_precision_follows_the_device(host, monkeypatch):
    from troupe.nodes.backends import hosted_clip

    for fp16, bf16, chosen in ((True, True, "fp16"), (False, True, "bf16"), (False, False, "fp32")):
        host_says = SimpleNamespace(
            get_torch_device=lambda: None,
            should_use_fp16=lambda _, yes=fp16: yes,
            should_use_bf16=lambda _, yes=bf16: yes,
        )
        monkeypatch.setattr(hosted_clip.comfy, "model_management", host_says)
        assert hosted_clip.chosen_precision("auto") == chosen
    assert hosted_clip.chosen_precision("bf16") == "bf16"
