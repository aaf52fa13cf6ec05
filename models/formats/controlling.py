"""The original of a pair, cut and scaled so that every pixel of it lies under the same pixel of its redrawn picture."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from PIL import Image

from ..errors import BadPicture
from ..geometry import Size
from ..picturefiles import decode
from ..pixels import from_pillow
from ..registration.gate import GateSettings, moved_by, slid
from ..registration.register import register
from .bareness import bare_pixels
from .pairing import Part, inside
from .planned import PlannedPicture
from .settings import WriteSettings

# The filter of the redrawn pictures, so that both halves of a pair are equally sharp.
FILTER = Image.Resampling.LANCZOS


def control_picture(picture: PlannedPicture, redrawn: Image.Image, settings: WriteSettings) -> Image.Image | bytes:
    """RGB of `redrawn`'s size, or the original's own bytes where they are that already.

    redrawn: the other half, as it is written. Raises `BadPicture` for an original that cannot be read, is not the one
    that was drawn from, or does not lie under its redrawn picture.
    """
    original = picture.control.original
    data = _bytes_of(original.image.path, original.image.digest)
    whole = _decoded(data, original.image.background)
    width, height = picture.sample.image.size
    cut = picture.fit.crop_in(Size(width, height))
    shown = inside(picture.control.part, (cut[0] / width, cut[1] / height, cut[2] / width, cut[3] / height))
    box = _in_pixels(shown, whole.size)
    as_it_is = redrawn.size == whole.size and box == (0, 0, *whole.size)
    control = whole if as_it_is else whole.resize(redrawn.size, FILTER, box)
    if settings.minimum_structure:
        _require_in_place(control, redrawn, settings.minimum_structure)
    return data if as_it_is and bare_pixels(data) == settings.suffix else control


def _require_in_place(control: Image.Image, redrawn: Image.Image, minimum: float) -> None:
    gate = GateSettings(minimum=minimum)
    before, after = from_pillow(control), from_pillow(redrawn)
    found = register(before, after)
    if not found.comparable:
        return
    if found.inliers < minimum:
        share = f"{found.inliers:.0%} of it lies where it does in its original, {minimum:.0%} are wanted"
        raise BadPicture(f"no pair: {share}")
    if found.inliers >= gate.sure and slid(found, before, gate):
        raise BadPicture(f"no pair: it moved against its original ({moved_by(found)}); Check Structure puts it back")


def _bytes_of(path: str, digest: str) -> bytes:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or error.__class__.__name__
        raise BadPicture(f"no pair: its original cannot be opened ({reason})") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise BadPicture("no pair: its original is another picture by now; load the sample set again")
    return data


def _decoded(data: bytes, background: str) -> Image.Image:
    try:
        return decode(io.BytesIO(data), background).image
    except BadPicture as error:
        raise BadPicture(f"no pair: its original cannot be read: {error.what}") from error


def _in_pixels(part: Part, size: tuple[int, int]) -> tuple[float, ...]:
    """Shares give borders that are a hair off whole pixels, or outside; a thousandth of a pixel is not seen."""
    edges = (round(share * side, 3) for share, side in zip(part, (*size, *size), strict=True))
    return tuple(min(max(0.0, edge), float(side)) for edge, side in zip(edges, (*size, *size), strict=True))
