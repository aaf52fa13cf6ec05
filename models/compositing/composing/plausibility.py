"""How well a composite agrees with what the model knows: its own denoising error, and its own idea of the place.

A diffusion model's error in denoising a picture bounds that picture's likelihood, and so it can judge what it has not
drawn (Li et al. 2023, "Your Diffusion Model is Secretly a Zero-Shot Classifier"). Errors differ far more by noise and
timestep than by picture, so all candidates meet the same few: a fixed bank. With `v` of Salimans & Ho,

    E = mean over the bank of  w(t) mean |v_predicted - v|^2        plausibility = log p(box) - D / 2 log E

`D / 2 log E` is the log-likelihood of `D` Gaussian errors whose variance is not known, at its best. Higher is better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ...geometry import Size
from ...progress import Progress, silent
from ..field import from_field, relit
from ..grid import Frame, cell_of, position_of
from ..model import CompositingModel
from ..networks.composition import View
from ..networks.position import Located
from ..schedule import alphas_bar, noised, velocity, weight_of
from ..seeing import size_of
from .predict import Placing, Predicted

# Early ones say whether the whole belongs there, late ones whether the rim does; at the ends all errors are alike.
TIMESTEPS = (200, 400, 600, 800)
BANK_SEED = 2023
# Independent values in a field. It is smooth, so far fewer than it has cells: about one a channel.
FREEDOM = 4
# A box that the network thinks impossible may still be what a person asked for: one in a billion.
LEAST = 1e-9
# A model that is right to less than this is right to within rounding, which says nothing.
ROUNDING = 1e-6


def plausibilities(
    model: CompositingModel, placings: Sequence[Placing], predicted: Sequence[Predicted], progress: Progress = silent
) -> list[float]:
    """One figure each, comparable among boxes and seeds of one background and cut-out; higher is more plausible."""
    found = []
    for placing, each in zip(placings, predicted, strict=True):
        progress(len(found), len(placings), "weighing")
        error = denoising_error(model, each.view, each.field, placing.located.fused)
        known = log_probability(placing.located, placing.box, size_of(placing.background))
        found.append(known - FREEDOM / 2 * math.log(max(error, ROUNDING)))
    return found


def rank(plausible: Sequence[float]) -> list[int]:
    """Indices, the most plausible first; equals keep their order."""
    return sorted(range(len(plausible)), key=lambda i: -plausible[i])


@torch.no_grad()
def denoising_error(model: CompositingModel, view: View, field: Tensor, fused: Tensor) -> float:
    """`E` of a `(4, V, V)` field in a view and with a fused feature, each a batch of one."""
    field = field[None].to(view.alpha)
    composite = relit(view.paste(), from_field(field)[0])
    x0 = model.composition.target(view, field, composite)
    count = len(TIMESTEPS)
    timestep = torch.tensor(TIMESTEPS, device=x0.device)
    noise = torch.randn((count, *x0.shape[1:]), generator=torch.Generator().manual_seed(BANK_SEED)).to(x0)
    alpha_bar = alphas_bar().to(x0)[timestep]
    many = View(*(part.expand(count, -1, -1, -1) for part in view))
    said = model.predict(noised(x0, noise, alpha_bar), timestep, many, fused.expand(count, -1, -1))
    error = (said.float() - velocity(x0, noise, alpha_bar)).pow(2).mean((1, 2, 3))
    return float((error * weight_of(alpha_bar)).mean())


def log_probability(located: Located, box: Frame, size: Size) -> float:
    """Of the cell of the grid that `box` lies in."""
    cell = cell_of(position_of(box, size))
    return max(float(located.log_prob()[0, cell.scale, cell.y, cell.x]), math.log(LEAST))
