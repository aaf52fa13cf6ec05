"""One planned picture as its file and its mask's."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from ..errors import BadPicture
from ..geometry import Size
from ..picturefiles import Decoded, decode, encode, file_digest
from ..samples.sample import Sample, read_mask
from ..samples.trainingmask import training_mask
from .bareness import bare_pixels
from .buckets import Fit
from .controlling import control_picture
from .entry import Made
from .planned import PlannedPicture
from .settings import WriteSettings

# How much larger than needed a picture is decoded (JPEG, by its DCT scaling) or averaged (all others) before LANCZOS.
# Measured on 14 photographs against LANCZOS from every pixel: 46 to 58 dB, which is below what JPEG 95 changes, and
# 1.3 to 6 times as fast where a picture shrinks to a quarter and less. With 1 it is down to 33 dB.
HEADROOM = 2


def render(picture: PlannedPicture, settings: WriteSettings, folder: Path) -> Made:
    """Decode, cut, scale and encode into the picture's files below `folder`; a file that would come out with the same
    pixels is copied.

    Raises `BadPicture`, with nothing written, for a file that cannot be read, is not the one that was planned for, or
    cannot be encoded in the wanted format; OSError for a disk that is full and for a file that is there already.
    """
    sample, fit = picture.sample, picture.fit
    data = _bytes_of(sample)
    decoded = decode(io.BytesIO(data), sample.image.background, at_least=_needed(sample, fit))
    _refuse_other(decoded, sample)
    as_it_is = decoded.image.size == fit.resized == fit.size
    copied = as_it_is and bare_pixels(data) == settings.suffix
    steps = ("copied",) if copied else tuple(_transformations(sample, fit, decoded, settings))
    mask = _mask(picture, decoded, settings.mask_dilate) if picture.files.mask else None
    image = decoded.image if copied else _cut(decoded.image, fit, Image.Resampling.LANCZOS)
    control = control_picture(picture, image, settings) if picture.control else None
    written = _written(folder / picture.files.picture, data if copied else image)
    masked = _written(folder / picture.files.mask, mask) if mask else ""
    paired = _written(folder / picture.files.control, control) if control else ""
    return Made(written, masked, hashlib.sha256(data).hexdigest(), steps, paired)


def _bytes_of(sample: Sample) -> bytes:
    try:
        data = Path(sample.image.path).read_bytes()
    except OSError as error:
        raise BadPicture(f"the file cannot be opened ({error.strerror or error.__class__.__name__})") from error
    if not data:
        raise BadPicture("the file is empty (0 bytes)")
    return data


def _needed(sample: Sample, fit: Fit) -> int | None:
    """The short side to decode at, or None for all pixels."""
    short = fit.resized.short * HEADROOM
    return short if short < sample.image.size.short else None


def _refuse_other(decoded: Decoded, sample: Sample) -> None:
    """The plan was made for a picture of another shape: its cut would be anywhere."""
    width, height = decoded.image.size
    planned = sample.image.size
    scale = planned.width / width
    if abs(height * scale - planned.height) > scale + 1:
        raise BadPicture(f"the picture is not {planned.width}x{planned.height} any more: load the sample set again")


def _cut(image: Image.Image, fit: Fit, filter: Image.Resampling) -> Image.Image:
    """The part that is kept, at its size, resampled from the picture's own pixels in one go."""
    box = fit.crop_in(Size(*image.size))
    if image.size == fit.resized:
        return image if fit.resized == fit.size else image.crop(fit.crop)
    return image.resize(fit.size, filter, box, reducing_gap=HEADROOM)


def _mask(picture: PlannedPicture, decoded: Decoded, dilate: int) -> Image.Image:
    """White where the trainer learns; all white for a picture without a mask among masked ones."""
    sample = picture.sample
    own = sample.mask is not None and (sample.mask.path, sample.mask.channel) == (sample.image.path, "alpha")
    mask = decoded.alpha if own else read_mask(sample, Size(*decoded.image.size))
    if mask is None:
        return Image.new("L", picture.fit.size, 255)
    # LANCZOS would draw rims of grey around hard edges.
    return training_mask(_cut(mask, picture.fit, Image.Resampling.BILINEAR), dilate)


def _written(path: Path, image: Image.Image | bytes) -> str:
    """The SHA-256 of the new file. Into a real file, because Pillow encodes JPEG into anything else under Python's
    lock, one picture at a time on any number of cores."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x+b") as file:
            file.write(image) if isinstance(image, bytes) else encode(image, file, path.suffix)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None):
            raise  # the disk's trouble, not the picture's
        path.unlink()
        size = f"{image.width}x{image.height}"
        raise BadPicture(f"{size} pixels cannot be written as {path.suffix[1:]} ({error})") from error
    return file_digest(path)


def _transformations(sample: Sample, fit: Fit, decoded: Decoded, settings: WriteSettings) -> Iterator[str]:
    if decoded.alpha is not None:
        yield f"laid over {sample.image.background}"
    if fit.resized != sample.image.size:
        yield "scaled from {}x{} to {}x{}".format(*sample.image.size, *fit.resized)
    if fit.size != fit.resized:
        yield "cut to {}x{} at {},{}".format(*fit.size, *fit.crop[:2])
    yield f"written as {settings.picture_format}"
