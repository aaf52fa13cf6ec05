"""One pass over a picture file: its hash, its size, whether it is transparent, or the reason why it is of no use."""

from __future__ import annotations

import hashlib
import io
import os
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from ..errors import BadPicture
from ..geometry import Size
from ..picturefiles import FORMATS, WHITE, decode, displayed_size

# The largest picture that is decoded, 200 MP, has 0.8 GB as RGBA without any compression.
LARGEST_FILE = 1 << 30


class Pixels(NamedTuple):
    """`digest`: SHA-256 of the file. `size`: as displayed. `has_alpha`: some pixel is not opaque."""

    digest: str
    size: Size
    has_alpha: bool


def examine(path: str, background: str = WHITE) -> Pixels:
    """Hash and decode from one reading of the file. Raises `BadPicture` with the reason for a bad one."""
    data = _bytes(path)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            size = displayed_size(image)
        # JPEG at 1/8 scale: the whole bitstream is read, which is what finds damage, in half the time.
        alpha = decode(io.BytesIO(data), background, at_least=1).alpha
    except UnidentifiedImageError as error:
        raise BadPicture("not a picture, or a format that is not supported here") from error
    except Image.DecompressionBombError as error:
        raise BadPicture("too large to decode safely") from error
    except BadPicture:
        raise
    except Exception as error:  # a decoder may raise anything on hostile bytes; the answer is always the same
        raise BadPicture(f"damaged or incomplete file ({error.__class__.__name__})") from error
    if alpha is not None and alpha.getextrema()[1] == 0:
        raise BadPicture("the picture is transparent all over")
    return Pixels(hashlib.sha256(data).hexdigest(), size, alpha is not None)


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                raise BadPicture(f"the file is larger than {LARGEST_FILE >> 30} GB")
            data = file.read()
    except FileNotFoundError:
        raise BadPicture("the file vanished while the folder was read") from None
    except PermissionError:
        raise BadPicture("no permission to read the file") from None
    except OSError as error:
        raise BadPicture(f"the file cannot be read ({error.strerror or error})") from error
    if not data:
        raise BadPicture("the file is empty (0 bytes)")
    return data
