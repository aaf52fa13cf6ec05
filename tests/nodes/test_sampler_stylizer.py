"""Sampler Stylizer beside the host's own nodes: the same picture to the bit, and what it adds to them."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from support.pictures import character_folder
from troupe.models.errors import TroupeError
from troupe.models.pixels import Picture
from troupe.models.restyling.fitting import padded
from troupe.models.restyling.protocol import Request
from troupe.models.restyling.region import BACKGROUND, CHARACTER
from troupe.models.samples.sample import Description, ImageFile, Sample, StylePair, SubStyle

STYLE = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing", "photo"))
PROMPT, NEGATIVE, SEED = "ink drawing, A girl in the rain", "photo", 7


def picture(height=48, width=64):
    rgb = torch.rand(height, width, 3, generator=torch.Generator().manual_seed(height))
    mask = torch.zeros(height, width)
    mask[16:32, 16:48] = 1
    return Picture(rgb, mask)


def request(shown, style=STYLE, seed=SEED):
    image = ImageFile("p", "d", shown.rgb.shape[1], shown.rgb.shape[0])
    sample = Sample("mira/p", "mira", image, description=Description("A girl in the rain."), style=style)
    return Request(shown, sample, style, seed)


@pytest.fixture
def stylizer(tiny_sampler):
    return tiny_sampler


@pytest.fixture(scope="module")
def control(tiny_control_net):
    import nodes
    from troupe.nodes.backends.control import Control

    return Control(nodes.ControlNetLoader().load_controlnet(tiny_control_net.name)[0])


def drawn(stylizer, shown, **about):
    return stylizer.prepare([]).restyle(request(shown, **about))


def by_core_nodes(stylizer, shown, denoise=0.6, control=None, hint=None):
    """What the same settings give on the host's own nodes."""
    import nodes

    with torch.inference_mode():
        positive, negative = (nodes.CLIPTextEncode().encode(stylizer.clip, t)[0] for t in (PROMPT, NEGATIVE))
        if control:
            apply = nodes.ControlNetApplyAdvanced().apply_controlnet
            positive, negative = apply(positive, negative, control, hint, 1.0, 0.0, 1.0)
        latent = nodes.VAEEncode().encode(stylizer.vae, shown.rgb.unsqueeze(0))[0]
        sample = nodes.KSampler().sample
        latent = sample(stylizer.model, SEED, 2, 2.0, "euler", "normal", positive, negative, latent, denoise)[0]
        return nodes.VAEDecode().decode(stylizer.vae, latent)[0][0]


def test_the_picture_is_the_hosts_own_to_the_bit(stylizer):
    ours, theirs = drawn(stylizer, picture()), by_core_nodes(stylizer, picture())
    assert torch.equal(ours, theirs) and ours.std() > 0.02


def test_with_a_control_net_too(stylizer, control):
    from comfy_extras.nodes_canny import Canny

    shown = picture()
    with torch.inference_mode():
        hint = Canny.execute(shown.rgb.unsqueeze(0), 0.4, 0.8).args[0]
    theirs = by_core_nodes(stylizer, shown, control=control.net, hint=hint)
    ours = drawn(replace(stylizer, control=control), shown)
    assert torch.equal(ours, theirs) and not torch.equal(ours, drawn(stylizer, shown))


@pytest.fixture(scope="module")
def reference(host_inprocess):
    """A random style model of Redux's kind, and a picture as CLIP's eye gives it out."""
    import comfy.clip_vision
    import comfy.ldm.flux.redux
    import comfy.sd

    from support.hostmodels import filled
    from troupe.nodes.backends.reference import Reference

    network = comfy.ldm.flux.redux.ReduxImageEncoder(redux_dim=32, txt_in_features=768)
    chance = torch.Generator().manual_seed(6)
    network.load_state_dict(filled(network, chance, 1.0))
    seen = comfy.clip_vision.Output()
    seen.last_hidden_state = torch.randn(1, 4, 32, generator=chance)
    return Reference(comfy.sd.StyleModel(network), seen)


def test_a_reference_is_applied_as_the_host_does(stylizer, reference):
    import nodes

    referred = replace(stylizer, reference=reference)
    with torch.inference_mode():
        told = stylizer.encoded(PROMPT)
        apply = nodes.StyleModelApply().apply_stylemodel
        theirs = apply(told, reference.style_model, reference.seen, 1.0, "multiply")[0]
        assert torch.equal(reference.applied(told)[0][0], theirs[0][0])
    assert not torch.equal(drawn(referred, picture()), drawn(stylizer, picture()))
    weaker = replace(referred, reference=replace(reference, strength=0.2))
    assert not torch.equal(drawn(weaker, picture()), drawn(referred, picture()))
    assert len({s.identity for s in (stylizer, referred, weaker)}) == 3


def test_half_a_reference_is_told(reference):
    from troupe.nodes.backends.reference import reference_of

    assert reference_of(None, None, 1.0) is None
    with pytest.raises(TroupeError, match="CLIP vision output is wired and no style model"):
        reference_of(None, reference.seen, 1.0)
    with pytest.raises(TroupeError, match="style model is wired and no picture"):
        reference_of(reference.style_model, None, 1.0)


def test_the_styles_strength_scales_denoise(stylizer):
    weak = StylePair(replace(STYLE.first, strength=0.5))
    strong = replace(stylizer, settings=replace(stylizer.settings, denoise=0.8))
    assert torch.equal(drawn(strong, picture(), style=weak), by_core_nodes(stylizer, picture(), denoise=0.4))


@pytest.mark.parametrize(("height", "width"), [(41, 53), (48, 57), (9, 64)])
def test_any_size_comes_back_as_it_was_and_in_its_place(height, width, stylizer):
    import nodes

    shown = picture(height, width)
    still = drawn(replace(stylizer, settings=replace(stylizer.settings, denoise=0.0)), shown)
    with torch.inference_mode():
        canvas = padded(shown.rgb, 8).unsqueeze(0)
        latent = nodes.VAEEncode().encode(stylizer.vae, canvas)[0]
        through = nodes.VAEDecode().decode(stylizer.vae, latent)[0][0]
    assert still.shape == shown.rgb.shape and torch.equal(still, through[:height, :width])


@pytest.mark.parametrize(("region", "kept"), [(CHARACTER, 0), (BACKGROUND, 1)])
def test_what_must_not_change_keeps_its_pixels(region, kept, stylizer):
    shown = picture()
    changed = drawn(replace(stylizer, settings=replace(stylizer.settings, region=region)), shown)
    same = (changed == shown.rgb).all(-1)
    assert same[shown.mask == kept].all()
    assert not same[shown.mask == 1 - kept].any()


def test_the_sampler_sees_the_kept_part_unchanged(stylizer):
    """With a noise mask the drawn part fits the rest: it is not simply cut out of a whole new picture."""
    shown = picture()
    part = drawn(replace(stylizer, settings=replace(stylizer.settings, region=CHARACTER)), shown)
    whole = drawn(stylizer, shown)
    assert not torch.equal(part[shown.mask == 1], whole[shown.mask == 1])


def test_a_picture_without_a_mask_says_so(stylizer):
    bare = Picture(picture().rgb)
    with pytest.raises(TroupeError, match="no mask.*character only: mira/p.*Set Masks"):
        drawn(replace(stylizer, settings=replace(stylizer.settings, region=CHARACTER)), bare)


SETTINGS = {
    "steps": 3, "cfg": 4.0, "sampler": "euler_ancestral", "scheduler": "karras", "denoise": 0.9, "region": BACKGROUND,
    "positive": "masterpiece", "negative": "blurry",
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_changes_picture_and_key(name, stylizer):
    other = replace(stylizer, settings=replace(stylizer.settings, **{name: SETTINGS[name]}))
    assert other.identity != stylizer.identity
    assert not torch.equal(drawn(other, picture()), drawn(stylizer, picture()))


def smooth():
    """Edges of all strengths: a step, and slopes that are found at some thresholds only."""
    ramp = torch.linspace(0, 1, 64) ** 3
    rgb = ramp.expand(48, 64).clone()
    rgb[20:40, 10:30] += 0.35
    rgb[8:14, 30:60] -= 0.1
    return Picture(rgb.clamp(0, 1).unsqueeze(-1).repeat(1, 1, 3))


CONTROL = {"strength": 0.5, "start": 0.6, "end": 0.4, "looks_at": "the picture as it is", "low": 0.05, "high": 0.95}


@pytest.mark.parametrize("name", CONTROL)
def test_every_control_setting_changes_picture_and_key(name, stylizer, control):
    base = replace(stylizer, control=replace(control, high=0.5) if name == "low" else control)
    other = replace(base, control=replace(base.control, **{name: CONTROL[name]}))
    assert other.identity != base.identity
    assert not torch.equal(drawn(other, smooth()), drawn(base, smooth()))


def test_seed_decides_and_nothing_else_does(stylizer):
    first = drawn(stylizer, picture())
    assert not torch.equal(drawn(stylizer, picture(), seed=8), first)
    torch.manual_seed(1)
    assert torch.equal(drawn(stylizer, picture()), first)


def test_each_distinct_prompt_is_encoded_once(stylizer):
    fresh, runs = replace(stylizer), []
    encoder = stylizer.clip.cond_stage_model.clip_l
    hook = encoder.register_forward_hook(lambda *_: runs.append(1))
    try:
        for seed in range(3):
            drawn(fresh, picture(), seed=seed)
        assert len(runs) == 2  # positive and negative
        drawn(fresh, picture(), style=StylePair(replace(STYLE.first, prompt="oil painting")))
        assert len(runs) == 3
    finally:
        hook.remove()


def test_the_cue_is_the_prompt(stylizer):
    told = json.loads(stylizer.prepare([]).cue(request(picture()).sample))
    assert told == {"positive": PROMPT, "negative": NEGATIVE}


def test_it_draws_the_same_after_models_were_unloaded(stylizer):
    import comfy.model_management

    first = drawn(stylizer, picture())
    comfy.model_management.unload_all_models()
    assert comfy.model_management.current_loaded_models == []
    assert torch.equal(drawn(stylizer, picture()), first)


def test_missing_and_foreign_parts_are_told_at_once(stylizer, host_inprocess):
    from troupe.nodes.backends.hosted import require_parts

    with pytest.raises(TroupeError, match="no CLIP in it.*choose another checkpoint"):
        require_parts(stylizer.model, None, stylizer.vae)

    import comfy.sd
    import comfy.taesd.taesd

    from support.hostmodels import filled

    other = filled(comfy.taesd.taesd.TAESD(latent_channels=16), torch.Generator().manual_seed(0), 1.0)
    other["vae_scale"], other["vae_shift"] = torch.ones(()), torch.zeros(())
    vae = comfy.sd.VAE(sd=other)
    with pytest.raises(TroupeError, match="16 channels and the model wants 4.*belongs to the model"):
        require_parts(stylizer.model, stylizer.clip, vae)


@pytest.fixture(scope="module")
def host(host_inprocess, tiny_checkpoint):
    host_inprocess.use_core_nodes("nodes_mask.py")
    return host_inprocess


def prompt(folder, name, **settings):
    """Restyle, and beside it the host's own nodes on the lists of Sample Set to Images."""
    sampler = {"steps": 2, "cfg": 2.0, "sampler_name": "euler", "scheduler": "normal", "denoise": 0.5, **settings}
    load = {"folder": str(folder), "layout": "one character", "character": "hero", "background": "white"}
    style = {"first_style": "anime_cel", "rules": "", "second_by": "angle", "table": ""}
    return {
        "load": node("TroupeLoadSampleSet", **load, captions="as written"),
        "map": node("TroupeMapStyles", samples=["load", 0], **style),
        "checkpoint": node("CheckpointLoaderSimple", ckpt_name="tiny.ckpt"),
        "stylizer": node(
            "TroupeSamplerStylizer", model=["checkpoint", 0], clip=["checkpoint", 1], vae=["checkpoint", 2],
            positive="", negative="", change="whole picture", **sampler,
        ),
        "restyle": node(
            "TroupeRestyle", samples=["map", 0], stylizer=["stylizer", 0], seed=3, minimum_structure=0.0, retries=0
        ),
        "ours": node("TroupeSampleSetToImages", samples=["restyle", 0], longest_side=0, seed=3),
        "save ours": node("SaveImage", images=["ours", 0], filename_prefix=f"{name}/ours"),
        "open": node("TroupeSampleSetToImages", samples=["map", 0], longest_side=0, seed=3),
        "positive": node("CLIPTextEncode", text=["open", 3], clip=["checkpoint", 1]),
        "negative": node("CLIPTextEncode", text=["open", 4], clip=["checkpoint", 1]),
        "encode": node("VAEEncode", pixels=["open", 0], vae=["checkpoint", 2]),
        "sample": node(
            "KSampler", model=["checkpoint", 0], seed=["open", 6], positive=["positive", 0], negative=["negative", 0],
            latent_image=["encode", 0], **sampler,
        ),
        "decode": node("VAEDecode", samples=["sample", 0], vae=["checkpoint", 2]),
        "set": node("TroupeSetImages", samples=["map", 0], images=["decode", 0]),
        "theirs": node("TroupeSampleSetToImages", samples=["set", 0], longest_side=0, seed=3),
        "save theirs": node("SaveImage", images=["theirs", 0], filename_prefix=f"{name}/theirs"),
    }  # fmt: skip


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def facts(result):
    assert result.ok, result.error or result.node_errors
    return {k: result.outputs["restyle"]["troupe"][0][k] for k in ("computed", "reused", "rejected")}


def test_a_set_in_a_graph_equals_the_hosts_graph_and_is_drawn_once(host, tmp_path):
    folder = character_folder(tmp_path / "hero", count=3, side=64)
    first = host.execute(prompt(folder, "whole"))
    assert facts(first) == {"computed": 3, "reused": 0, "rejected": 0}
    ours, theirs = (saved(host, first, f"save {who}") for who in ("ours", "theirs"))
    assert len(ours) == 3
    for a, b in zip(ours, theirs, strict=True):
        assert np.array_equal(a, b) and a.std() > 3
    # Another executor knows nothing and loads the checkpoint anew; the store knows.
    assert facts(host.execute(prompt(folder, "whole"))) == {"computed": 0, "reused": 3, "rejected": 0}
    assert facts(host.execute(prompt(folder, "whole", denoise=0.6)))["computed"] == 3


def saved(host, result, name):
    folder = host.base / "output"
    items = [folder / i["subfolder"] / i["filename"] for i in result.outputs[name]["images"]]
    return [np.array(Image.open(io.BytesIO(path.read_bytes()))) for path in items]
