"""Given one sample and a way to draw it, its redrawn picture: from the store if it is there, else drawn and kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import NamedTuple

from torch import Tensor

from ..errors import BadPicture
from ..picturefiles import decode, write_png
from ..pixels import Picture, from_pillow, resized, to_pillow
from ..registration.features import FeatureGate
from ..registration.gate import GateSettings
from ..samples.sample import ImageFile, MaskFile, Sample
from ..samples.store import Store, store_key
from .ladder import Rung
from .protocol import PreparedStylizer, Request

# Raise it when this step's own work changes what lands in the store.
VERSION = 2


@dataclass(frozen=True)
class RestyleSettings:
    """`gate`: None leaves the structure unchecked. `retries`: further tries for a picture that failed a gate; from the
    second of them on, each is drawn `closer` to its source by so much (see `ladder.py`). `features`: counts where
    somebody looks at the pictures."""

    seed: int = 0
    gate: GateSettings | None = GateSettings()
    retries: int = 1
    closer: float = 0.2
    features: FeatureGate = FeatureGate()


class Drawing(NamedTuple):
    """A picture in the store: its key, and its pixels `(H, W, 3)`."""

    key: str
    pixels: Tensor


@dataclass(frozen=True)
class Artist:
    """`draw(rung, request)` is called for each picture that the store lacks."""

    store: Store
    draw: Callable[[Rung, Request], Tensor]

    def drawing(self, sample: Sample, picture: Picture, rung: Rung) -> Drawing:
        """Drawn for other gates before, or now."""
        key = drawing_key(sample, rung.stylizer, rung.seed)
        if path := self.store.find(key, ".png"):
            with suppress(BadPicture):  # a damaged one is drawn again
                return Drawing(key, from_pillow(decode(path).image))
        redrawn = self.draw(rung, Request(picture, sample, sample.style, rung.seed))
        redrawn = resized(redrawn, picture.rgb.shape[1], picture.rgb.shape[0])  # source and twin stay a pair
        self._keep(key, redrawn, sample, picture)
        return Drawing(key, redrawn)

    def put_back(self, drawing: Drawing, pixels: Tensor, gate: GateSettings, sample: Sample, picture: Picture) -> str:
        """The key of `pixels`, which `gate` made of a drawing that had slid."""
        key = store_key("put back", VERSION, drawing.key, asdict(gate))
        self._keep(key, pixels, sample, picture)
        return key

    def _keep(self, key: str, pixels: Tensor, sample: Sample, picture: Picture) -> None:
        image = to_pillow(pixels)
        if sample.mask and sample.mask.channel == "alpha" and picture.mask is not None:
            image.putalpha(to_pillow(picture.mask).resize(image.size))
        self.store.put(key, ".png", partial(write_png, image))


def drawing_key(sample: Sample, stylizer: PreparedStylizer, seed: int) -> str:
    """What the stylizer saw decides the picture; what the gates want does not."""
    mask = sample.mask.digest if sample.mask else ""
    source = (sample.image.digest, sample.image.background, mask)
    return store_key("draw", VERSION, source, asdict(sample.style), stylizer.cue(sample), stylizer.identity, seed)


def redrawn(sample: Sample, key: str, digest: str, store: Store) -> Sample:
    """The sample with the picture that lies in the store under `key`; the old one becomes its source."""
    path = str(store.path(key, ".png"))
    image = ImageFile(path, digest, sample.image.width, sample.image.height, sample.image.background)
    mask = sample.mask
    if mask and mask.channel == "alpha":
        mask = MaskFile(path, digest, "alpha")
    return replace(sample, image=image, mask=mask, source=sample)
