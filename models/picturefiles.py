"""Picture files read as a person sees them: upright, in sRGB, 8 bits, alpha told apart; written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from PIL import Image, ImageColor, ImageOps, UnidentifiedImageError

from .errors import BadDisk, BadPicture, TroupeError
from .geometry import Size

# Pillow warns above 89 MP; 200 MP decodes to 0.6 GB, the most a 24 GB machine can hold once per core.
MAX_PIXELS = 200_000_000
# Formats by content, whatever the suffix says. Others that Pillow knows call programs (EPS) or are no pictures.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "AVIF")
WHITE = "#ffffff"
ROOM = "Free disk space or choose another folder."
ORIENTATION = 0x0112  # EXIF
JPEG_END = b"\xff\xd9"  # the marker EOI, ITU-T T.81 B.1.1.3
WRITING = ".writing-"  # what a file is called before it is whole
PROBE = 1 << 16  # bytes that a disk with room takes
DAY = 86_400  # seconds; nobody writes at one file for so long


class Decoded(NamedTuple):
    """`image` is RGB with alpha resolved over the background colour; `alpha` is `L`, None where opaque."""

    image: Image.Image
    alpha: Image.Image | None


def file_digest(path: str | os.PathLike) -> str:
    """SHA-256 of the file's bytes, as hex."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def parse_colour(text: str) -> tuple[int, int, int]:
    """A CSS colour name or `#rrggbb` as 8-bit RGB."""
    try:
        return ImageColor.getrgb(text.strip())[:3]
    except ValueError:
        raise TroupeError(
            "Not a colour", item=repr(text), remedy='Write a name like "white" or a code like "#f0f0f0".'
        ) from None


def decode(source: str | os.PathLike | IO[bytes], background: str = WHITE, at_least: int | None = None) -> Decoded:
    """Read a picture file upright, in sRGB, with alpha laid over `background`; the first frame of several.

    `at_least`: the short side that is needed, in pixels; JPEG is then decoded at a coarser scale that
    still has it (libjpeg's DCT scaling), which is up to eight times faster.
    Raises `BadPicture` with the reason for a file that is empty, no picture, damaged or too large.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            _refuse_giant(image)
            if at_least and image.format == "JPEG":
                factor = at_least / min(image.size)
                image.draft(None, (round(image.width * factor), round(image.height * factor)))
            image.load()
            return _resolve(image, background)
    except TroupeError:
        raise
    except Image.DecompressionBombError as error:
        raise BadPicture("too large to decode safely") from error
    except Exception as error:  # a decoder may raise anything on hostile bytes; the answer is always the same
        raise BadPicture(_reason(source, error)) from error


def displayed_size(image: Image.Image) -> Size:
    """Width and height after EXIF orientation, without decoding."""
    turned = image.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    return Size(image.height, image.width) if turned else Size(*image.size)


def _refuse_giant(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise BadPicture(f"{image.width}x{image.height} pixels are more than the limit of {limit} megapixels")


def _resolve(image: Image.Image, background: str) -> Decoded:
    profile = image.info.get("icc_profile")
    if image.getexif().get(ORIENTATION, 1) != 1:  # Pillow copies a picture that stands upright, too
        image = ImageOps.exif_transpose(image)
    image = _to_eight_bits(image)
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if not has_alpha:
        return Decoded(_to_srgb(image, profile), None)
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    colours = _to_srgb(image.convert("RGB"), profile)
    if alpha.getextrema() == (255, 255):
        return Decoded(colours, None)
    canvas = Image.new("RGB", image.size, parse_colour(background))
    canvas.paste(colours, mask=alpha)
    return Decoded(canvas, alpha)


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Pillow's own conversion of 16-bit grey clips everything above 255 to white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        import numpy as np

        values = np.asarray(image).astype(np.float32)
        top = 65535.0 if image.mode.startswith("I") else max(1.0, float(values.max(initial=0)))
        return Image.fromarray((values / top * 255).clip(0, 255).round().astype(np.uint8))
    return image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply an embedded colour profile; a broken one counts as absent, as in every viewer."""
    if profile:
        from PIL import ImageCms

        try:
            wanted = image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB")
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                target = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(wanted, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _reason(source: object, error: Exception) -> str:
    if isinstance(source, str | os.PathLike):
        try:
            if os.path.getsize(source) == 0:
                return "the file is empty (0 bytes)"
        except OSError:
            return f"the file cannot be opened ({error.__class__.__name__})"
    if isinstance(error, PermissionError):
        return "no permission to read the file"
    if isinstance(error, UnidentifiedImageError):
        return "not a picture, or a format that is not supported here"
    # Pillow puts the object's address or the whole path into some messages; neither helps an artist.
    text = re.sub(r"<.*?>|'[^']*[\\/][^']*'", "", str(error)).strip() or error.__class__.__name__
    return f"damaged or incomplete file ({text})"


def write_atomically(target: Path, write: Callable[[IO[bytes]], None]) -> None:
    """`write` fills a temporary file beside `target`, which then takes its name: whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=WRITING, dir=target.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
        os.chmod(temporary, 0o666 & ~umask())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_whole(target: Path, write: Callable[[IO[bytes]], None], what: str, remedy: str = ROOM) -> None:
    """`write_atomically`, and first away with what killed runs left half-written in the folder: for folders of few
    files. Raises `BadDisk`, which says that `what` cannot be written, where the disk refuses it."""
    try:
        for path in target.parent.glob(f"{WRITING}*"):
            with suppress(OSError):  # somebody else was quicker
                if age_of(path) > DAY:
                    path.unlink()
        write_atomically(target, write)
    except OSError as error:
        why = error.strerror or error
        raise BadDisk(f"{what} cannot be written", item=str(target), remedy=f"{why}. {remedy}") from error


def age_of(path: Path) -> float:
    """Seconds since it was last changed. A clock that was put back makes files of the future: they are as old as they
    lie ahead, or they would stay until it has caught up."""
    return abs(time.time() - path.stat().st_mtime)


def write_png(image: Image.Image, file: IO[bytes]) -> None:
    encode(image, file, ".png")


_asking = threading.Lock()


def umask() -> int:
    """mkstemp and mkdtemp are private; a data set is for sharing as any other file of its owner."""
    with _asking:  # asking means changing, for a moment
        mask = os.umask(0)
        os.umask(mask)
    return mask


def encode(image: Image.Image, file: IO[bytes], suffix: str) -> None:
    """Write as `.png` (level 1: a third of the time, a tenth more bytes), `.jpg` (95, 4:4:4) or `.webp` (95), into a
    file that can be read, too.

    Pixels alone: what the source said beside them (place, camera, comments) would tell of its maker.
    """
    if image.info:  # Pillow hands some of it on
        image = image.copy()
        image.info = {}
    if suffix == ".png":
        image.save(file, "PNG", compress_level=1)
    elif suffix == ".jpg":
        _save_jpeg(image, file)
    elif suffix == ".webp":
        image.save(file, "WEBP", quality=95, method=2)
    else:
        raise TroupeError("Unknown picture format", item=suffix, remedy="Choose .png, .jpg or .webp.")


def _save_jpeg(image: Image.Image, file: IO[bytes]) -> None:
    """Pillow hands JPEG to the system itself: what the disk refuses is an "encoder error" to it, and of a disk that
    took only a part it does not hear."""
    try:
        image.save(file, "JPEG", quality=95, subsampling=0)
    except OSError:
        file.write(bytes(PROBE))
        file.flush()  # a full disk says so here
        raise
    file.seek(-len(JPEG_END), os.SEEK_END)
    if file.read() != JPEG_END:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
