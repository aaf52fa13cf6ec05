"""Noise added and taken away: zero terminal SNR, v-prediction, few deterministic steps.

Zero terminal SNR and trailing steps (Lin et al. 2024, "Common Diffusion Noise Schedules and Sample Steps are
Flawed"): training sees pure noise, so inference may start from it.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from ..progress import Progress, silent

STEPS = 1000
# Hang et al. 2023, "Efficient Diffusion Training via Min-SNR Weighting Strategy".
GAMMA = 5.0


def scheduler():
    """diffusers' DDIM (Song et al. 2021) over the whole schedule."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        num_train_timesteps=STEPS,
        beta_schedule="scaled_linear",
        rescale_betas_zero_snr=True,
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
    )


def alphas_bar() -> Tensor:
    """`(STEPS,)`: the share of the signal's variance that is left at each timestep; 0 at the last."""
    return scheduler().alphas_cumprod


def weight_of(alpha_bar: Tensor) -> Tensor:
    """The weight of the v-error at a timestep: `min(max(SNR, 1), gamma) / (SNR + 1)`.

    Min-SNR, with the truncation of Salimans & Ho 2022 from below: without it pure noise would weigh nothing,
    and pure noise is where inference starts.
    """
    snr = alpha_bar / (1 - alpha_bar).clamp(min=1e-8)
    return snr.clamp(1.0, GAMMA) / (snr + 1)


def noised(x0: Tensor, noise: Tensor, alpha_bar: Tensor) -> Tensor:
    """`sqrt(a) x0 + sqrt(1 - a) noise`; `alpha_bar` is `(B,)`."""
    a = alpha_bar.view(-1, 1, 1, 1)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise


def velocity(x0: Tensor, noise: Tensor, alpha_bar: Tensor) -> Tensor:
    """`v = sqrt(a) noise - sqrt(1 - a) x0` (Salimans & Ho 2022, eq. 11)."""
    a = alpha_bar.view(-1, 1, 1, 1)
    return a.sqrt() * noise - (1 - a).sqrt() * x0


def denoised(
    template: Tensor, predict: Callable[[Tensor, Tensor], Tensor], steps: int, progress: Progress = silent
) -> Tensor:
    """From the noise template to x0 in `steps` steps; `predict(noisy, timesteps (B,)) -> v`."""
    plan = scheduler()
    plan.set_timesteps(steps)
    x = template
    for i, t in enumerate(plan.timesteps):
        progress(i, steps, "denoising")
        v = predict(x, t.to(x.device).expand(len(x)))
        x = plan.step(v, int(t), x).prev_sample
    return x
