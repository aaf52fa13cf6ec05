"""Whether the background is left alone where nothing was put: a compositor through a latent space changes it all."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ...geometry import Box, Size
from ..grid import Frame
from .distance import covered

# Shadow or light of less than this share does not count as an effect (research note, section 2.3).
FAINT = 0.01
# The box is grown by this share of its height before anything outside counts as background; as for the ring.
AROUND = 0.15


class Fidelity(NamedTuple):
    """Of the pixels outside: the largest and the mean |out - background|, 0 to 255, and the share that is bit-equal."""

    largest: float
    mean: float
    equal: float


def fidelity(out: Tensor, background: Tensor, effect: Tensor) -> Fidelity:
    """`(H, W, 3)` in [0, 1] each; `effect` `(H, W)`: bool, where change is wanted. Without an outside: no change."""
    outside = ~effect
    if not outside.any():
        return Fidelity(0.0, 0.0, 1.0)
    change = (out[outside].double() - background[outside].double()).abs() * 255
    return Fidelity(float(change.max()), float(change.mean()), float((change == 0).all(-1).double().mean()))


def effect_region(box: Box | Frame, size: Size, shade: Tensor | None = None) -> Tensor:
    """`(H, W)` bool: the grown `box`, and wherever `shade` can be seen: `(H, W)`, the share by which light changed."""
    margin = AROUND * (box.bottom - box.top)
    grown = Frame(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
    region = covered([grown], size)
    return region if shade is None else region | (torch.abs(shade) > FAINT)
