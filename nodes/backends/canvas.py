"""Given a picture, what an edit model is shown of it: in a size that it was trained on, and never cropped.

A model that gets a size it does not like zooms or slides its picture, and a crop would lose the edge: the picture is
grown to the wanted shape first, and taken back out of the drawn one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from torch import Tensor

from ...models.restyling.fitting import padded, padded_to_ratio

KONTEXT, MEGAPIXELS, AS_IT_IS = "one of Kontext's sizes", "scaled to megapixels", "as it is"
SIZES = (KONTEXT, MEGAPIXELS, AS_IT_IS)


class Canvas(NamedTuple):
    """`pixels` `(H, W, 3)`: what the model is shown. `width`, `height`: to what its answer is scaled back; the picture
    is the upper left part of that."""

    pixels: Tensor
    width: int
    height: int


def canvas_of(rgb: Tensor, vae: Any, size: str, megapixels: float) -> Canvas:
    """`rgb` `(H, W, 3)`; `size`: one of SIZES."""
    step = 2 * vae.spacial_compression_encode()  # these models look at patches of 2 x 2 latents
    if size == KONTEXT:
        grown = _in_kontexts_ratio(rgb)
        shown = _kontext(grown)
    elif size == MEGAPIXELS:
        grown = padded(rgb, step)
        shown = _scaled(grown, megapixels, step)
    else:
        grown = shown = padded(rgb, step)
    return Canvas(shown, grown.shape[1], grown.shape[0])


def _in_kontexts_ratio(rgb: Tensor) -> Tensor:
    from comfy_extras.nodes_flux import PREFERRED_KONTEXT_RESOLUTIONS

    ratio = rgb.shape[1] / rgb.shape[0]
    width, height = min(PREFERRED_KONTEXT_RESOLUTIONS, key=lambda size: abs(ratio - size[0] / size[1]))
    return padded_to_ratio(rgb, width / height)


def _kontext(rgb: Tensor) -> Tensor:
    from comfy_extras.nodes_flux import FluxKontextImageScale

    return FluxKontextImageScale.execute(rgb.unsqueeze(0)).args[0][0]


def _scaled(rgb: Tensor, megapixels: float, step: int) -> Tensor:
    from comfy_extras.nodes_post_processing import ImageScaleToTotalPixels

    return ImageScaleToTotalPixels.execute(rgb.unsqueeze(0), "lanczos", megapixels, step).args[0][0]
