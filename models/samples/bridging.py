"""Sample sets from loose pictures and back, ids kept and lengths checked, so that any other node can take part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from ..errors import TroupeError
from ..picturefiles import write_png
from ..pixels import from_pillow, shrunk, to_pillow
from .redrawn import still_true
from .sample import ImageFile, MaskFile, Sample, SampleSet, read_mask
from .store import Store, store_key
from .walking import printable


def each_picture(batches: Sequence[Tensor]) -> Iterator[Tensor]:
    """Single pictures `(H, W, C)` or masks `(H, W)` out of a list of batches."""
    for batch in batches:
        yield from batch


def require_equal(what: str, given: int, wanted: int) -> None:
    """The host pads a short list by repeating its last item; a caption on the wrong picture is worse than an error."""
    if given != wanted:
        raise TroupeError(
            f"{given} {what} for {wanted} pictures",
            remedy="Wire a list with exactly one for each picture, in the order of Sample Set to Images.",
        )


def from_images(
    images: Sequence[Tensor],
    store: Store,
    *,
    character: str,
    masks: Sequence[Tensor] = (),
    names: Sequence[str] = (),
) -> SampleSet:
    """Pictures `(B, H, W, 3 or 4)` in [0, 1] as samples; pixels go to `store`. A fourth channel is the mask."""
    pictures = list(each_picture(images))
    flat_masks = list(each_picture(masks))
    if flat_masks:
        require_equal("masks", len(flat_masks), len(pictures))
    if names:
        require_equal("names", len(names), len(pictures))
    titles = [printable(f"{character}/{n}") for n in names or (f"{i:04d}" for i in range(1, len(pictures) + 1))]
    doubled = next((t for t in titles if titles.count(t) > 1), None)
    if doubled:
        raise TroupeError("Two pictures have one name", item=doubled, remedy="Give every picture its own name.")
    samples = []
    for index, (title, pixels) in enumerate(zip(titles, pictures, strict=True)):
        image = keep_image(pixels, store)
        mask = pixels[..., 3] if pixels.shape[-1] == 4 else None
        mask = flat_masks[index] if flat_masks else mask
        kept = None if mask is None else keep_mask(mask, store)
        samples.append(Sample(title, printable(character), image, kept).after("from images"))
    return SampleSet(tuple(samples))


def with_images(sample_set: SampleSet, images: Sequence[Tensor], store: Store) -> SampleSet:
    """The set with new pictures, each remembering the one it replaces as its `source`."""
    pictures = list(each_picture(images))
    require_equal("images", len(pictures), len(sample_set))
    pairs = zip(sample_set.samples, pictures, strict=True)
    return replace(sample_set, samples=tuple(_drawn_elsewhere(s, p, store) for s, p in pairs))


def _drawn_elsewhere(sample: Sample, pixels: Tensor, store: Store) -> Sample:
    image, mask = keep_image(pixels, store), sample.mask
    if mask and mask.channel == "alpha":  # the new picture has none: the old one's is kept beside it
        alpha = read_mask(sample, image.size)
        mask = mask if alpha is None else keep_mask(from_pillow(alpha), store)
    redrawn = replace(sample, image=image, mask=mask, source=sample.source or sample)
    return still_true(redrawn).after("set images")


def with_masks(sample_set: SampleSet, masks: Sequence[Tensor], store: Store) -> SampleSet:
    """The set with new masks `(B, H, W)`, 1 = subject."""
    flat = list(each_picture(masks))
    require_equal("masks", len(flat), len(sample_set))
    pairs = zip(sample_set.samples, flat, strict=True)
    return replace(sample_set, samples=tuple(replace(s, mask=keep_mask(m, store)).after("set masks") for s, m in pairs))


def keep_image(pixels: Tensor, store: Store) -> ImageFile:
    """`(H, W, 3 or more)` into the store as PNG, once per content."""
    path, digest = _keep(pixels[..., :3], "image", store)
    return ImageFile(path, digest, pixels.shape[1], pixels.shape[0])


def keep_mask(mask: Tensor, store: Store) -> MaskFile:
    path, digest = _keep(mask, "mask", store)
    return MaskFile(path, digest, "grey")


def _keep(pixels: Tensor, kind: str, store: Store) -> tuple[str, str]:
    image = to_pillow(pixels)
    key = store_key(kind, image.size, hashlib.sha256(image.tobytes()).hexdigest())
    path = store.find(key, ".png") or store.put(key, ".png", partial(write_png, image))
    return str(path), store.digest(key, ".png")


def blank_mask(width: int, height: int) -> Tensor:
    """`(1, H, W)` of ones: without a mask, everything counts as subject."""
    return torch.ones(1, height, width)


def host_image(pixels: Tensor, side: int = 0) -> Tensor:
    """`(H, W, 3)` as the host's `(1, H, W, 3)`, its longest side brought down to `side` pixels if given."""
    return (shrunk(pixels, side) if side else pixels).unsqueeze(0)
