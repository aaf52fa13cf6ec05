"""The shipped workflow with the host's own Load CLIP and a random Qwen3-VL that it reads from a file: it runs, stops at
Cancel in the middle of an answer, and a wrong file is told in words."""

import json
import threading
import time
from pathlib import Path

import pytest
import torch
from PIL import Image

from support import tinywriter

ROOT = Path(__file__).resolve().parents[2]
FILE = "tiny_qwen3vl.safetensors"


@pytest.fixture(scope="module")
def host(host_inprocess):
    host_inprocess.use_core_nodes("nodes_preview_any.py")
    with pytest.MonkeyPatch.context() as patch:
        tinywriter.shrink(patch)
        tinywriter.save(host_inprocess.base / "models" / "text_encoders" / FILE)
        yield host_inprocess


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "mira"
    folder.mkdir()
    for n, name in enumerate(("front_run", "side_stand", "back_walk")):
        Image.new("RGB", (64, 64), (n * 80, 120, 160)).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def workflow(host, pictures):
    """`workflow(max_length=8)`: the twin for the API with the model and the pictures that are here."""

    def made(clip_name=FILE, **settings):
        import folder_paths

        folder_paths.filename_list_cache.clear()
        path = ROOT / "tests" / "workflows" / "describe_with_vision_language.api.json"
        twin = json.loads(path.read_text(encoding="utf-8"))
        inputs = {node["class_type"]: node["inputs"] for node in twin.values()}
        inputs["CLIPLoader"]["clip_name"] = clip_name
        inputs["TroupeLoadSampleSet"]["folder"] = str(pictures)
        inputs["TroupeVisionLanguageCaptioner"].update(
            {"max_length": 16, "attempts": 1, "longest_side": 64, **settings}
        )
        return twin

    return made


def report(result):
    texts = [out["text"][0] for out in result.outputs.values() if "text" in out]
    return next(text for text in texts if "pictures" in text)


def test_the_shipped_workflow_runs(host, workflow):
    """Random weights write nonsense, which is told for each picture, and costs none of them."""
    result = host.execute(workflow())
    assert result.ok, result.error or result.node_errors
    facts = [out["troupe"][0] for out in result.outputs.values() if "troupe" in out]
    assert {"stage": "describe", "samples": 3, "rejected": 0} in facts
    assert report(result).count("unanswered: ") == 3


def test_usable_answers_become_descriptions(host, workflow, monkeypatch):
    """The same way with the words put into its mouth that a trained model would find."""
    import comfy.sd

    said = iter(["A girl with silver hair is running in a park.", "1girl, silver hair, running, park"] * 3)
    monkeypatch.setattr(comfy.sd.CLIP, "decode", lambda self, ids, **rest: next(said))
    result = host.execute(workflow(seed=5))
    assert result.ok, result.error or result.node_errors
    assert "unanswered" not in report(result)
    texts = [out["text"][0] for out in result.outputs.values() if "text" in out]
    assert any("A girl with silver hair is running in a park." in text for text in texts)


def test_cancel_stops_in_the_middle_of_an_answer(host, workflow):
    """An answer of 4096 tokens takes many seconds."""
    import comfy.model_management as memory

    asked = []

    def cancel():
        asked.append(time.monotonic())
        memory.interrupt_current_processing()

    timer = threading.Timer(3.0, cancel)
    timer.start()
    result = host.execute(workflow(max_length=4096, seed=7))
    took = time.monotonic() - asked[0] if asked else None
    timer.cancel()
    assert not result.ok and result.error is None
    assert took is not None and took < 2


def test_what_was_answered_before_cancel_is_not_asked_again(host, workflow, monkeypatch):
    import comfy.model_management as memory

    from troupe.nodes.backends.hosted_writer import HostedWriter

    asked = []

    def answer(self, question, pixels, seed):
        asked.append(float(pixels.mean()))
        if len(asked) == 2:
            memory.interrupt_current_processing()
        return "A girl stands in the snow." if "sentence" in question.lower() else "1girl, snow, standing"

    monkeypatch.setattr(HostedWriter, "answer", answer)
    cancelled = host.execute(workflow(seed=11))
    assert not cancelled.ok and cancelled.error is None and len(asked) == 2
    assert host.execute(workflow(seed=11)).ok
    assert len(asked) == 6 and len(set(asked)) == 3  # two questions a picture, none of them twice


def test_the_host_can_free_the_memory_and_bring_it_back(host, workflow):
    import comfy.model_management as memory

    assert host.execute(workflow(seed=13)).ok
    assert memory.current_loaded_models
    memory.unload_all_models()
    assert not memory.current_loaded_models
    result = host.execute(workflow(seed=17))
    assert result.ok, result.error or result.node_errors


@pytest.fixture
def encoders(host):
    folder = host.base / "models" / "text_encoders"
    made = []

    def put(name, data):
        made.append(folder / name)
        made[-1].write_bytes(data)
        return name

    yield put
    for path in made:
        path.unlink(missing_ok=True)


def failure(host, prompt):
    result = host.execute(prompt)
    assert not result.ok and result.error, result.node_errors
    return result.error["exception_message"]


def test_a_web_page_saved_as_a_model_is_told(host, workflow, encoders):
    name = encoders("page.safetensors", b"<!doctype html><html><body>Not found</body></html>" * 20)
    message = failure(host, workflow(name))
    assert message.startswith("This is a web page, saved under the name of a model: page.safetensors.")
    assert "download button" in message


def test_half_a_model_is_told(host, workflow, encoders):
    whole = (host.base / "models" / "text_encoders" / FILE).read_bytes()
    message = failure(host, workflow(encoders("half.safetensors", whole[: len(whole) // 2])))
    assert message.startswith("This model file is damaged or cut off: half.safetensors. Download it again")


def test_files_further_up_are_looked_at_too(host, workflow, encoders):
    """With a LoRA between loader and captioner."""
    from troupe.models.errors import TroupeError
    from troupe.nodes.backends.upstream import require_whole_files

    prompt = workflow(encoders("page.safetensors", b"<html>" * 99))
    (loader,) = (key for key, node in prompt.items() if node["class_type"] == "CLIPLoader")
    prompt["lora"] = {"class_type": "LoraLoader", "inputs": {"clip": [loader, 0], "lora_name": "none.safetensors"}}
    prompt["asker"] = {"class_type": "TroupeVisionLanguageCaptioner", "inputs": {"clip": ["lora", 1]}}
    with pytest.raises(TroupeError, match=r"web page.*page\.safetensors"):
        require_whole_files(prompt, "asker", "clip")
    require_whole_files(workflow(), "asker", "clip")
    require_whole_files(None, None, "clip")


def test_a_model_of_another_kind_is_told_with_its_name(host, workflow, encoders):
    """A VAE among the text encoders: the host makes an empty CLIP of it, which cannot write."""
    from safetensors.torch import save

    vae = {"decoder.conv_in.weight": torch.zeros(4, 2, 3, 3), "decoder.conv_in.bias": torch.zeros(4)}
    message = failure(host, workflow(encoders("vae.safetensors", save(vae))))
    assert "This CLIP cannot write text" in message and "vae.safetensors" in message and "Qwen3-VL" in message


def test_a_lora_among_the_text_encoders_is_told_before_the_host_reads_it(host, workflow, encoders):
    from safetensors.torch import save

    lora = {"lora_unet_a.lora_up.weight": torch.zeros(4, 2), "lora_unet_a.lora_down.weight": torch.zeros(2, 4)}
    message = failure(host, workflow(encoders("lora.safetensors", save(lora))))
    assert "This is a LoRA, and a whole model is wanted" in message and "lora.safetensors" in message


def test_a_model_that_is_not_here_is_refused_before_anything_runs(host, workflow):
    result = host.execute(workflow("qwen3vl_4b_fp8_scaled.safetensors"))
    assert not result.ok and "clip_name" in json.dumps(result.node_errors)
