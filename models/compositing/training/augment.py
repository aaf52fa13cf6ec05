"""A group seen anew: mirrored, cropped around its object, and with another colour or a worse cut-out."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from ...geometry import Box
from ..groups.group import GroupPixels
from ..groups.shrinking import resized_cutout
from ..seeing import size_of
from .settings import Augment

# Pixels that a cut-out keeps on its short side.
LEAST_SIDE = 4
# Shares of a background that one blot covers.
ERASED = (0.01, 0.125)


def chance(generator: Generator, share: float) -> bool:
    return float(torch.rand((), generator=generator)) < share


def between(generator: Generator, low: float, high: float) -> float:
    return low + (high - low) * float(torch.rand((), generator=generator))


def augmented(group: GroupPixels, settings: Augment, generator: Generator) -> GroupPixels:
    """Another view of the same group; its composite stays the truth for its foreground and background."""
    if chance(generator, settings.flip):
        group = _mirrored(group)
    if chance(generator, settings.crop):
        group = _cropped(group, settings.least_crop, generator)
    if settings.tone:
        change = _colour_change(settings.tone, generator)
        group = GroupPixels(
            _recoloured(group.foreground, change), change(group.background), change(group.composite), group.box
        )
    return group


def disguised(foreground: Tensor, settings: Augment, generator: Generator) -> Tensor:
    """The cut-out as a person would bring it: other colours, another resolution."""
    if chance(generator, min(1.0, settings.tint) * 0.8):
        foreground = _recoloured(foreground, _colour_change(settings.tint, generator))
    if chance(generator, settings.soften):
        foreground = _softened(foreground, between(generator, 0.25, 1.0))
    return foreground


def spoilt_edge(alpha: Tensor, share: float, generator: Generator) -> Tensor:
    """`(1, h, w)` with an edge too wide, too narrow or too soft, for a `share` of calls."""
    if not chance(generator, share):
        return alpha
    soft = F.avg_pool2d(F.pad(alpha[None], (1, 1, 1, 1), mode="replicate"), 3, 1)[0]
    middle = between(generator, 0.25, 0.75)
    # At least so steep that nothing stays nothing and solid stays solid.
    steepness = between(generator, 1.0, 3.0) * 0.5 / min(middle, 1 - middle)
    return (0.5 + (soft - middle) * steepness).clamp(0, 1)


def blotted(background: Tensor, share: float, generator: Generator) -> Tensor:
    """`(B, C, h, w)` with one to three patches of one colour each, a hundredth to an eighth of it large, for a `share`
    of calls."""
    if not chance(generator, share):
        return background
    background = background.clone()
    height, width = background.shape[-2:]
    for _ in range(int(torch.randint(1, 4, (), generator=generator))):
        area, aspect = between(generator, *ERASED), math.exp(between(generator, -1.0, 1.0))
        tall = min(height, max(1, round(height * math.sqrt(area / aspect))))
        wide = min(width, max(1, round(width * math.sqrt(area * aspect))))
        top = int(torch.randint(height - tall + 1, (), generator=generator))
        left = int(torch.randint(width - wide + 1, (), generator=generator))
        colour = torch.rand(background.shape[1], 1, 1, generator=generator)
        background[..., top : top + tall, left : left + wide] = colour
    return background


def _mirrored(group: GroupPixels) -> GroupPixels:
    width = group.background.shape[1]
    box = Box(width - group.box.right, group.box.top, width - group.box.left, group.box.bottom)
    return GroupPixels(*(pixels.flip(1) for pixels in group[:3]), box)


def _cropped(group: GroupPixels, least: float, generator: Generator) -> GroupPixels:
    height, width = group.background.shape[:2]
    box = group.box
    left, right = _cut(width, max(0, box.left), min(width, box.right), least, generator)
    top, bottom = _cut(height, max(0, box.top), min(height, box.bottom), least, generator)
    window = (slice(top, bottom), slice(left, right))
    moved = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
    return GroupPixels(group.foreground, group.background[window], group.composite[window], moved)


def _cut(length: int, first: int, last: int, least: float, generator: Generator) -> tuple[int, int]:
    """A range of at least `least * length` that holds `[first, last)`."""
    size = max(round(length * between(generator, least, 1.0)), last - first, 16)
    size = min(size, length)
    low, high = max(0, last - size), min(first, length - size)
    start = round(between(generator, low, max(low, high)))
    return start, start + size


def _colour_change(strength: float, generator: Generator):
    """Exposure, white balance, contrast and saturation, each moved by up to about a third at strength 1."""
    spread = lambda width: between(generator, -width, width) * strength  # noqa: E731
    gain = torch.exp(torch.tensor([spread(0.35)]) + torch.tensor([spread(0.12) for _ in range(3)]))
    contrast, saturation, gamma = math.exp(spread(0.25)), math.exp(spread(0.3)), math.exp(spread(0.2))

    def change(rgb: Tensor) -> Tensor:
        grey = rgb.mean(-1, keepdim=True)
        rgb = (grey + (rgb - grey) * saturation).clamp(0, 1).pow(gamma) * gain
        return ((rgb - 0.45) * contrast + 0.45).clamp(0, 1)

    return change


def _recoloured(foreground: Tensor, change) -> Tensor:
    return torch.cat([change(foreground[..., :3]), foreground[..., 3:]], -1)


def _softened(foreground: Tensor, factor: float) -> Tensor:
    size = size_of(foreground)
    factor = max(factor, LEAST_SIDE / size.short)  # one factor for both sides: the shape is what a place follows from
    return resized_cutout(foreground, *size.scaled(factor)) if factor < 1 else foreground
