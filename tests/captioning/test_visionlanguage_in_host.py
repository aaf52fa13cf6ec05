"""The host's own Qwen3-VL, shrunk and with random weights, asked through the host: it truly sees and writes, if only
nonsense, so what is tested is the way there and back, and that nonsense is told as such."""

import pytest
import torch
from PIL import Image

from troupe.models.errors import TroupeError


@pytest.fixture(scope="module")
def host(host_inprocess):
    return host_inprocess


@pytest.fixture(scope="module")
def clip(host):
    """As Load CLIP makes it, in 1/500 of its size."""
    import comfy.sd
    from comfy.text_encoders import qwen3vl

    sizes = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 1}
    vision = {"hidden_size": 32, "intermediate_size": 32, "depth": 1, "deepstack_visual_indexes": [0]}

    class Target:
        params: dict = {}
        clip = qwen3vl.te(model_type="qwen3vl_4b")
        tokenizer = qwen3vl.tokenizer(model_type="qwen3vl_4b")

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(qwen3vl.QWEN3VL_VISION, "qwen3vl_4b", vision)
        patch.setitem(qwen3vl.QWEN3VL_VISION_COMMON, "num_heads", 2)
        options = {"qwen3vl_4b_model_config": {**sizes, "num_key_value_heads": 1}}
        made = comfy.sd.CLIP(Target, model_options=options)
    chance = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in made.cond_stage_model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=chance) * 0.1)
    return made


SETTINGS = {
    "wanted": "sentence",
    "hint": "",
    "max_length": 16,
    "attempts": 2,
    "longest_side": 64,
    "seed": 0,
}


def writer(clip):
    from troupe.nodes.backends.hosted_writer import HostedWriter

    return HostedWriter(clip, 16)


def pixels(seed=0):
    return torch.rand(64, 64, 3, generator=torch.Generator().manual_seed(seed))


def test_the_answer_is_that_of_generate_text(host, clip):
    """The host's own node, asked the same: the same words."""
    host.use_core_nodes("nodes_textgen.py")
    import nodes

    node = nodes.NODE_CLASS_MAPPINGS["TextGenerate"]
    theirs = host.call(node, clip=clip, prompt="What is it?", image=pixels()[None], max_length=16,
                       sampling_mode={"sampling_mode": "off"})[0]  # fmt: skip
    assert writer(clip).answer("What is it?", pixels(), None) == theirs and theirs


def test_the_picture_and_the_seed_are_seen(clip):
    write = writer(clip).answer
    assert write("?", pixels(0), None) != write("?", pixels(1), None)
    assert write("?", pixels(), 1) == write("?", pixels(), 1) != write("?", pixels(), 2)


def test_identity_names_the_weights(clip):
    before = writer(clip).identity
    assert writer(clip).identity == before
    parameter = next(clip.cond_stage_model.parameters())
    with torch.no_grad():
        parameter.view(-1)[0] += 1
        after = writer(clip).identity
        parameter.view(-1)[0] -= 1
    assert after != before


def test_nonsense_is_recorded_and_the_set_goes_on(host, clip, tmp_path):
    for name in ("front_run.png", "side_stand.png"):
        Image.new("RGB", (64, 64), "teal").save(tmp_path / name)
    load = {"folder": str(tmp_path), "layout": "one character", "character": "mira", "background": "white"}
    samples = host.call("TroupeLoadSampleSet", **load, captions="ignore")[0]
    captioner = host.call("TroupeVisionLanguageCaptioner", clip=clip, **SETTINGS)[0]
    described, report = host.call("TroupeDescribe", samples=samples, captioner=captioner, rewrite="fill gaps")
    assert len(described) == 2 and all(s.description.sentence for s in described.samples)
    assert report.count("unanswered: ") == 2 and "after 2 attempts" in report


def test_a_clip_that_cannot_write_is_told(host):
    class Encoder(torch.nn.Module):
        clip = "clip_l"
        clip_l = torch.nn.Module()

    from types import SimpleNamespace

    with pytest.raises(TroupeError, match="cannot write text.*Qwen3-VL"):
        host.call("TroupeVisionLanguageCaptioner", clip=SimpleNamespace(cond_stage_model=Encoder()), **SETTINGS)


def test_a_writer_that_does_not_look_is_told(clip, monkeypatch):
    """The same model without the picture among its tokens, as a language model leaves it out."""
    blind = clip.tokenize
    monkeypatch.setattr(clip, "tokenize", lambda text, image=None, **rest: blind(text, **rest))
    with pytest.raises(TroupeError, match="does not look at pictures"):
        writer(clip).answer("What is it?", pixels(), None)
