"""Where the subject is, how large, and which shot that makes it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from .scale import Guess, Scale

# A row or column counts as reached by the subject from this share of its pixels: single stray pixels do not.
REACHED = 0.004
# A gap to the border below this share of the picture is no gap: masks are a pixel or two generous or mean.
TOUCH = 0.01
# Share of the picture that the subject covers. A half of a frame filled by a standing figure is about 0.25.
SIZE = Scale(("tiny", "small", "half", "large", "filling"), (0.03, 0.12, 0.35, 0.7), 0.02)
# Centre of mass over the width; the thirds of a picture begin at 0.33 and 0.67, "centre" is the middle quarter.
PLACE = Scale(("left", "centre", "right"), (0.375, 0.625), 0.05)
MEANINGLESS = 0.97  # a mask that covers everything says nothing about framing

# Film shot sizes by what the frame cuts (Katz, "Film Directing: Shot by Shot", 1991): feet in frame is full or
# long, cut at waist to thigh medium, at the shoulders close-up. A mask does not know waists, so the outline's
# height over its width stands for them: from the shoulders up it measures 0.7 to 1.1, with the large head of a
# drawn figure up to 1.45; from waist or thigh up 0.95 to 1.9; with the legs above 2.
LONG_BELOW = 0.57  # of the picture's height, when nothing is cut: half of it, and some air
LEGS_ABOVE = 2.0
WAIST_ABOVE = 1.15
FACE_COVERS = 0.8
# An outline alone never knows more: a raised arm or a wide skirt changes it.
LEAST_SURE, SUREST = 0.3, 0.6


class Framing(NamedTuple):
    """Shares of the picture in [0, 1]; `left` to `bottom` are the gaps between subject and border.
    `aspect`: the outline's height over its width, in pixels."""

    covers: float
    across: float
    height: float
    aspect: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def sides_cut(self) -> int:
        return (self.left < TOUCH) + (self.right < TOUCH)

    @property
    def whole(self) -> bool:
        return self.bottom >= TOUCH


def framing(mask: Tensor) -> Framing | None:
    """From `(H, W)` bool, True = subject; None when next to nothing is marked."""
    rows = (mask.float().mean(1) > REACHED).nonzero()
    columns = (mask.float().mean(0) > REACHED).nonzero()
    if not len(rows) or not len(columns):
        return None
    height, width = mask.shape
    top, bottom = rows[0].item(), rows[-1].item() + 1
    left, right = columns[0].item(), columns[-1].item() + 1
    covers = mask.float().mean().item()
    x = (mask.sum(0) * torch.arange(width)).sum().item() / mask.sum().item()
    return Framing(
        covers=covers,
        across=(x + 0.5) / width,
        height=(bottom - top) / height,
        aspect=(bottom - top) / (right - left),
        left=left / width,
        top=top / height,
        right=1 - right / width,
        bottom=1 - bottom / height,
    )


def shot(frame: Framing) -> Guess | None:
    """The shot that this framing speaks for; None where a mask cannot tell."""
    if frame.covers > MEANINGLESS:
        return None
    if frame.whole and frame.top >= TOUCH:
        value = "full" if frame.height >= LONG_BELOW else "long"
        return Guess(value, _sure(abs(frame.height - LONG_BELOW) / 0.1))
    if frame.sides_cut == 2:
        if frame.covers >= FACE_COVERS:
            return Guess("extreme close-up", _sure((frame.covers - FACE_COVERS) / 0.1))
        return Guess("close-up", SUREST)
    if frame.aspect >= LEGS_ABOVE and frame.height >= LONG_BELOW:
        return Guess("full", _sure((frame.aspect - LEGS_ABOVE) / 0.5))
    value = "medium" if frame.aspect >= WAIST_ABOVE else "close-up"
    return Guess(value, _sure(abs(frame.aspect - WAIST_ABOVE) / 0.5))


def _sure(margin: float) -> float:
    """`LEAST_SURE` on a threshold, rising to `SUREST` one margin away from it."""
    return LEAST_SURE + (SUREST - LEAST_SURE) * min(max(margin, 0.0), 1.0)
