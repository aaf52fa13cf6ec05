"""Noise told on Stable Diffusion's schedule becomes v on ours, also where theirs never went."""

import pytest
import torch

from troupe.models.compositing.networks.noiselevels import their_alphas_bar, their_timestep, velocity_told_by
from troupe.models.compositing.schedule import alphas_bar, noised, velocity


def chance(seed, count=1):
    return torch.randn(count, 4, 8, 8, generator=torch.Generator().manual_seed(seed))


def test_their_schedule_is_that_of_stable_diffusion():
    diffusers = pytest.importorskip("diffusers")
    plan = diffusers.DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
    torch.testing.assert_close(their_alphas_bar().float(), plan.alphas_cumprod)


def test_a_level_of_theirs_is_found_at_its_own_timestep():
    found = their_timestep(their_alphas_bar().float()[[1, 10, 500, 998]])
    torch.testing.assert_close(found, torch.tensor([1.0, 10.0, 500.0, 998.0]), atol=0.01, rtol=0)


def test_the_same_share_of_the_signal_comes_later_or_earlier_but_in_order():
    found = their_timestep(alphas_bar())
    assert (found.diff() >= 0).all()
    assert found[0] == 0 and found[-1] == 999
    assert found.isfinite().all()


@pytest.mark.parametrize("timestep", [1, 50, 500, 850])
def test_the_true_noise_gives_the_true_v(timestep):
    x0, noise, a = chance(1), chance(2), alphas_bar()[[timestep]]
    assert a > their_alphas_bar()[-1]
    torch.testing.assert_close(
        velocity_told_by(noise, noised(x0, noise, a), a), velocity(x0, noise, a), atol=1e-3, rtol=1e-3
    )


def test_in_pure_noise_v_is_what_the_network_takes_for_the_picture():
    """A network that knew the picture, and read the pure noise as its own noisiest level, is right about v."""
    x0, template = chance(1), chance(2)
    last = their_alphas_bar()[-1].float()
    noise = (template - last.sqrt() * x0) / (1 - last).sqrt()
    v = velocity_told_by(noise, template, torch.zeros(1))
    torch.testing.assert_close(v, velocity(x0, template, torch.zeros(1)), atol=1e-4, rtol=1e-4)


def test_v_does_not_jump_where_their_schedule_ends():
    last = their_alphas_bar()[-1].float()
    above, below = (
        velocity_told_by(chance(1), chance(2), torch.full((1,), float(last * factor))) for factor in (1.0001, 0.9999)
    )
    torch.testing.assert_close(above, below, atol=1e-2, rtol=1e-2)


def test_an_error_of_the_noise_counts_at_most_fifteen_times():
    template, noise = chance(2, 1000), chance(1, 1000)
    change = velocity_told_by(noise + 1, template, alphas_bar()) - velocity_told_by(noise, template, alphas_bar())
    assert change.abs().max() < 15
