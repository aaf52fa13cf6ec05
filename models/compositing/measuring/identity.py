"""Whether the thing is still the same thing: its own drawing and detail, whatever the light has made of its colours."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

# Rec. 709.
LUMA = (0.2126, 0.7152, 0.0722)
# Squared, an eighth of an 8-bit step: less contrast than that is none.
NOTHING = (0.125 / 255) ** 2


class Identity(NamedTuple):
    """1 = the same. luminance: correlation of the brightness, -1 to 1. gradient: correlation of how steep it is.

    detail: the energy of high frequencies as a share of the cut-out's; below 1 it is blurred, above 1 noise was added.
    """

    luminance: float
    gradient: float
    detail: float


def identity(out: Tensor, pasted: Tensor, mask: Tensor) -> Identity:
    """`out` `(H, W, 3)` beside the plain paste of the same cut-out at the same box, inside `mask` `(H, W)` > 0.5.

    Colours are first brought together by a gain and an offset for each channel. nan where nothing is inside.
    """
    inside = mask > 0.5
    x = recoloured(pasted.double(), out.double(), inside) @ out.new_tensor(LUMA, dtype=torch.float64)
    y = out.double() @ out.new_tensor(LUMA, dtype=torch.float64)
    near = _with_neighbours(inside)
    sharp, kept = _curvature(x)[near].square().mean(), _curvature(y)[near].square().mean()
    return Identity(
        correlation(x[inside], y[inside]),
        correlation(_steepness(x)[near], _steepness(y)[near]),
        float((kept + NOTHING) / (sharp + NOTHING)),
    )


def recoloured(picture: Tensor, like: Tensor, inside: Tensor) -> Tensor:
    """`picture` with each channel's mean and spread `inside` made those of `like` (Reinhard et al. 2001).

    Not least squares: that fits a gain near zero to a stranger, and a negative to a negative.
    """
    if not inside.any():
        return picture
    a, b = picture[inside], like[inside]
    spread, wanted = a.var(0, correction=0), b.var(0, correction=0)
    # A flat surface has no contrast to be matched: what was lost or added must show.
    gain = torch.where(torch.minimum(spread, wanted) > NOTHING, torch.sqrt(wanted / spread), 1.0)
    return (picture - a.mean(0)) * gain + b.mean(0)


def correlation(x: Tensor, y: Tensor) -> float:
    """Pearson's, of `(N,)` each; 1 where neither varies, near 0 where only one does, nan where N is 0."""
    x, y = x - x.mean(), y - y.mean()
    shared, own = (x * y).mean(), torch.sqrt((x.square().mean() + NOTHING) * (y.square().mean() + NOTHING))
    return float((shared + NOTHING) / own)


def _with_neighbours(inside: Tensor) -> Tensor:
    """The pixels whose four neighbours are inside too: no difference reaches over the outline."""
    near = torch.zeros_like(inside)
    near[1:-1, 1:-1] = inside[1:-1, 1:-1] & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
    return near


def _steepness(luma: Tensor) -> Tensor:
    across, down = torch.roll(luma, -1, 1) - torch.roll(luma, 1, 1), torch.roll(luma, -1, 0) - torch.roll(luma, 1, 0)
    return torch.hypot(across, down) / 2


def _curvature(luma: Tensor) -> Tensor:
    """The Laplacian; the edge of the picture wraps round and is for the caller to leave out."""
    around = sum(torch.roll(luma, shift, axis) for shift in (-1, 1) for axis in (0, 1))
    return around - 4 * luma
