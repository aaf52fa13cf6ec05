"""Noise is added and taken away by the papers' formulas, from pure noise to the very x0."""

import pytest
import torch

from troupe.models.compositing.schedule import GAMMA, STEPS, alphas_bar, denoised, noised, velocity, weight_of

CHANCE = torch.Generator().manual_seed(0)
X0, NOISE = torch.randn((3, 4, 6, 6), generator=CHANCE), torch.randn((3, 4, 6, 6), generator=CHANCE)
SHARES = torch.tensor([0.0, 0.3, 0.99])


def test_the_last_timestep_is_pure_noise_and_the_signal_fades_all_the_way_there():
    shares = alphas_bar()
    assert shares.shape == (STEPS,)
    assert float(shares[-1]) == 0.0
    assert (shares.diff() < 0).all() and float(shares[0]) > 0.99


def test_noise_and_signal_come_back_from_what_is_noisy_and_its_velocity():
    noisy, v = noised(X0, NOISE, SHARES), velocity(X0, NOISE, SHARES)
    a = SHARES.view(-1, 1, 1, 1)
    assert torch.allclose(a.sqrt() * noisy - (1 - a).sqrt() * v, X0, atol=1e-5)
    assert torch.allclose((1 - a).sqrt() * noisy + a.sqrt() * v, NOISE, atol=1e-5)


def test_at_the_last_timestep_all_is_noise_and_the_velocity_is_the_signal():
    nothing = torch.zeros(3)
    assert torch.equal(noised(X0, NOISE, nothing), NOISE)
    assert torch.equal(velocity(X0, NOISE, nothing), -X0)


@pytest.mark.parametrize("steps", [1, 2, 8])
def test_who_knows_the_velocity_finds_the_signal(steps):
    shares = alphas_bar()

    def knowing(noisy, timesteps):
        """The velocity of the X0 and of the noise that would make `noisy` of it."""
        a = shares[timesteps].view(-1, 1, 1, 1)
        return velocity(X0, (noisy - a.sqrt() * X0) / (1 - a).sqrt(), shares[timesteps])

    assert torch.allclose(denoised(NOISE, knowing, steps), X0, atol=1e-4)


def test_denoising_starts_at_pure_noise_and_says_where_it_is():
    asked, told = [], []

    def nothing(noisy, timesteps):
        asked.append(timesteps.tolist())
        return torch.zeros_like(noisy)

    denoised(NOISE, nothing, 4, lambda done, total, name: told.append((done, total)))
    assert asked == [[999] * 3, [749] * 3, [499] * 3, [249] * 3]
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4)]


@pytest.mark.parametrize(
    "snr, weight",
    [
        (0.0, 1.0),  # pure noise weighs as if signal and noise were equal: it is where inference starts
        (0.25, 1 / 1.25),
        (1.0, 1 / 2),
        (3.0, 3 / 4),
        (GAMMA, GAMMA / (GAMMA + 1)),
        (24.0, GAMMA / 25),
    ],
)
def test_weights_are_those_of_min_snr(snr, weight):
    assert float(weight_of(torch.tensor([snr / (1 + snr)]))) == pytest.approx(weight, rel=1e-5)
