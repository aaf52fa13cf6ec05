"""Where models come from, and what is said of files that are no such model: every error names file and remedy."""

import json
import shutil
import sys

import pytest
import torch

from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
from troupe.models.captioning.openclip.clip import load
from troupe.models.captioning.openclip.sources import from_file, from_folder, from_hub, from_place
from troupe.models.captioning.openclip.summary import clip_report
from troupe.models.errors import TroupeError
from troupe.models.pixels import Picture

open_clip = pytest.importorskip("open_clip", reason="the package open_clip_torch is not installed")

from safetensors.torch import load_file, save_file  # noqa: E402

from support import tinyclip  # noqa: E402

FAMILIES = tinyclip.FAMILIES
PICTURE = Picture(torch.rand(40, 30, 3, generator=torch.Generator().manual_seed(0)))
WEIGHTS = "open_clip_model.safetensors"


@pytest.fixture
def tiny(tmp_path):
    return tinyclip.save_folder(tmp_path / "tiny", tinyclip.fresh_model(FAMILIES["CLIP"]), FAMILIES["CLIP"])


@pytest.fixture
def registered(tmp_path, monkeypatch):
    """The tiny architecture under a name, as open_clip's own are."""
    from open_clip import factory

    monkeypatch.setattr(factory, "_MODEL_CONFIGS", {**factory._MODEL_CONFIGS, "tiny-clip": FAMILIES["CLIP"]})
    return "tiny-clip"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """An empty cache of the hub."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def cached(hub, repository, folder):
    """Put a folder into the cache as the hub's client does."""
    place = hub / f"models--{repository.replace('/', '--')}"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("abc")
    shutil.copytree(folder, place / "snapshots" / "abc")


def fault(work, *arguments):
    with pytest.raises(TroupeError) as error:
        work(*arguments)
    assert error.value.remedy, "an error without a remedy"
    return str(error.value)


# What is there


@pytest.mark.parametrize("family", FAMILIES)
def test_a_folder_of_every_family_is_loaded(tmp_path, family):
    model = tinyclip.fresh_model(FAMILIES[family])
    clip = load(from_folder(tinyclip.save_folder(tmp_path / family, model, FAMILIES[family])))
    assert all(torch.equal(a, b) for a, b in zip(clip.model.parameters(), model.parameters(), strict=True))
    assert not clip.model.training and clip.side == (32, 32)
    assert (clip.bias is not None) == (family == "SigLIP") and clip.writes == (family == "CoCa")
    assert len(OpenCLIPCaptioner(clip).observe([PICTURE], ())) == 1
    assert family in clip_report(clip) and "32 x 32" in clip_report(clip)


def test_a_single_file_tells_its_architecture(tiny, registered):
    source = from_place(tiny / WEIGHTS)
    assert source.architecture == registered
    ours, theirs = (OpenCLIPCaptioner(load(s)).embed([PICTURE]) for s in (source, from_folder(tiny)))
    assert ours.shape == theirs.shape


def test_a_sidecar_tells_mean_and_deviation(tiny, registered):
    (tiny / "open_clip_model.json").write_text(json.dumps({"preprocess_cfg": tinyclip.PREPROCESS}))
    shutil.copy(tiny / "troupe_prompts.json", tiny / "open_clip_model.prompts.json")
    ours, theirs = load(from_file(tiny / WEIGHTS)), load(from_folder(tiny))
    assert ours.preprocess == theirs.preprocess and ours.prompts == theirs.prompts
    assert torch.equal(OpenCLIPCaptioner(ours).embed([PICTURE]), OpenCLIPCaptioner(theirs).embed([PICTURE]))


def test_the_hubs_cache_is_used_without_a_connection(tiny, hub, monkeypatch):
    cached(hub, "somebody/tiny", tiny)
    monkeypatch.setattr("socket.socket.connect", None)
    clip = load(from_hub("somebody/tiny"))
    assert clip.name == "somebody/tiny" and clip.prompts == load(from_folder(tiny)).prompts


def test_published_weights_in_the_cache(tiny, hub, registered, monkeypatch):
    from open_clip import pretrained

    published = {"tiny-clip": {"mine": {"hf_hub": "somebody/tiny/", "mean": (0.1,) * 3, "std": (1.0,) * 3}}}
    monkeypatch.setattr(pretrained, "_PRETRAINED", {**pretrained._PRETRAINED, **published})
    cached(hub, "somebody/tiny", tiny)
    assert load(from_hub(registered, "mine")).preprocess.mean == (0.1,) * 3
    assert "There are: mine" in fault(from_hub, registered, "yours")


def test_a_tokenizer_of_its_own_lies_in_the_folder(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = {w: i for i, w in enumerate(["[pad]", "[end]", "[unk]", "a", "character", "with", "red", "hair", "."])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[unk]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("$A [end]", special_tokens=[("[end]", 1)])
    config = {**FAMILIES["SigLIP"], "text_cfg": {**FAMILIES["SigLIP"]["text_cfg"], "hf_tokenizer_name": "some/words"}}
    folder = tinyclip.save_folder(tmp_path / "siglip", tinyclip.fresh_model(FAMILIES["SigLIP"]), config)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[pad]", eos_token="[end]", unk_token="[unk]"
    ).save_pretrained(folder)
    clip = load(from_folder(folder))
    assert clip.tokenize(["a character with red hair."])[0, :8].tolist() == [3, 4, 5, 6, 7, 8, 1, 0]
    assert not clip.writes and len(OpenCLIPCaptioner(clip).observe([PICTURE], ())) == 1


# What is not


def test_a_missing_package_comes_with_the_command(tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    for way in (lambda: from_folder(tiny), lambda: from_file(tiny / WEIGHTS), lambda: from_hub("ViT-B-32")):
        assert "pip install open_clip_torch" in fault(way)


def test_nothing_is_fetched_unless_it_is_allowed(hub, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", None)
    text = fault(from_hub, "ViT-B-32", "laion2b_s34b_b79k")
    assert "allow_download" in text and "about 0.6 GB" in text and "laion2B" in text
    assert "allow_download" in fault(from_hub, "somebody/else")
    assert "not the name of a repository: a/b/c" in fault(from_hub, "a/b/c")
    assert "knows no such architecture: (none typed)" in fault(from_hub, "")


def test_a_download_that_fails_says_so(hub, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "The download failed: somebody/else" in fault(from_hub, "somebody/else", "", True)


def test_a_missing_tokenizer(tmp_path, hub):
    config = {**FAMILIES["SigLIP"], "text_cfg": {**FAMILIES["SigLIP"]["text_cfg"], "hf_tokenizer_name": "some/words"}}
    folder = tinyclip.save_folder(tmp_path / "siglip", tinyclip.fresh_model(FAMILIES["SigLIP"]), config)
    text = fault(load, from_folder(folder))
    assert "tokenizer of this model is missing: siglip" in text and "some/words" in text


def foreign(name):
    return {name: torch.zeros(2, 2), "other": torch.zeros(1)}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("lora_unet_down_blocks_0.lora_down.weight", "a LoRA"),
        ("base_model.layers.0.lora_A.weight", "a LoRA"),
        ("model.diffusion_model.input_blocks.0.0.weight", "a Stable Diffusion checkpoint"),
        ("double_blocks.0.img_attn.qkv.weight", "a diffusion model"),
        ("first_stage_model.decoder.conv_in.weight", "a VAE"),
        ("vision_model.embeddings.class_embedding", "in the layout of transformers"),
        ("something.else", "not a model of open_clip"),
    ],
)
def test_other_models_are_told_apart(tmp_path, name, what):
    path = tmp_path / "wrong.safetensors"
    save_file(foreign(name), path)
    text = fault(from_file, path)
    assert what in text and "wrong.safetensors" in text and "Choose a CLIP" in text


def test_a_web_page_a_pointer_and_a_cut_off_file(tmp_path, tiny):
    page, pointer, cut = (tmp_path / f"{n}.safetensors" for n in ("page", "pointer", "cut"))
    page.write_text("\n<!DOCTYPE html><html><title>Sign in</title></html>")
    pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 605143316\n")
    cut.write_bytes((tiny / WEIGHTS).read_bytes()[:5000])
    assert "This is a web page, saved under the name of a model: page.safetensors" in fault(from_file, page)
    assert "This is a Git LFS pointer" in fault(from_file, pointer)
    assert "damaged or cut off: cut.safetensors" in fault(from_file, cut)
    (tiny / WEIGHTS).write_bytes(cut.read_bytes())
    assert "damaged or cut off" in fault(load, from_folder(tiny))


def test_pickles_are_not_opened(tmp_path, tiny):
    pickled = tmp_path / "model.bin"
    pickled.write_bytes(b"\x80\x02")
    assert "Only .safetensors files are loaded: model.bin" in fault(from_file, pickled)
    (tiny / WEIGHTS).rename(tiny / "open_clip_pytorch_model.bin")
    assert "holds no .safetensors file: tiny" in fault(from_folder, tiny)


def test_weights_of_another_architecture(tiny, registered):
    text = fault(load, from_file(tiny / WEIGHTS, "RN50"))
    assert "do not fit the architecture RN50" in text and "They fit tiny-clip" in text and WEIGHTS in text
    assert "The weights fit tiny-clip" in fault(from_file, tiny / WEIGHTS, "ViT-Z-99")


def test_weights_that_tell_no_architecture(tiny):
    assert "do not tell their architecture" in fault(from_file, tiny / WEIGHTS)


def test_values_that_are_not_numbers(tiny):
    weights = load_file(tiny / WEIGHTS)
    weights["visual.proj"][0, 0] = torch.nan
    save_file(weights, tiny / WEIGHTS)
    assert "values that are not numbers (visual.proj)" in fault(load, from_folder(tiny))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "open_clip_config.json cannot be read: tiny"),
        ("{", "open_clip_config.json cannot be read: tiny"),
        ("[]", "holds no JSON object"),
        ("{}", "describes no model: tiny"),
        ('{"model_cfg": {"embed_dim": 1, "vision_cfg": {"no": 1}, "text_cfg": {}}}', "gives no model: tiny"),
    ],
)
def test_faulty_configurations(tiny, text, what):
    config = tiny / "open_clip_config.json"
    config.unlink() if text is None else config.write_text(text)
    assert what in fault(lambda: load(from_folder(tiny)))


def test_an_absent_path(tmp_path):
    assert "no such file or folder: nowhere" in fault(from_place, tmp_path / "nowhere")
