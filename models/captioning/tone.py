"""How light, contrasty, colourful and sharp a picture is."""

from __future__ import annotations

from math import sqrt

import numpy as np
import torch
from torch import Tensor

# Variance of the binomial kernel (1, 4, 6, 4, 1) / 16, and what pixel and central difference blur by themselves.
REBLUR = 1.0
OWN_BLUR = 1 / 3
EDGE_SHARE = 0.02  # the strongest gradients are edges on every calibration picture; noise is weaker
# ... and where a drawing has few edges, the flanks of an edge, which look more blurred than its middle, are left out.
TOP_SHARE = 0.002
LEAST_EDGE = 4 / 255  # a picture whose strongest gradients are weaker than this has no edge to judge by
WIDEST = 8.0  # pixels; beyond it the re-blur changes an edge by less than noise does


def brightness(lab: np.ndarray) -> float:
    """Mean lightness of `(n, 3)` OKLab, in [0, 1]."""
    return float(lab[:, 0].mean())


def contrast(lab: np.ndarray) -> float:
    """Lightness between the 5th and the 95th percentile, in [0, 1]."""
    low, high = np.percentile(lab[:, 0], (5, 95))
    return float(high - low)


def saturation(lab: np.ndarray) -> float:
    """Mean OKLab chroma, 0 = grey; pure sRGB colours lie at 0.13 (cyan) to 0.32 (magenta)."""
    return float(np.hypot(lab[:, 1], lab[:, 2]).mean())


def edge_blur(slope: Tensor, again: Tensor) -> float | None:
    """The blur of the strongest edges: the sigma of a Gaussian, in pixels; None without an edge.

    `slope`: gradient magnitudes `(n,)` of a picture, `again`: of the same pixels after one more `binomial` blur.
    Zhuo & Sim, "Defocus map estimation from a single image" (2011), eq. 4 to 6: blurring a step edge of blur s
    again by s0 lowers its gradient by R = sqrt((s^2 + s0^2) / s^2), so s = s0 / sqrt(R^2 - 1), whatever the
    edge's height and however many edges there are.
    """
    if not slope.numel():
        return None
    strong, top = _highest(slope[::4].numpy(), EDGE_SHARE, TOP_SHARE)  # every fourth says it as well
    edge = slope >= max(strong, top / 2, LEAST_EDGE)
    if not edge.any():
        return None
    ratio = (slope[edge] / again[edge].clamp(min=1e-6)).median().item()
    variance = REBLUR / max(ratio**2 - 1, REBLUR / WIDEST**2)
    return sqrt(max(variance - OWN_BLUR, 0.0))


def gradient(grey: Tensor) -> Tensor:
    """`(H, W)` to the central differences' magnitude, `(H - 2, W - 2)`, per pixel."""
    across = grey[1:-1, 2:] - grey[1:-1, :-2]
    down = grey[2:, 1:-1] - grey[:-2, 1:-1]
    return torch.hypot(across, down) / 2


def binomial(grey: Tensor) -> Tensor:
    """Blur `(H, W)` by a variance of `REBLUR` square pixels; the border is repeated."""
    x = torch.nn.functional.pad(grey[None, None], (2, 2, 2, 2), mode="replicate")[0, 0]
    x = (x[:, :-4] + x[:, 4:] + 4 * (x[:, 1:-3] + x[:, 3:-1]) + 6 * x[:, 2:-2]) / 16
    return (x[:-4] + x[4:] + 4 * (x[1:-3] + x[3:-1]) + 6 * x[2:-2]) / 16


def _highest(values: np.ndarray, *shares: float) -> list[float]:
    """The values that the given shares of all values reach. `torch.quantile` would sort everything."""
    ranks = [min(len(values) - 1, int((1 - share) * len(values))) for share in shares]
    return [float(v) for v in np.partition(values, ranks)[ranks]]
