"""Pictures with an object in each, from the wires of a graph or from a folder, read when their turn comes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import TroupeError
from ...picturefiles import file_digest
from ...pixels import Picture, from_pillow, shrunk
from ...samples.bridging import each_picture, require_equal
from ...samples.listing import list_folder
from ...samples.walking import stem_of
from ..inputs import checked_mask
from .group import GroupFault
from .straight import decode_opaque, decode_straight

# A cut-out saved alone has one colour, or none, where it is transparent; a photograph never has.
ONE_COLOUR = 1.5 / 255


class Source(NamedTuple):
    """`digest()`: of what `read()` returns: the picture `(H, W, 3)` and its mask `(H, W)`, 1 = the object.

    Both raise `TroupeError` with the reason when the picture cannot be used.
    """

    id: str
    digest: Callable[[], str]
    read: Callable[[], Picture]


def sources_of_images(images: Sequence[Tensor], masks: Sequence[Tensor] = ()) -> list[Source]:
    """Batches `(B, H, W, 3 or 4)` and `(B, H, W)` of any sizes; one mask a picture, or none where all have alpha."""
    pictures, flat = list(each_picture(images)), list(each_picture(masks))
    if flat:
        require_equal("masks", len(flat), len(pictures))
    pairs = zip(pictures, flat or [None] * len(pictures), strict=True)
    return [
        Source(f"picture {number:04d}", partial(_digest, picture, mask), partial(_read_tensors, picture, mask))
        for number, (picture, mask) in enumerate(pairs, 1)
    ]


def sources_in(folder: str | os.PathLike) -> tuple[list[Source], list[GroupFault]]:
    """The pictures below `folder` in natural order, and what is not read, with the reason.

    A picture's mask is NAME_mask.png beside it or NAME.png in a folder "masks" beside it (white = the object), or
    else its own alpha channel. Raises `TroupeError` for a folder that is not there or holds no picture.
    """
    listing = list_folder(folder)
    if not listing.pictures:
        raise TroupeError(
            "The folder holds no picture", item=str(folder), remedy="Put pictures into it, and a mask for each."
        )
    found = []
    for name in listing.pictures:
        mask = listing.masks.get(stem_of(name))
        files = (listing.root / name, listing.root / mask if mask else None)
        found.append(Source(stem_of(name), partial(_file_digests, *files), partial(_read_files, *files)))
    return found, [GroupFault(rejection.id, rejection.reason) for rejection in listing.left_out]


def gathered(
    images: Sequence[Tensor] | None, masks: Sequence[Tensor] | None, folder: str | os.PathLike | None
) -> tuple[list[Source], list[GroupFault]]:
    """Both of the above, the folder's last. Raises `TroupeError` when there is neither."""
    if images is None and masks is not None:
        raise TroupeError("There are masks and no images", remedy="Connect the pictures that the masks belong to.")
    if images is None and folder is None:
        raise TroupeError("There is no picture", remedy="Connect images, or type a folder that holds some.")
    found, left_out = sources_in(folder) if folder is not None else ([], [])
    return [*sources_of_images(images or (), masks or ()), *found], left_out


def fitted(picture: Picture, longest_side: int) -> Picture:
    """Both brought down to `longest_side` pixels (0 = as they are). Raises `TroupeError` where their sizes differ."""
    if picture.mask.shape != picture.rgb.shape[:2]:
        sizes = " and ".join(f"{shape[1]} x {shape[0]}" for shape in (picture.rgb.shape, picture.mask.shape))
        raise TroupeError("Picture and mask differ in size", item=f"{sizes} pixels", remedy="Make them equally large.")
    if not longest_side:
        return picture
    return Picture(shrunk(picture.rgb, longest_side), shrunk(picture.mask, longest_side))


def _read_tensors(picture: Tensor, mask: Tensor | None) -> Picture:
    picture = picture.detach().to("cpu", torch.float32)
    if picture.shape[-1] not in (3, 4):
        raise TroupeError(f"A picture with {picture.shape[-1]} channels cannot be used", remedy="Use RGB or RGBA.")
    if picture.shape[-1] == 3:
        if mask is None:
            raise _no_mask("Connect a mask, or use a picture with transparency.")
        return Picture(picture, checked_mask(mask, "mask"))
    rgb, alpha = _behind(picture[..., :3], picture[..., 3])
    if mask is not None:
        mask = checked_mask(mask, "mask")
        alpha = fitted(Picture(rgb, mask), 0).mask * alpha
    return Picture(rgb, alpha)


def _read_files(path: Path, mask: Path | None) -> Picture:
    if mask is not None:
        # What is transparent in a mask is not the object: hence black below it.
        return Picture(from_pillow(decode_opaque(path)), from_pillow(decode_opaque(mask, "#000000").convert("L")))
    colours, alpha = decode_straight(path)
    if alpha is None:
        raise _no_mask(f"Put {path.stem}_mask.png beside it, or masks/{path.stem}.png, or use alpha.")
    return Picture(*_behind(from_pillow(colours), from_pillow(alpha)))


def _behind(rgb: Tensor, alpha: Tensor) -> tuple[Tensor, Tensor]:
    """Raises `TroupeError` for a cut-out saved alone: what was behind and around it is needed as well."""
    around = rgb[alpha <= 0]
    if len(around) and float((around.amax(0) - around.amin(0)).max()) <= ONE_COLOUR:
        raise TroupeError(
            "There is no scene around the object",
            item="it is cut out already",
            remedy="Use the whole picture, and a mask of the object.",
        )
    return rgb, alpha


def _no_mask(remedy: str) -> TroupeError:
    return TroupeError("The picture has no mask", remedy=remedy)


def _digest(picture: Tensor, mask: Tensor | None) -> str:
    digest = hashlib.sha256()
    for pixels in (picture, mask):
        if pixels is not None:
            digest.update(str((tuple(pixels.shape), pixels.dtype)).encode())
            digest.update(pixels.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
        digest.update(b";")
    return digest.hexdigest()


def _file_digests(path: Path, mask: Path | None) -> str:
    try:
        return ";".join(file_digest(file) if file else "" for file in (path, mask))
    except OSError as error:
        raise TroupeError("The file cannot be read", item=path.name, remedy=f"{error.strerror or error}.") from error
