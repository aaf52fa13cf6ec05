"""A network that tells the noise, on Stable Diffusion's own schedule, read as one that tells v on ours.

A timestep means another amount of noise there than here, and there the last still holds 7 % of the picture,
so the networks are matched by the share of the signal, and below the last of theirs what it believes there
is taken on.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..schedule import STEPS

# `scaled_linear` of Stable Diffusion 1 (Rombach et al. 2022; v1-inference.yaml, v1-inpainting-inference.yaml).
BETAS = (0.00085, 0.012)


def their_alphas_bar() -> Tensor:
    """`(1000,)`, from 0.9992 down to 0.0047."""
    begin, end = BETAS
    betas = torch.linspace(begin**0.5, end**0.5, STEPS, dtype=torch.float64).square()
    return (1 - betas).cumprod(0)


def their_timestep(alpha_bar: Tensor) -> Tensor:
    """Where their schedule holds `alpha_bar` of the signal: float32 in [0, 999], linear in log SNR in between."""
    noise = -torch.logit(their_alphas_bar())
    wanted = -torch.logit(alpha_bar.double())
    after = torch.searchsorted(noise, wanted).clamp(1, STEPS - 1)
    share = (wanted - noise[after - 1]) / (noise[after] - noise[after - 1])
    return (after - 1 + share).clamp(0, STEPS - 1).float()


def velocity_told_by(noise: Tensor, template: Tensor, alpha_bar: Tensor) -> Tensor:
    """v from the `noise` that the network sees in `template`; `alpha_bar` `(B,)` may be 0.

    With m = max(a, a_999), what it believes of the picture is `x0 = (x - sqrt(1 - m) noise) / sqrt(m)`
    (Ho et al. 2020, eq. 15), and v that says the same at our level is `(sqrt(a) x - x0) / sqrt(1 - a)`. Where
    m = a that is `(noise - sqrt(1 - a) x) / sqrt(a)`, exactly. In the limit a = 0 it is `-x0`, finite
    because of m: an error of the noise counts at most 1 / sqrt(a_999) = 15 times.

    What is lost: the network was never asked for x0 of noise alone and begins with its schedule's leaning
    towards medium brightness (Lin et al. 2024). Trained on v it unlearns that, and the steps with the most
    noise, whose gradients are the largest, lead.
    """
    a = alpha_bar.view(-1, 1, 1, 1)
    m = a.clamp(min=float(their_alphas_bar()[-1]))
    x0 = (template - (1 - m).sqrt() * noise) / m.sqrt()
    return (a.sqrt() * template - x0) / (1 - a).sqrt()
