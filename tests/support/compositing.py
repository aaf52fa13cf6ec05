"""A compositing model as small as a stamp, and groups to train it on that are drawn on the spot."""

from __future__ import annotations

from dataclasses import replace

import torch

from troupe.models.compositing.config import ModelConfig
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.networks.composition import View
from troupe.models.compositing.networks.position import PositionInput
from troupe.models.compositing.training.settings import TrainSettings
from troupe.models.geometry import Box

TOY = ModelConfig(
    preset="toy", background_side=32, foreground_side=16, width=8, tokens=16, layers=1, heads=2, view_side=16,
    channels=(8, 16), attention=(False, True),
)  # fmt: skip
# The same without dropout, whose chance is another one in every process.
STILL = replace(TOY, dropout=0.0)
QUICK = TrainSettings(steps=5, batch=4, evaluate_every=100, position_first=0.2, warmup=1, rate=1e-3)


class Shelves:
    """A bar lies across the picture, a box stands on it, and the composite is a third darker there."""

    def __init__(self, count: int, first: int = 0, coloured: bool = True) -> None:
        self.count, self.first, self.coloured = count, first, coloured

    def __len__(self) -> int:
        return self.count

    def colours(self, index: int) -> bool:
        return self.coloured

    def __getitem__(self, index: int) -> GroupPixels:
        chance = torch.Generator().manual_seed(self.first + index)
        level = int(torch.randint(24, 44, (), generator=chance))
        left = int(torch.randint(4, 36, (), generator=chance))
        background = torch.full((48, 64, 3), 0.5)
        background[level:] = torch.tensor([0.3, 0.2, 0.1])
        foreground = torch.cat([torch.full((16, 12, 3), 0.8), torch.ones(16, 12, 1)], -1)
        composite = background.clone()
        composite[level - 16 : level, left : left + 12] = 0.8 * 2 / 3
        return GroupPixels(foreground, background, composite, Box(left, level - 16, left + 12, level))


def weights(model: torch.nn.Module) -> torch.Tensor:
    """All parameters in one row."""
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def seen_by(config: ModelConfig, count: int, aspect: float = 1.0, seed: int = 0) -> PositionInput:
    """Noise in the form that the position network takes; things `aspect` times as wide as high in a square frame."""
    chance = torch.Generator().manual_seed(seed)
    background = torch.rand((count, 3, *[config.background_side] * 2), generator=chance)
    foreground = torch.rand((count, 4, *[config.foreground_side] * 2), generator=chance)
    shape = torch.tensor([[aspect, 1.0]]).log().expand(count, 2)
    return PositionInput(background, foreground, shape)


def a_view(config: ModelConfig, count: int, seed: int = 0) -> View:
    """Noise in the form that the composition network takes."""
    chance = torch.Generator().manual_seed(seed)
    return View(*(torch.rand((count, c, *[config.view_side] * 2), generator=chance) for c in (3, 3, 1, 1)))
