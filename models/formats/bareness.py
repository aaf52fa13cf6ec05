"""Whether a file holds a picture's pixels and nothing else, so that it may be copied as it is."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from PIL import Image

# What a JPEG may say beside its pixels and still be copied.
JPEG_WORDS = frozenset(("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression"))


def bare_pixels(data: bytes) -> str:
    """The suffix of a PNG or JPEG file with 8-bit RGB pixels and nothing else: no EXIF, profile, alpha or text.

    Such a file shows the same in every program and tells nothing about its maker; "" for all others.
    """
    if data.startswith(b"\x89PNG"):
        # IHDR ends with bit depth, colour type (2 = RGB), ...
        return ".png" if data[24:26] == b"\x08\x02" and set(_chunks(data)) == {b"IHDR", b"IDAT", b"IEND"} else ""
    if data.startswith(b"\xff\xd8"):
        with Image.open(io.BytesIO(data)) as image:
            bare = image.mode == "RGB" and JPEG_WORDS.issuperset(image.info)
            return ".jpg" if bare and {name for name, _ in image.applist} <= {"APP0"} else ""
    return ""


def _chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind
        at += length + 12
