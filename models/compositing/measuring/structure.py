"""How much of the real picture's structure is there: SSIM (Wang et al. 2004), over all or over the foreground.

SSIM(x, y) = (2 mx my + C1)(2 sxy + C2) / ((mx^2 + my^2 + C1)(sx^2 + sy^2 + C2))
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

# The paper's: an 11 x 11 Gaussian of sigma 1.5, K1 = 0.01, K2 = 0.03; the range is 1.
WINDOW, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2


def ssim(out: Tensor, real: Tensor) -> float:
    """`(H, W, 3)` in [0, 1] each; 1 where they are equal."""
    return float(ssim_map(out, real).mean())


def fssim(out: Tensor, real: Tensor, mask: Tensor) -> float:
    """Over the pixels of `mask` `(H, W)`, more than a half = foreground; nan where it has none."""
    return float(ssim_map(out, real)[mask.cpu() > 0.5].mean())


def ssim_map(out: Tensor, real: Tensor) -> Tensor:
    """`(H, W, 3)` float64: each channel by itself."""
    x, y = out.cpu().double(), real.cpu().double()
    share = _blurred(torch.ones_like(x[..., :1]))
    # Near the edge the window is cut off and its weights are raised, so that it also works on a stamp.
    mx, my, xx, yy, xy = (_blurred(v) / share for v in (x, y, x * x, y * y, x * y))
    top = (2 * mx * my + C1) * (2 * (xy - mx * my) + C2)
    bottom = (mx**2 + my**2 + C1) * (xx - mx**2 + yy - my**2 + C2)
    return top / bottom


def _blurred(x: Tensor) -> Tensor:
    """`(H, W, C)` by the Gaussian, down and across; beyond the edge is nothing."""
    # torch's convolution of float64 on a CPU takes several times as long.
    from scipy.ndimage import correlate1d

    at = np.arange(WINDOW) - WINDOW // 2
    weights = np.exp(-0.5 * (at / SIGMA) ** 2)
    down = correlate1d(x.cpu().numpy(), weights / weights.sum(), axis=0, mode="constant")
    return torch.from_numpy(correlate1d(down, weights / weights.sum(), axis=1, mode="constant"))
