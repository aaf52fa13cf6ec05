"""Which part of a picture a model may change: all of it, the character, or what is behind it."""

from __future__ import annotations

from torch import Tensor

from ..errors import TroupeError
from ..pixels import Picture

WHOLE, CHARACTER, BACKGROUND = "whole picture", "character only", "background only"
REGIONS = (WHOLE, CHARACTER, BACKGROUND)


def changed_region(picture: Picture, region: str, name: str) -> Tensor | None:
    """`(H, W)`, 1 where the picture may change; None = everywhere. `name` is the picture's, for the error."""
    if region == WHOLE:
        return None
    if picture.mask is None:
        raise TroupeError(
            f"This picture has no mask, so nobody knows where to draw the {region}",
            item=name,
            remedy="Give the set masks with Set Masks (1 = subject), or change the whole picture.",
        )
    return picture.mask if region == CHARACTER else 1 - picture.mask
