"""Pictures as the networks see them: pixel pictures in, batches of tensors out."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from ..geometry import Size
from .config import ModelConfig
from .grid import Frame
from .networks.composition import View
from .networks.position import PositionInput
from .view import placed, seen_through


def size_of(picture: Tensor) -> Size:
    """Of an `(H, W)` or `(H, W, C)` picture."""
    return Size(picture.shape[1], picture.shape[0])


def position_input(background: Tensor, foreground: Tensor, config: ModelConfig) -> PositionInput:
    """`(H, W, 3)` and `(h, w, 4)`, straight alpha, as a batch of one.

    Nothing of the foreground's own resolution reaches the network: cut out of a photograph, it would
    give its size there away.
    """
    side, own = config.background_side, config.foreground_side
    scene = _to(background.permute(2, 0, 1)[None], side, side).clamp(0, 1)  # HWC -> BCHW
    width, height = size_of(foreground)
    scale = own / max(width, height)
    wide, tall = max(1, round(width * scale)), max(1, round(height * scale))
    colours, alpha = foreground[..., :3], foreground[..., 3:]
    thing = _to(torch.cat([colours * alpha, alpha], -1).permute(2, 0, 1)[None], tall, wide)  # HWC -> BCHW
    left, top = (own - wide) // 2, (own - tall) // 2
    thing = F.pad(thing, (left, own - wide - left, top, own - tall - top))
    shape = torch.tensor([[math.log(width / height), math.log(background.shape[1] / background.shape[0])]])
    return PositionInput(scene, thing, shape)


def view_of(background: Tensor, foreground: Tensor, box: Frame, window: Frame, place: Tensor, side: int) -> View:
    """`(H, W, 3)`, `(h, w, 4)` and the `(1, side, side)` place map seen through `window`, as a batch of one."""
    scene = seen_through(background.permute(2, 0, 1), window, side).clamp(0, 1)  # HWC -> CHW
    thing = placed(foreground.permute(2, 0, 1), box, window, side)  # HWC -> CHW
    return View(scene[None], thing[None, :3], thing[None, 3:], place[None])


def _to(pixels: Tensor, height: int, width: int) -> Tensor:
    if pixels.shape[-2:] == (height, width):
        return pixels
    return F.interpolate(pixels, (height, width), mode="bilinear", antialias=True, align_corners=False)
