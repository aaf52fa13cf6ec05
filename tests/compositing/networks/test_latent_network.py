"""A U-Net that was trained to inpaint goes on as a composition network: first as itself, then by what was added."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from troupe.models.compositing.config import ModelConfig
from troupe.models.compositing.field import from_field, log_ratio
from troupe.models.compositing.model import CompositingModel
from troupe.models.compositing.networks.composition import View
from troupe.models.compositing.networks.latent import INPUTS, grown
from troupe.models.compositing.networks.noiselevels import velocity_told_by
from troupe.models.compositing.networks.position import PositionInput
from troupe.models.compositing.networks.vae import Autoencoder
from troupe.models.compositing.networks.warmstart import warm_start
from troupe.models.compositing.schedule import alphas_bar, noised, velocity
from troupe.models.errors import TroupeError

SIDE, TOKENS = 64, 24
CONFIG = ModelConfig(view_side=SIDE, tokens=TOKENS, composition="latent")


def chance(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def view_of(count=2):
    alpha = torch.zeros(count, 1, SIDE, SIDE)
    alpha[..., 24:40, 24:40] = 1
    return View(chance(count, 3, SIDE, SIDE), chance(count, 3, SIDE, SIDE, seed=1) * alpha, alpha, alpha)


def template_of(network, count=2):
    return torch.randn(count, *network.template_shape, generator=torch.Generator().manual_seed(3))


def fused_of(count=2):
    return torch.randn(count, 9, TOKENS, generator=torch.Generator().manual_seed(4))


@pytest.fixture
def network(miniature):
    return warm_start(miniature.file, CONFIG).eval()


def gates(network):
    return {name: p for name, p in network.trainable() if name.endswith("gate")}


def open_gates(network):
    with torch.no_grad():
        for gate in gates(network).values():
            gate.fill_(1.0)


class Shrinking(nn.Module):
    """An autoencoder that can be seen through: every latent is the mean of its 8 x 8 pixels."""

    def encode(self, pictures):
        return torch.cat([nn.functional.avg_pool2d(pictures, 8), torch.zeros(len(pictures), 1, 8, 8)], 1)

    def decode(self, latents):
        return nn.functional.interpolate(latents[:, :3], scale_factor=8.0, mode="bilinear").clamp(0, 1)


def assert_alike(one, other):
    """But for rounding: how the same weights are added up depends on where they lie in memory."""
    torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5 * other.abs().max().item())


# It begins as what it was.


def test_warm_start_says_exactly_what_the_inpainting_network_says(network, miniature):
    view, template, timestep = view_of(), template_of(network), torch.tensor([3.0, 700.5])
    seen = network.seen(view)
    with torch.no_grad():
        ours = network.noise(template, timestep, view, fused_of())
        prompt = network.prompt.expand(2, -1, -1)
        theirs = miniature.unet(torch.cat([template, seen[:, :5]], 1), timestep, prompt).sample
    assert_alike(ours, theirs)


def test_a_network_that_does_not_inpaint_is_taken_up_too(miniature_without_inpainting):
    network = warm_start(miniature_without_inpainting.file, CONFIG).eval()
    template, timestep = template_of(network), torch.tensor([3.0, 700.5])
    with torch.no_grad():
        ours = network.noise(template, timestep, view_of(), fused_of())
        theirs = miniature_without_inpainting.unet(template, timestep, network.prompt.expand(2, -1, -1)).sample
    assert_alike(ours, theirs)


def test_background_foreground_and_alpha_are_seen_in_the_order_that_was_promised(network):
    view = view_of()
    mask, background, foreground, alpha = network.seen(view).split((1, 4, 4, 1), 1)
    assert torch.equal(alpha, nn.functional.avg_pool2d(view.alpha, 8))
    assert torch.equal(mask, grown(alpha))
    torch.testing.assert_close(background, network.autoencoder.encode(view.background))
    on_grey = view.foreground + (1 - view.alpha) * 0.5
    torch.testing.assert_close(foreground, network.autoencoder.encode(on_grey))
    assert network.template_shape[0] + 1 + 4 + 4 + 1 == INPUTS == 14


def test_the_mask_leaves_room_for_a_shadow():
    alpha = torch.zeros(1, 1, 16, 16)
    alpha[..., 8, 8] = 0.2
    assert grown(alpha).nonzero()[:, 2:].tolist() == [[y, x] for y in range(6, 11) for x in range(6, 11)]


def test_the_steps_of_a_denoising_look_at_the_view_once_and_another_view_is_looked_at_anew(network, monkeypatch):
    looks = []
    encode = network.autoencoder.encode
    monkeypatch.setattr(network.autoencoder, "encode", lambda pictures: looks.append(1) or encode(pictures))
    view, dim = view_of(), view_of()._replace(background=view_of().background / 2)
    first = network.seen(view)
    assert network.seen(view._replace(place=view.place * 0)) is first and len(looks) == 1
    assert not torch.equal(network.seen(dim), first)
    assert torch.equal(network.seen(view), first)


# It predicts v, on our schedule.


@pytest.mark.parametrize("timestep", [0, 400, 998, 999])
def test_v_is_finite_at_every_timestep_and_follows_from_the_noise(network, timestep):
    timestep = torch.tensor([timestep, timestep])
    template, alpha_bar = template_of(network), alphas_bar()[timestep]
    with torch.no_grad():
        v = network(template, timestep, view_of(), fused_of())
        noise = network.noise(template, network.their_timestep[timestep], view_of(), fused_of())
    assert v.shape == (2, *network.template_shape) and v.isfinite().all()
    assert torch.equal(v, velocity_told_by(noise, template, alpha_bar))


# What it draws becomes a field.


def test_the_latent_of_the_paste_changes_nothing(network):
    view = view_of()
    field = network.field(network.target(view, None, view.paste()), view)
    assert field.shape == (2, 4, SIDE, SIDE)
    assert torch.equal(field, torch.zeros_like(field))


def test_the_latent_of_a_shadowed_composite_tells_the_shadow(network):
    network.autoencoder = Shrinking()
    shades = torch.linspace(0.4, 1.0, SIDE).expand(1, 3, SIDE, SIDE)
    view = View(*(t[:1] for t in view_of()))
    view = view._replace(background=0.3 + 0.4 * view.background)  # its grain is finer than the autoencoder shows
    composite = view.paste() * shades
    ratio, alpha_change = from_field(network.field(network.target(view, None, composite), view))
    true = log_ratio(composite, view.paste())
    outside = nn.functional.max_pool2d(view.alpha, 33, 1, 16) == 0
    assert (ratio - true).abs()[outside.expand_as(true)].mean() < 0.03 < true.abs().mean() / 5
    assert (alpha_change == 0).all()


def test_a_mask_is_reduced_to_its_share_of_every_latent(network):
    mask = torch.zeros(1, 1, SIDE, SIDE)
    mask[..., :4, :8] = 1
    reduced = network.reduced(mask)
    assert reduced.shape == (1, 1, *network.template_shape[1:])
    assert reduced[0, 0, 0, 0] == 0.5 and reduced.sum() == 0.5


# Only what was added learns.


def trained_for(network, steps=2):
    optimiser = torch.optim.AdamW([p for _, p in network.trainable()], lr=1e-2)
    view, template = view_of(), template_of(network)
    for _ in range(steps):
        v = network(template, torch.tensor([500, 999]), view, fused_of())
        v.square().mean().backward()
        optimiser.step()
        optimiser.zero_grad()
    return network


def test_training_changes_all_that_was_added_and_nothing_else(network):
    before = {name: t.clone() for name, t in network.state_dict().items()}
    trained_for(network.train())
    changed = {name for name, t in network.state_dict().items() if not torch.equal(t, before[name])}
    assert changed == set(network.trained_state())
    parts = ("conv_in.new", ".gate", ".down", ".up", "project.")
    assert {part for part in parts if any(part in name for name in changed)} == set(parts)
    assert all(any(part in name for part in parts) for name in changed)


def test_a_shut_gate_lets_a_gradient_to_itself_and_an_open_one_to_the_fused_feature(network):
    view, template, timestep = view_of(), template_of(network), torch.tensor([500, 999])
    fused = fused_of().requires_grad_()
    network(template, timestep, view, fused).square().mean().backward()
    assert fused.grad.abs().max() == 0
    assert all(gate.grad != 0 for gate in gates(network).values())
    open_gates(network)
    network(template, timestep, view, fused).square().mean().backward()
    assert fused.grad.abs().max() > 0


def test_the_fused_feature_is_heard_through_open_gates_only(network):
    view, template, timestep = view_of(), template_of(network), torch.tensor([500, 999])
    with torch.no_grad():
        said = [network(template, timestep, view, f) for f in (fused_of(), -fused_of())]
        open_gates(network)
        said += [network(template, timestep, view, f) for f in (fused_of(), -fused_of())]
    assert torch.equal(said[0], said[1])
    assert not torch.allclose(said[2], said[3], atol=1e-4)


def test_gradient_checkpointing_gives_the_same_gradients(miniature):
    def gradients(checkpointing):
        network = warm_start(miniature.file, CONFIG, checkpointing=checkpointing).train()
        open_gates(network)
        v = network(template_of(network), torch.tensor([500, 999]), view_of(), fused_of())
        v.square().mean().backward()
        assert network.unet.is_gradient_checkpointing == checkpointing
        return {name: p.grad for name, p in network.trainable()}

    plain, saving = gradients(False), gradients(True)
    for name, gradient in plain.items():
        torch.testing.assert_close(saving[name], gradient)


def test_bfloat16_holds_the_frozen_weights_and_float32_what_learns(miniature):
    network = warm_start(miniature.file, CONFIG, dtype=torch.bfloat16)
    assert {p.dtype for _, p in network.trainable()} == {torch.float32}
    assert {p.dtype for p in network.unet.parameters() if not p.requires_grad} == {torch.bfloat16}
    assert {p.dtype for p in network.autoencoder.parameters()} == {torch.float32}
    exact = warm_start(miniature.file, CONFIG)
    given = (torch.tensor([100.0, 900.0]), view_of(), fused_of())
    with torch.no_grad():
        near, far = network.noise(template_of(network), *given), exact.noise(template_of(exact), *given)
    assert near.dtype == torch.float32
    assert (near - far).abs().mean() < 0.05 * far.abs().mean()
    trained_for(network, steps=1)


def test_a_training_in_bfloat16_leaves_latents_exact_and_learns(network):
    view = view_of()
    exact = network.target(view, None, view.paste())
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(network.target(view, None, view.paste()), exact)
        trained_for(network.train(), steps=1)


def test_the_composition_teaches_the_position_network_through_open_gates(network):
    model = CompositingModel(replace(CONFIG, composition="field"))
    model.composition = network
    open_gates(network)
    seen = PositionInput(chance(2, 3, 128, 128), chance(2, 4, 64, 64), torch.zeros(2, 2))
    v = model.predict(template_of(network), torch.tensor([500, 999]), view_of(), model.locate(seen).fused)
    v.square().mean().backward()
    learns = {name for name, p in model.position.named_parameters() if p.grad is not None and p.grad.any()}
    assert {"background.0.first.weight", "foreground.0.first.weight", "mixers.1.cross.to_v.weight"} <= learns


def test_rank_is_that_of_the_low_rank_changes(miniature):
    for rank in (2, 16):
        state = warm_start(miniature.file, CONFIG, rank=rank).trained_state()
        assert {t.shape[0] for name, t in state.items() if name.endswith(".down")} == {rank}


def test_the_seed_alone_decides_where_learning_begins(miniature):
    one, same, other = (warm_start(miniature.file, CONFIG, seed=seed).trained_state() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


# What is kept.


def test_a_checkpoint_without_the_base_makes_the_network_again(network, miniature, tmp_path):
    trained_for(network.train(), steps=2).eval()
    save_file(network.trained_state(), tmp_path / "ours.safetensors", {"base": network.digest})
    again = warm_start(miniature.folder, CONFIG, seed=9).eval()
    again.expect_base(network.digest, "ours.safetensors")
    kept = load_file(tmp_path / "ours.safetensors")
    assert kept.keys() == again.trained_state().keys()
    with torch.no_grad():
        for name, tensor in again.trained_state().items():
            tensor.copy_(kept[name])
        given = (template_of(network), torch.tensor([500, 999]), view_of(), fused_of())
        assert_alike(again(*given), network(*given))


def test_none_of_the_users_weights_are_in_the_checkpoint(network, miniature):
    theirs = {tuple(t.flatten()[:4].tolist()) for t in load_file(miniature.file).values() if t.numel() > 64}
    learnt = [t for name, t in network.trained_state().items() if t.any() and "project.1" not in name]
    assert learnt and not any(tuple(t.flatten()[:4].tolist()) in theirs for t in learnt)


def test_another_base_is_refused_with_both_fingerprints(network):
    with pytest.raises(TroupeError, match="another inpainting checkpoint.*fingerprint abcabcabcabc, not") as caught:
        network.expect_base("abc" * 20, "harbour.safetensors")
    assert "harbour.safetensors" in str(caught.value) and network.digest[:12] in str(caught.value)


def test_it_learns_to_draw_one_composite_from_pure_noise(miniature):
    """One view, one composite, in pure noise and halfway: what was added moves both towards it.

    Not to the end: the random base says almost nothing, and its last layer is frozen.
    """
    network = warm_start(miniature.file, CONFIG).train()
    view, template = View(*(t[:1] for t in view_of())), template_of(network, 1)
    x0 = network.target(view, None, view.paste() * 0.6)
    optimiser = torch.optim.AdamW([p for _, p in network.trainable()], lr=2e-2)
    errors = []
    for step in range(12):
        timestep = torch.tensor([(999, 400)[step % 2]])
        a = alphas_bar()[timestep]
        v = network(noised(x0, template, a), timestep, view, fused_of(1))
        loss = (v - velocity(x0, template, a)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        errors.append(loss.item())
    assert errors[-2] < 0.75 * errors[0]
    assert errors[-1] < 0.75 * errors[1]


def test_latents_have_the_unit_that_the_autoencoder_names():
    """Pictures go in from -1 to 1, latents come out times the scaling factor (0.18215 in Stable Diffusion 1)."""

    class Means(nn.Module):
        config = SimpleNamespace(scaling_factor=2.0)

        def encode(self, pictures):
            return SimpleNamespace(latent_dist=SimpleNamespace(mode=lambda: nn.functional.avg_pool2d(pictures, 8)))

        def decode(self, latents):
            return SimpleNamespace(sample=nn.functional.interpolate(latents, scale_factor=8.0))

    autoencoder, picture = Autoencoder(Means()), torch.full((1, 3, 8, 8), 0.75)
    assert torch.equal(autoencoder.encode(picture), torch.ones(1, 3, 1, 1))
    assert torch.equal(autoencoder.decode(torch.ones(1, 3, 1, 1)), picture)
