"""Diffusers Stylizer beside the bare pipeline, on pipelines as small as a stamp, saved and read by path."""

import json
import shutil
from dataclasses import replace

import pytest
import torch

from support import pipelines
from troupe.models.errors import TroupeError
from troupe.models.pixels import Picture
from troupe.models.restyling.controlling import AS_IT_IS
from troupe.models.restyling.diffusing.loading import load_pipeline
from troupe.models.restyling.diffusing.settings import DrawingSettings, Files, Lora, read_loras
from troupe.models.restyling.diffusing.stylizer import DiffusersStylizer
from troupe.models.restyling.protocol import Request
from troupe.models.restyling.region import CHARACTER
from troupe.models.samples.sample import Description, ImageFile, Sample, StylePair, SubStyle

STYLE = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing", "photo", "Redraw it in ink."))
PROMPT, NEGATIVE, SEED = "ink drawing, A girl in the rain", "photo", 7
SETTINGS = DrawingSettings(steps=4, guidance=3.0, strength=0.6)


@pytest.fixture
def stylizer(tiny_pipeline):
    return tiny_pipeline


@pytest.fixture(scope="session")
def controlled(pipeline_folder, tmp_path_factory):
    net = pipelines.save_control_net(tmp_path_factory.mktemp("control") / "net", pipeline_folder("sd15"))
    return DiffusersStylizer(Files(pipeline_folder("sd15"), control_net=net), SETTINGS)


@pytest.fixture(scope="session")
def lora(pipeline_folder, tmp_path_factory):
    return pipelines.save_lora(tmp_path_factory.mktemp("loras") / "hero.safetensors", pipeline_folder("sd15"))


def picture(height=48, width=64):
    """Smooth, with a few edges: a square and a bar on a ramp."""
    ramp = torch.linspace(0.2, 0.8, width).expand(height, width).clone()
    ramp[height // 4 : height // 2, width // 4 : width // 2] = 1.0
    ramp[-8:-4] = 0.0
    mask = torch.zeros(height, width)
    mask[8:24, 8:40] = 1
    return Picture(torch.stack([ramp, 1 - ramp, ramp * ramp], -1), mask)


def request(shown, style=STYLE, seed=SEED):
    image = ImageFile("p", "d", shown.rgb.shape[1], shown.rgb.shape[0])
    sample = Sample("mira/p", "mira", image, description=Description("A girl in the rain."), style=style)
    return Request(shown, sample, style, seed)


def drawn(stylizer, shown, **about):
    return stylizer.prepare([]).restyle(request(shown, **about))


def bare(folder, shown, prompt=PROMPT, **more):
    """The same on diffusers alone."""
    from diffusers import AutoPipelineForImage2Image

    pipeline = AutoPipelineForImage2Image.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    pipeline.set_progress_bar_config(disable=True)
    told = {"image": shown.rgb.permute(2, 0, 1)[None], "generator": torch.Generator().manual_seed(SEED), **more}
    told |= {"num_inference_steps": 4, "guidance_scale": 3.0, "output_type": "pt"}
    with torch.inference_mode():
        return pipeline(prompt=prompt, negative_prompt=NEGATIVE, **told).images[0].permute(1, 2, 0)


@pytest.mark.parametrize("kind", ["sd15", "sdxl", "flux"])
def test_the_picture_is_that_of_the_bare_pipeline_to_the_bit(kind, pipeline_folder):
    size = {"height": 48, "width": 64} if kind == "flux" else {}
    ours = drawn(DiffusersStylizer(Files(pipeline_folder(kind)), SETTINGS), picture())
    assert torch.equal(ours, bare(pipeline_folder(kind), picture(), strength=0.6, **size)) and ours.std() > 0.01


def test_an_edit_pipeline_is_instructed_and_keeps_the_size(pipeline_folder):
    editor = DiffusersStylizer(Files(pipeline_folder("kontext")), replace(SETTINGS, strength=0.0))
    own = {"height": 48, "width": 64, "max_area": 48 * 64, "_auto_resize": False}
    ours = drawn(editor, picture())
    assert torch.equal(ours, bare(pipeline_folder("kontext"), picture(), prompt="Redraw it in ink.", **own))
    assert drawn(editor, picture(41, 53)).shape == (41, 53, 3)


def test_a_control_net_makes_it_another_pipeline(controlled, stylizer):
    assert "ControlNetImg2Img" in type(controlled.pipeline).__name__
    assert not torch.equal(drawn(controlled, picture()), drawn(stylizer, picture()))


@pytest.mark.parametrize(("height", "width"), [(41, 53), (48, 57)])
def test_any_size_comes_back_as_it_was(height, width, stylizer):
    assert drawn(stylizer, picture(height, width)).shape == (height, width, 3)


CHANGED = {
    "steps": 6, "guidance": 6.0, "strength": 0.9, "scheduler": "Euler ancestral", "region": CHARACTER,
    "positive": "masterpiece", "negative": "blurry", "precision": "bfloat16",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_every_setting_changes_picture_and_key(name, stylizer):
    other = replace(stylizer, settings=replace(SETTINGS, **{name: CHANGED[name]}))
    assert other.prepare([]).identity + other.prepare([]).cue(request(picture()).sample) != (
        stylizer.prepare([]).identity + stylizer.prepare([]).cue(request(picture()).sample)
    )
    assert not torch.equal(drawn(other, picture()), drawn(stylizer, picture()))


@pytest.mark.parametrize(("name", "value"), [("control_scale", 0.2), ("control_sees", AS_IT_IS)])
def test_every_control_setting_changes_picture_and_key(name, value, controlled):
    other = replace(controlled, settings=replace(SETTINGS, **{name: value}))
    assert other.identity != controlled.identity
    assert not torch.equal(drawn(other, picture()), drawn(controlled, picture()))


def test_tiles_are_switched_on(pipeline_folder):
    assert load_pipeline(Files(pipeline_folder("sd15")), replace(SETTINGS, vae_tiling=True)).vae.use_tiling
    assert not load_pipeline(Files(pipeline_folder("sd15")), SETTINGS).vae.use_tiling


def test_loras_count_with_their_weights(pipeline_folder, lora, stylizer):
    ones = [DiffusersStylizer(Files(pipeline_folder("sd15"), loras=(Lora(lora, w),)), SETTINGS) for w in (1.0, 0.5)]
    pictures = [drawn(each, picture()) for each in (stylizer, *ones)]
    assert len({each.identity for each in (stylizer, *ones)}) == 3
    assert not any(torch.equal(a, b) for a, b in zip(pictures, pictures[1:], strict=False))
    silent = DiffusersStylizer(Files(pipeline_folder("sd15"), loras=(Lora(lora, 0.0),)), SETTINGS)
    assert torch.allclose(drawn(silent, picture()), pictures[0], atol=1e-5)


def test_what_must_not_change_keeps_its_pixels(stylizer):
    shown = picture()
    changed = drawn(replace(stylizer, settings=replace(SETTINGS, region=CHARACTER)), shown)
    same = (changed == shown.rgb).all(-1)
    assert same[shown.mask == 0].all() and not same[shown.mask == 1].any()


def test_less_than_one_step_changes_nothing(stylizer):
    shown = picture()
    assert torch.equal(drawn(replace(stylizer, settings=replace(SETTINGS, strength=0.2)), shown), shown.rgb)


def test_the_styles_strength_scales_it(stylizer):
    weak = StylePair(replace(STYLE.first, strength=0.5))
    assert torch.equal(
        drawn(replace(stylizer, settings=replace(SETTINGS, strength=1.0)), picture(), style=weak),
        drawn(replace(stylizer, settings=replace(SETTINGS, strength=0.5)), picture()),
    )


def test_every_step_is_told_and_can_cancel(stylizer):
    class Cancel(BaseException):
        pass

    told = []

    def on_step(done, steps):
        told.append((done, steps))
        if len(told) == 3:
            raise Cancel

    watched = replace(stylizer, on_step=on_step, settings=replace(SETTINGS, steps=8, strength=1.0))
    with pytest.raises(Cancel):
        drawn(watched, picture())
    assert told == [(1, 8), (2, 8), (3, 8)]


def test_it_is_put_in_its_place_before_it_draws(stylizer):
    housed = []
    drawn(replace(stylizer, house=housed.append), picture())
    assert [type(p).__name__ for p in housed] == ["StableDiffusionImg2ImgPipeline"]


def test_the_identity_is_read_without_loading_and_does_not_depend_on_the_place(pipeline_folder, stylizer, tmp_path):
    moved = shutil.copytree(pipeline_folder("sd15"), tmp_path / "elsewhere")
    copy = DiffusersStylizer(Files(moved), SETTINGS)
    assert copy.prepare([]).identity == stylizer.identity and "pipeline" not in vars(copy)
    scheduler = moved / "scheduler" / "scheduler_config.json"
    scheduler.write_text(scheduler.read_text().replace("0.00085", "0.00086"))
    assert DiffusersStylizer(Files(moved), SETTINGS).identity != stylizer.identity


def test_one_changed_file_of_weights_makes_another_identity(pipeline_folder, stylizer, tmp_path):
    from safetensors.torch import load_file, save_file

    moved = shutil.copytree(pipeline_folder("sd15"), tmp_path / "tuned")
    file = moved / "unet" / "diffusion_pytorch_model.safetensors"
    save_file({name: w * 1.01 for name, w in load_file(file).items()}, file)
    assert DiffusersStylizer(Files(moved), SETTINGS).identity != stylizer.identity


def test_nothing_is_ever_fetched(monkeypatch, stylizer):
    import socket

    def no_network(*_, **__):
        raise AssertionError("somebody reached for the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    drawn(replace(stylizer), picture())


HTML = b"<!DOCTYPE html><html><body>Log in</body></html>"


def test_wrong_files_are_told_with_what_to_do(pipeline_folder, lora, tmp_path):
    page, cut, pickle = (tmp_path / n for n in ("page.safetensors", "cut.safetensors", "old.ckpt"))
    whole = pipeline_folder("sd15") / "unet" / "diffusion_pytorch_model.safetensors"
    page.write_bytes(HTML)
    cut.write_bytes(whole.read_bytes()[:-100])
    pickle.write_bytes(b"x")
    pointer, empty = tmp_path / "pointer.safetensors", tmp_path / "empty.safetensors"
    pointer.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n")
    empty.touch()
    config = pipeline_folder("sd15")
    for file, words in {
        page: "web page.*page.safetensors.*Download the file itself",
        cut: "cut off: cut.safetensors.*again.*incomplete",
        pickle: "Only .safetensors.*old.ckpt",
        lora: "This is a LoRA, and a checkpoint is wanted: hero.safetensors.*trained on",
        pointer: "Git LFS pointer.*pointer.safetensors.*git lfs pull",
        empty: "damaged or cut off: empty.safetensors",
        tmp_path / "gone.safetensors": "cannot be read: gone.safetensors",
    }.items():
        with pytest.raises(TroupeError, match=words):
            load_pipeline(Files(file, config), SETTINGS)
    with pytest.raises(TroupeError, match="no LoRA: diffusion_pytorch_model.safetensors"):
        load_pipeline(Files(pipeline_folder("sd15"), loras=(Lora(whole, 1.0),)), SETTINGS)
    with pytest.raises(TroupeError, match="does not say how its pipeline is made.*under config"):
        load_pipeline(Files(whole), SETTINGS)


def test_a_lora_of_another_kind_of_model_is_told_by_its_name(pipeline_folder, tmp_path):
    other = pipelines.save_lora(tmp_path / "wide.safetensors", pipeline_folder("sd15"), wider=2)
    with pytest.raises(TroupeError, match="LoRA does not fit the pipeline: wide.safetensors"):
        load_pipeline(Files(pipeline_folder("sd15"), loras=(Lora(other, 1.0),)), SETTINGS)


def test_wrong_folders_are_told_with_what_to_do(pipeline_folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(TroupeError, match="no model_index.json: empty"):
        load_pipeline(Files(tmp_path / "empty"), SETTINGS)
    outer = tmp_path / "outer"
    inner = shutil.copytree(pipeline_folder("sd15"), outer / "inner")
    with pytest.raises(TroupeError, match="Choose inner inside it"):
        load_pipeline(Files(outer), SETTINGS)
    page = inner / "vae" / "diffusion_pytorch_model.safetensors"
    page.write_bytes(HTML)
    with pytest.raises(TroupeError, match="web page"):
        load_pipeline(Files(inner), SETTINGS)
    page.rename(page.with_name("diffusion_pytorch_model.bin"))
    with pytest.raises(TroupeError, match="a part of this pipeline has none: inner/vae"):
        load_pipeline(Files(inner), SETTINGS)
    (inner / "unet" / "my_unet.py").write_text("raise SystemExit")
    with pytest.raises(TroupeError, match="never run: inner/unet/my_unet.py"):
        load_pipeline(Files(inner), SETTINGS)


def test_a_pipeline_that_cannot_redraw_says_so(pipeline_folder, tmp_path):
    moved = shutil.copytree(pipeline_folder("sd15"), tmp_path / "other")
    index = json.loads((moved / "model_index.json").read_text())
    (moved / "model_index.json").write_text(json.dumps(index | {"_class_name": "AudioLDMPipeline"}))
    with pytest.raises(TroupeError, match="cannot make an image-to-image pipeline of this: other"):
        load_pipeline(Files(moved), SETTINGS)


def test_a_scheduler_of_another_family_is_refused_with_those_that_go(pipeline_folder):
    with pytest.raises(TroupeError, match="does not go with the pipeline: flow Heun.*DDIM"):
        load_pipeline(Files(pipeline_folder("sd15")), replace(SETTINGS, scheduler="flow Heun"))


def test_loras_are_written_one_a_line():
    assert read_loras("a.safetensors = 0.8\n\nsub/b.safetensors\n") == (
        ("a.safetensors", 0.8),
        ("sub/b.safetensors", 1.0),
    )
    for line in ("a = much", "= 1"):
        with pytest.raises(TroupeError, match="Line 1 of the LoRAs"):
            read_loras(line)


def test_a_single_file_draws_as_its_folder(host_source, tmp_path):
    from safetensors.torch import load_file, save_file

    from support.sd15file import as_single_file

    whole = pipelines.save_pipeline("sd15 deep", tmp_path / "whole", host_source.folder)
    parts = {
        "unet": "unet/diffusion_pytorch_model.safetensors",
        "vae": "vae/diffusion_pytorch_model.safetensors",
        "text": "text_encoder/model.safetensors",
    }
    weights = {name: load_file(whole / file) for name, file in parts.items()}
    # transformers 5 has dropped the prefix that checkpoints have.
    weights["text"] = {f"text_model.{n.removeprefix('text_model.')}": w for n, w in weights["text"].items()}
    save_file(as_single_file(**weights), tmp_path / "whole.safetensors")
    config = shutil.copytree(whole, tmp_path / "config", ignore=shutil.ignore_patterns("*.safetensors"))
    single = DiffusersStylizer(Files(tmp_path / "whole.safetensors", config), SETTINGS)
    # Within the rounding of float32.
    assert torch.allclose(
        drawn(single, picture()), drawn(DiffusersStylizer(Files(whole), SETTINGS), picture()), atol=1e-5
    )
