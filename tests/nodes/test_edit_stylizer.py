"""Edit-model Stylizer beside the host's own nodes, on a random model of Flux's family."""

import json
from dataclasses import replace

import pytest
import torch

from troupe.models.pixels import Picture
from troupe.models.restyling.protocol import Request
from troupe.models.samples.sample import Description, ImageFile, Sample, StylePair, SubStyle

STYLE = StylePair(SubStyle("ink", "Ink", "墨", "ink", "ink drawing", "photo", "Redraw it in ink."))
SEED = 7


def picture(height=48, width=64):
    return Picture(torch.rand(height, width, 3, generator=torch.Generator().manual_seed(height)))


def request(shown, style=STYLE, seed=SEED):
    image = ImageFile("p", "d", shown.rgb.shape[1], shown.rgb.shape[0])
    sample = Sample("mira/p", "mira", image, description=Description("A girl."), style=style)
    return Request(shown, sample, style, seed)


def drawn(stylizer, shown, **about):
    return stylizer.prepare([]).restyle(request(shown, **about))


def changed(stylizer, **settings):
    return replace(stylizer, settings=replace(stylizer.settings, **settings))


def by_core_nodes(stylizer, shown, told, cfg=1.0):
    """`told(text, image, latent)`: the conditioning."""
    import nodes

    with torch.inference_mode():
        image = shown.rgb.unsqueeze(0)
        latent = nodes.VAEEncode().encode(stylizer.vae, image)[0]
        positive, negative = told("Redraw it in ink.", image, latent), told("photo", image, latent)
        sample = nodes.KSampler().sample
        latent = sample(stylizer.model, SEED, 2, cfg, "euler", "simple", positive, negative, latent, 1.0)[0]
        return nodes.VAEDecode().decode(stylizer.vae, latent)[0][0]


@pytest.mark.parametrize("cfg", [1.0, 2.5])
def test_the_picture_is_the_hosts_own_to_the_bit(cfg, tiny_editor):
    from comfy_extras.nodes_edit_model import ReferenceLatent
    from comfy_extras.nodes_flux import FluxGuidance

    import nodes

    def told(text, image, latent):
        text = nodes.CLIPTextEncode().encode(tiny_editor.clip, text)[0]
        return FluxGuidance.execute(ReferenceLatent.execute(text, latent).args[0], 2.5).args[0]

    ours = drawn(changed(tiny_editor, cfg=cfg), picture())
    assert torch.equal(ours, by_core_nodes(tiny_editor, picture(), told, cfg)) and ours.std() > 0.02


@pytest.mark.parametrize("kind", ["TextEncodeQwenImageEdit", "TextEncodeQwenImageEditPlus"])
def test_qwens_encoders_are_the_hosts(kind, tiny_editor):
    """They hand on reference latents of a size of their own. (Only Qwen's text encoder would look at the picture.)

    With the host's VAE of plain pixels: a network would take many seconds for their million pixels.
    """
    import comfy.sd
    import comfy_extras.nodes_qwen as qwen

    from troupe.nodes.backends.editing import QWEN, QWEN_PLUS

    encoder = QWEN if kind == "TextEncodeQwenImageEdit" else QWEN_PLUS
    image = picture().rgb.unsqueeze(0)
    with torch.inference_mode():
        editor = replace(tiny_editor, vae=comfy.sd.VAE(sd={"pixel_space_vae": torch.ones(())}))
        theirs = getattr(qwen, kind).execute(editor.clip, "Redraw it.", editor.vae, image).args[0]
        ours = changed(editor, encoder=encoder, guidance=0.0).told("Redraw it.", image, {})
    assert torch.equal(ours[0][0], theirs[0][0])
    (latent,), (expected,) = (c[0][1]["reference_latents"] for c in (ours, theirs))
    assert torch.equal(latent, expected) and latent.shape[-1] > image.shape[2]


def test_the_model_sees_the_picture(tiny_editor):
    other = Picture(1 - picture().rgb)
    assert not torch.equal(drawn(tiny_editor, picture()), drawn(tiny_editor, other))


SETTINGS = {
    "steps": 3, "cfg": 3.0, "sampler": "heun", "scheduler": "beta", "denoise": 0.5, "guidance": 6.0,
    "method": "uxo/uno", "size": "scaled to megapixels", "instruction": "Keep the hat.",
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_changes_picture_and_key(name, tiny_editor):
    base = changed(tiny_editor, megapixels=0.01, steps=4)
    other = changed(base, **{name: SETTINGS[name]})
    assert other.identity != base.identity
    assert not torch.equal(drawn(other, picture()), drawn(base, picture()))


def test_megapixels_and_negative_count_where_they_are_used(tiny_editor):
    base = changed(tiny_editor, size="scaled to megapixels", megapixels=0.01, cfg=3.0)
    for other in (changed(base, megapixels=0.02), changed(base, negative="blurry")):
        assert other.identity != base.identity
        assert not torch.equal(drawn(other, picture()), drawn(base, picture()))


def test_the_cue_is_the_instruction(tiny_editor):
    cue = changed(tiny_editor, instruction="Keep the hat.").prepare([]).cue(request(picture()).sample)
    assert json.loads(cue) == {"positive": "Redraw it in ink. Keep the hat.", "negative": "photo"}


@pytest.mark.parametrize("size", ["one of Kontext's sizes", "scaled to megapixels", "as it is"])
@pytest.mark.parametrize(("height", "width"), [(300, 200), (123, 457), (64, 64)])
def test_no_canvas_crops_or_moves_the_picture(size, height, width, tiny_editor):
    """A ramp over x and y comes back where it was, whatever the model would be shown."""
    from troupe.models.pixels import resized
    from troupe.models.restyling.fitting import back_to
    from troupe.nodes.backends.canvas import canvas_of

    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    rgb = torch.stack([x, y, x * y], -1)
    canvas = canvas_of(rgb, tiny_editor.vae, size, 0.1)
    back = back_to(resized(canvas.pixels, canvas.width, canvas.height), height, width)
    assert not any(side % 16 for side in canvas.pixels.shape[:2])
    # The host's Lanczos cuts off to 8 bits (1 / 255); half a pixel of the ramp is 1 / 128 at the smallest size.
    assert back.shape == rgb.shape and (back - rgb).abs()[2:-2, 2:-2].max() < 0.0078
