"""What one look at each picture tells, kept in the store so that nothing is decoded twice."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..errors import BadPicture
from ..geometry import Size
from ..parallel import ordered_map
from ..picturefiles import Decoded, decode, encode
from ..progress import Progress
from ..samples.sample import Sample, read_mask
from ..samples.store import Store, store_key
from .figure import Figure, read_figure
from .hashing import perceptual_hash
from .identity import appearance
from .quality import clipped, sharpness
from .sameness import look, thumbnail

VERSION = 1  # raise it when equal pictures begin to give other measures
LONG_SIDE = 512  # of the copy that is measured, pixels
SMALL = 64  # side of the copy whose colours are counted
CENTRE = 0.5  # where no mask tells: the subject is what lies within half the way to the border (one sigma)


@dataclass(frozen=True)
class Measures:
    """fingerprint: 64 bits. look: (32, 32, 3) as bytes. sharpness, dark, bright: see `quality`, of the subject.
    appearance: see `identity`, in steps of 1/255, as bytes. figure: None without a mask."""

    fingerprint: int
    look: bytes
    sharpness: float
    dark: float
    bright: float
    appearance: bytes
    figure: Figure | None


def measure_all(samples: tuple[Sample, ...], store: Store, progress: Progress) -> Iterator[Measures | str]:
    """One result a sample, in order, on all cores; for a picture that cannot be read, the reason."""

    def announced() -> Iterator[Sample]:
        for done, sample in enumerate(samples):
            progress(done, len(samples), sample.id)
            yield sample

    def measured_or_reason(sample: Sample) -> Measures | str:
        try:
            return measured(sample, store)
        except BadPicture as error:
            return error.what

    return ordered_map(measured_or_reason, announced())


def measured(sample: Sample, store: Store) -> Measures:
    """From the store, or from the pixels. Raises `BadPicture`."""
    key = _key(sample)
    found = store.find(key, ".json")
    kept = _from_json(found) if found and store.find(key, ".png") else None
    return kept or _measure(sample, store, key)


def thumbnail_of(sample: Sample, store: Store) -> Image.Image:
    """The thumbnail that `measured` left in the store."""
    key = _key(sample)
    try:
        return _opened(store.path(key, ".png"))
    except OSError:  # somebody tidied the store up since, which they may
        _measure(sample, store, key)
        return _opened(store.path(key, ".png"))


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _measure(sample: Sample, store: Store, key: str) -> Measures:
    decoded = decode(sample.image.path, sample.image.background, at_least=_short_side(sample.image.size))
    image = decoded.image
    mask = _mask(sample, decoded)
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    grey = np.asarray(image.convert("L"), np.float32) / 255
    weight = _weight(mask, Size(*image.size))
    dark, bright = clipped(grey, weight)
    colours = np.asarray(image.resize((SMALL, SMALL), Image.Resampling.BOX), np.float32) / 255
    vector = appearance(colours, _weight(mask, Size(SMALL, SMALL)))
    measures = Measures(
        perceptual_hash(image),
        look(image).tobytes(),
        round(sharpness(grey, weight), 4),
        round(dark, 4),
        round(bright, 4),
        np.round(vector * 255).astype(np.uint8).tobytes(),
        None if mask is None else read_figure(np.asarray(mask)),
    )
    store.put(key, ".png", lambda file: encode(thumbnail(image), file, ".png"))
    store.put(key, ".json", lambda file: file.write(_to_json(measures)))
    return measures


def _short_side(size: Size) -> int:
    return max(1, round(size.short * min(1.0, LONG_SIDE / max(1, size.long))))


def _mask(sample: Sample, decoded: Decoded) -> Image.Image | None:
    """The mask, `L`, long side at most LONG_SIDE; an alpha channel that came with the picture is not decoded again."""
    own = sample.mask
    if own and own.channel == "alpha" and own.path == sample.image.path:
        mask = decoded.alpha
    else:
        mask = read_mask(sample, Size(*decoded.image.size))
    if mask is not None:
        mask = mask.copy()
        mask.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    return mask


def _weight(mask: Image.Image | None, size: Size) -> np.ndarray:
    """(H, W) in [0, 1]: where the subject is, or in all likelihood is."""
    if mask is not None:
        weight = np.asarray(mask.resize(size, Image.Resampling.BOX), np.float32) / 255
        if weight.any():
            return weight
    x, y = ((np.arange(n) + 0.5) / n * 2 - 1 for n in size)
    return np.exp(-(y[:, None] ** 2 + x**2) / (2 * CENTRE**2)).astype(np.float32)


def _key(sample: Sample) -> str:
    image, mask = sample.image, sample.mask
    return store_key("measures", VERSION, image.digest, image.background, mask and [mask.digest, mask.channel])


def _to_json(measures: Measures) -> bytes:
    plain = {name: _plain(value) for name, value in vars(measures).items()}
    return json.dumps(plain).encode()


def _plain(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _from_json(path: Path) -> Measures | None:
    """None for a file that is not what `_to_json` wrote: it is made again."""
    try:
        plain = json.loads(path.read_bytes())
        for name in ("look", "appearance"):
            plain[name] = base64.b64decode(plain[name])
        return Measures(**{**plain, "figure": plain["figure"] and Figure(*plain["figure"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
