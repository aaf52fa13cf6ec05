"""Pictures of any shape as the batch that an image tower was trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ...geometry import Size
from ...pixels import Picture
from ..workcopy import halved
from .architecture import named_tags


class Preprocess(NamedTuple):
    """Mean and standard deviation a channel, RGB, of the pictures that the model was trained on."""

    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str = "bicubic"

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Preprocess:
        """From `preprocess_cfg` of open_clip; what it leaves out is OpenAI's."""
        from open_clip.constants import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD

        mean, std = config.get("mean", OPENAI_DATASET_MEAN), config.get("std", OPENAI_DATASET_STD)
        return cls(tuple(mean), tuple(std), config.get("interpolation", "bicubic"))


def published_preprocess(architecture: str, file_name: str) -> Preprocess:
    """What the published weights of `architecture` want: those that `file_name` names, or else most of them.

    A file of weights does not say it, and wrong numbers spoil every answer without an error.
    """
    import open_clip

    tags = named_tags(architecture, file_name) or open_clip.list_pretrained_tags_by_model(architecture)
    wanted = [Preprocess.of(open_clip.get_pretrained_cfg(architecture, tag)) for tag in tags]
    return Counter(wanted).most_common(1)[0][0] if wanted else Preprocess.of({})


def prepared(pictures: Sequence[Picture], side: Size, preprocess: Preprocess, like: Tensor) -> Tensor:
    """`(B, 3, H, W)` on the device and in the type of `like`.

    A picture's longest side fills the frame and the rest is the training pictures' mean colour: the centre crop that
    is usual would cut heads and feet off, and with them the shot size.
    """
    mean, std = (torch.tensor(v, device=like.device)[:, None, None] for v in (preprocess.mean, preprocess.std))
    batch = mean.expand(len(pictures), 3, side.height, side.width).clone()
    for row, picture in zip(batch, pictures, strict=True):
        small = _halved(picture.rgb, side).to(like.device)  # a quarter of the bytes to copy, and the same sums
        rgb = _fitted(small.permute(2, 0, 1), side, preprocess.interpolation)  # HWC -> CHW
        top, left = (side.height - rgb.shape[1]) // 2, (side.width - rgb.shape[2]) // 2
        row[:, top : top + rgb.shape[1], left : left + rgb.shape[2]] = rgb
    return ((batch - mean) / std).to(like.dtype)


def _halved(rgb: Tensor, side: Size) -> Tensor:
    """`(h, w, 3)`: means of 2 x 2 pixels while twice the frame is left: a fraction of the price of resizing."""
    while max(rgb.shape[0] / side.height, rgb.shape[1] / side.width) >= 4:
        rgb = halved(rgb, 1)
        if min(rgb.shape[:2]) < 2:
            break
    return rgb


def _fitted(rgb: Tensor, side: Size, interpolation: str) -> Tensor:
    """`(3, h, w)` in [0, 1], as large as the frame allows."""
    scale = min(side.height / rgb.shape[1], side.width / rgb.shape[2])
    height, width = (max(1, round(length * scale)) for length in rgb.shape[1:])
    if (height, width) == tuple(rgb.shape[1:]):
        return rgb
    mode = "bilinear" if interpolation == "bilinear" else "bicubic"
    return torch.nn.functional.interpolate(rgb[None], (height, width), mode=mode, antialias=True)[0].clamp(0, 1)
