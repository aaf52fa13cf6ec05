"""Where a drawn stroke would run: the smoothed structure tensor, and averaging along it."""

from __future__ import annotations

from math import ceil, exp, sqrt
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .canvas import resized
from .smooth import gaussian


class Flow(NamedTuple):
    """Each (1, 1, H, W). x, y: unit tangent, along edges. coherence in [0, 1]: 1 = one direction.
    energy: gradient length per pixel, in OKLab lightness."""

    x: Tensor
    y: Tensor
    coherence: Tensor
    energy: Tensor


def structure_tensor(lab: Tensor, size: tuple[int, int], sigma: float, reach: float) -> Tensor:
    """(1, 3, *size): E, F, G of lab, smoothed (Kyprianidis, Kang, Doellner 2009, section 2).

    sigma, reach: in pixels of `size`. reach is a much wider smoothing mixed in faintly, so that flat areas take the
    direction of the nearest edges and strokes there do not wander.
    """
    if lab.shape[-2:] != size:  # the reduction's blocks and the enlargement to come blur too: variances add
        sigma = sqrt(max(sigma * sigma - 1 / 12 - 1 / 6, 0.04))
    fine = gaussian(resized(_tensor(lab), size, "area"), sigma)
    return fine + 0.02 * gaussian(fine, reach)


def flow_of(tensor: Tensor) -> Flow:
    """Eigenvectors of the structure tensor; the tangent belongs to the smaller eigenvalue."""
    e, f, g = tensor[:, :1], tensor[:, 1:2], tensor[:, 2:]
    spread = torch.sqrt(((e - g) / 2) ** 2 + f * f + 1e-14)
    angle = 0.5 * torch.atan2(2 * f, e - g)  # of the steepest ascent
    trace = e + g
    coherence = 2 * spread / (trace + 1e-6)
    return Flow(-torch.sin(angle), torch.cos(angle), coherence.clamp(0, 1), torch.sqrt(trace.clamp(min=0)))


def _tensor(lab: Tensor) -> Tensor:
    """(1, 3, H, W): E, F, G summed over channels; Scharr-weighted central differences, edges replicated."""
    out = torch.zeros_like(lab)
    for plane, weight in zip(lab[0], (1.0, 1.5, 1.5), strict=True):
        p = F.pad((weight / 32 * plane)[None, None], (1, 1, 1, 1), mode="replicate")[0, 0]
        dx, dy = p[:, 2:] - p[:, :-2], p[2:] - p[:-2]
        gx = (10 * dx[1:-1]).add_(dx[:-2], alpha=3).add_(dx[2:], alpha=3)
        gy = (10 * dy[:, 1:-1]).add_(dy[:, :-2], alpha=3).add_(dy[:, 2:], alpha=3)
        for product, (a, b) in zip(out[0], ((gx, gx), (gx, gy), (gy, gy)), strict=True):
            product.addcmul_(a, b)
    return out


def along_flow(x: Tensor, flow: Flow, sigma: float) -> Tensor:
    """Gaussian average along the tangent, both ways: line integral convolution (Cabral, Leedom 1993)."""
    if sigma < 0.3 or min(x.shape[-2:]) < 2:
        return x
    stride = max(1.0, sigma / 2)
    count = ceil(2 * sigma / stride)
    h, w = x.shape[-2:]
    tangent = torch.cat([flow.x * (2 * stride / w), flow.y * (2 * stride / h)], 1)  # a stride, in grid_sample's units
    total, out = 1.0, x.clone()
    for sign in (1, -1):
        place, step = _normalised(_grid(x)), sign * tangent
        for i in range(1, count + 1):
            place = place + step.permute(0, 2, 3, 1)
            weight = exp(-0.5 * (i * stride / sigma) ** 2)
            out.add_(F.grid_sample(x, place, padding_mode="border", align_corners=False), alpha=weight)
            total += weight
            if i < count:
                step = _onward(tangent, step, place)
    return out.div_(total)


def _onward(tangent: Tensor, step: Tensor, place: Tensor) -> Tensor:
    """The tangent at the new place, turned so that it does not run back."""
    ahead = F.grid_sample(tangent, place, mode="nearest", padding_mode="border", align_corners=False)
    forward = (ahead[:, :1] * step[:, :1]).addcmul_(ahead[:, 1:], step[:, 1:])
    return ahead.mul_(torch.copysign(forward.new_ones(()), forward))


def _grid(x: Tensor) -> Tensor:
    """(1, 2, H, W) pixel positions, x before y."""
    h, w = x.shape[-2:]
    columns = torch.arange(w, dtype=x.dtype, device=x.device).expand(h, w)
    rows = torch.arange(h, dtype=x.dtype, device=x.device)[:, None].expand(h, w)
    return torch.stack([columns, rows])[None]


def _normalised(place: Tensor) -> Tensor:
    """Pixels -> grid_sample's [-1, 1], align_corners=False."""
    h, w = place.shape[-2:]
    scale = place.new_tensor([2 / w, 2 / h]).view(1, 2, 1, 1)
    return ((place + 0.5) * scale - 1).permute(0, 2, 3, 1)  # B2HW -> BHW2


def displaced(x: Tensor, dx: Tensor, dy: Tensor) -> Tensor:
    """x read at pixel + (dx, dy); each (1, 1, H, W), in pixels."""
    place = _grid(x) + torch.cat([dx, dy], 1)
    return F.grid_sample(x, _normalised(place), padding_mode="border", align_corners=False)
