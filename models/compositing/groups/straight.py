"""A picture file's head without its pixels, and its pixels with straight colours: not laid over any background."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from ...errors import BadPicture
from ...geometry import Size
from ...picturefiles import FORMATS, MAX_PIXELS, ORIENTATION, WHITE, Decoded, decode, displayed_size


class Head(NamedTuple):
    """`size`: as displayed. `has_alpha`: the file can say where it is transparent."""

    size: Size
    has_alpha: bool


def head_of(path: Path) -> Head:
    """What the first bytes tell. Raises `BadPicture`; damage further on is found only by decoding."""
    with _opened(path) as image:
        return Head(displayed_size(image), _has_alpha(image))


def decode_opaque(path: Path, below: str = WHITE) -> Image.Image:
    """`picturefiles.decode` over the colour `below`, in the formats of sample sets only. Raises `BadPicture`."""
    with _opened(path):
        return decode(path, below).image


def decode_straight(path: Path) -> Decoded:
    """Upright, sRGB, 8 bits; where alpha is below 1 the colours are the file's own. `alpha`: None without a channel.

    Raises `BadPicture` with the reason.
    """
    with _opened(path) as image:
        if not _has_alpha(image):
            return decode(path)
        image.load()
        whole, tags = image.convert("RGBA"), Image.Exif()
        tags[ORIENTATION] = image.getexif().get(ORIENTATION, 1)
        # `decode` lays colours over a background as soon as there is alpha, so it sees the two apart.
        rgb = _decode_again(whole.convert("RGB"), exif=tags, icc_profile=image.info.get("icc_profile"))
        return Decoded(rgb, _decode_again(whole.getchannel("A"), exif=tags).convert("L"))


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadPicture(f"{image.width}x{image.height} pixels are more than {MAX_PIXELS // 10**6} megapixels")
            yield image
    except BadPicture:
        raise
    except FileNotFoundError:
        raise BadPicture("the file is missing") from None
    except UnidentifiedImageError as error:
        raise BadPicture("not a picture, or a format that is not supported here") from error
    except Image.DecompressionBombError as error:
        raise BadPicture("too large to decode safely") from error
    except Exception as error:  # a decoder may raise anything on hostile bytes; the answer is always the same
        raise BadPicture(f"damaged or incomplete file ({error.__class__.__name__})") from error


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _decode_again(image: Image.Image, **tags: object) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=0, **tags)
    file.seek(0)
    return decode(file).image
